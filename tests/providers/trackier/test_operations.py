"""What is done at Trackier, and what is looked up before it would be done twice."""

import json
from typing import Any

import httpx
import pytest

from providers.errors import AlreadyThere, NotFound, OutcomeUnknown, Refused, Unsupported
from providers.operations import Verb
from providers.sandbox import Sandbox
from providers.sandbox.trackier.objects import Affiliate, Campaign
from providers.trackier.client import Trackier
from providers.trackier.operations import OPERATIONS
from tests.providers.trackier.conftest import Build, account

NEW = {"name": "Harbour Club", "email": "Harbour@mail.example", "country": "GB", "phone": "07700 900123"}


@pytest.fixture
def campaign(sandbox: Sandbox) -> Campaign:
    return next(iter(sandbox.trackier.network.campaigns.values()))


@pytest.fixture
def partner(sandbox: Sandbox) -> Affiliate:
    return list(sandbox.trackier.network.affiliates.values())[5]


def sent(sandbox: Sandbox, index: int = -1) -> Any:
    writes = [call for call in sandbox.calls("trackier") if call.method != "GET"]
    return json.loads(writes[index].body)


def test_a_partner_is_created_with_a_password_nobody_knows(trackier: Trackier, sandbox: Sandbox) -> None:
    done = trackier.perform(Verb.CREATE_PARTNER, values=NEW)
    made = sandbox.trackier.network.affiliates[done.external_id]
    assert (made.name, made.email, made.country) == ("Harbour Club", "Harbour@mail.example", "GB")
    assert dict(done.facts) == {"account": "not enabled yet"}
    password = sent(sandbox)["password"]
    assert len(password) >= 24
    assert password not in repr(done)
    trackier.perform(Verb.CREATE_PARTNER, values=NEW | {"email": "other@mail.example"})
    assert sent(sandbox)["password"] != password


def test_an_email_that_is_taken_is_told_on_its_field(trackier: Trackier) -> None:
    trackier.perform(Verb.CREATE_PARTNER, values=NEW)
    with pytest.raises(AlreadyThere, match="already has a partner") as caught:
        trackier.perform(Verb.CREATE_PARTNER, values=NEW | {"email": "harbour@MAIL.example"})
    assert set(caught.value.field_errors) == {"email"}


@pytest.mark.parametrize("fault", ["drop_after_write", "status=500,after_write"])
def test_a_lost_answer_to_a_create_is_looked_up_by_email(trackier: Trackier, sandbox: Sandbox, fault: str) -> None:
    sandbox.faults.add(f"trackier:{fault},method=POST")
    done = trackier.perform(Verb.CREATE_PARTNER, values=NEW)
    assert sandbox.trackier.network.affiliates[done.external_id].email == NEW["email"]
    assert len([call for call in sandbox.calls("trackier", "POST") if call.path.endswith("/affiliate")]) == 1


def test_a_create_that_never_arrived_stays_unknown_and_is_not_repeated(trackier: Trackier, sandbox: Sandbox) -> None:
    sandbox.faults.add("trackier:drop_before_write,method=POST")
    with pytest.raises(OutcomeUnknown):
        trackier.perform(Verb.CREATE_PARTNER, values=NEW)
    assert len(sandbox.calls("trackier", "POST")) == 1


def test_an_edit_sends_what_is_given_and_nothing_locked(
    trackier: Trackier, sandbox: Sandbox, partner: Affiliate
) -> None:
    values = {
        "name": "Renamed", "email": partner.email, "live": "false", "zone": "", "phone": "", "bank": {"no": "1"},
        "meta_payout": {"paypal": "x"}, "password": "mine", "custom_fields": "a=b",
    }  # fmt: skip
    done = trackier.perform(Verb.EDIT_PARTNER, subject=partner.id, values=values)
    assert sent(sandbox) == {"name": "Renamed", "email": partner.email, "live": False, "phone": ""}
    assert (partner.name, partner.live, done.external_id) == ("Renamed", False, partner.id)


def test_every_locked_field_says_why() -> None:
    locked = [field for operation in OPERATIONS.values() for field in operation.fields if field.locked]
    assert {field.name for field in locked} >= {"bank", "meta_payout", "password"}
    assert all(field.locked.endswith(".") for field in locked)


@pytest.mark.parametrize(
    ("verb", "values", "field"),
    [
        (Verb.CREATE_PARTNER, NEW | {"email": ""}, "email"),
        (Verb.CREATE_PARTNER, NEW | {"country": "Britain"}, "country"),
        (Verb.CREATE_PARTNER, NEW | {"custom_fields": "no equals sign"}, "custom_fields"),
        (Verb.EDIT_PARTNER, NEW | {"currency": "XXX"}, "currency"),
        (Verb.ENSURE_LINK, {"partner": "../account"}, "partner"),
        (Verb.SET_CAP, {"type": "conversion"}, "lifetime"),
        (Verb.SET_CAP, {"type": "conversion", "daily": "-1"}, "daily"),
        (Verb.CREATE_REFERRAL, {"rate": "lots"}, "rate"),
    ],
)
def test_a_value_that_cannot_be_is_refused_before_any_call(
    trackier: Trackier, sandbox: Sandbox, verb: Verb, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as caught:
        trackier.perform(verb, subject="a" * 24, values=values)
    assert set(caught.value.field_errors) == {field}
    assert not [call for call in sandbox.calls("trackier") if call.method != "GET"]


def test_a_link_is_made_once_and_given_again_on_its_old_domain(
    trackier: Trackier, sandbox: Sandbox, campaign: Campaign, partner: Affiliate
) -> None:
    sandbox.trackier.network.links.clear()
    sandbox.trackier.network.domains += ["run.fellgate.example", "x.example"]
    values = {"partner": partner.id, "domain": "run.fellgate.example"}
    first = trackier.perform(Verb.ENSURE_LINK, subject=campaign.id, values=values)
    again = trackier.perform(
        Verb.ENSURE_LINK, subject=campaign.id, values={"partner": partner.id, "domain": "x.example"}
    )
    assert first == again
    assert dict(first.facts)["link"] == f"http://run.fellgate.example/{first.external_id}"


@pytest.mark.parametrize("status", [200, 409])
def test_a_link_counts_whatever_the_message_says(build: Build, status: int) -> None:
    told = {"message": "Lien existant", "tracking_link": "http://go.example/l", "link": {"_id": "l", "live": False}}

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json=account())
        return httpx.Response(status, json={"success": False, "data": told})

    done = build(httpx.MockTransport(answer)).perform(Verb.ENSURE_LINK, subject="1", values={"partner": "2"})
    assert dict(done.facts)["link"] == "http://go.example/l"
    assert "earns nothing" in dict(done.facts)["Note"]


def test_a_lost_answer_about_a_link_is_asked_for_again(
    trackier: Trackier, sandbox: Sandbox, campaign: Campaign, partner: Affiliate
) -> None:
    sandbox.trackier.network.links.clear()
    sandbox.faults.add("trackier:drop_after_write,method=POST")
    done = trackier.perform(Verb.ENSURE_LINK, subject=campaign.id, values={"partner": partner.id})
    assert dict(done.facts)["link"].endswith(done.external_id)
    assert len(sandbox.trackier.network.links) == 1


def test_a_link_for_a_partner_that_is_gone_says_so(trackier: Trackier, campaign: Campaign) -> None:
    with pytest.raises(NotFound, match="no longer exists"):
        trackier.perform(Verb.ENSURE_LINK, subject=campaign.id, values={"partner": "f" * 24})


def test_a_campaign_is_paused_and_resumed_with_its_consequence_told(
    trackier: Trackier, sandbox: Sandbox, campaign: Campaign
) -> None:
    trackier.perform(Verb.PAUSE_CAMPAIGN, subject=campaign.id, values={})
    assert campaign.status == "paused"
    assert sent(sandbox) == {"action": "basic_info", "status": "paused"}
    trackier.perform(Verb.RESUME_CAMPAIGN, subject=campaign.id, values={})
    assert campaign.status == "active"
    assert "earn nothing" in OPERATIONS[Verb.PAUSE_CAMPAIGN].consequence


def test_a_cap_of_the_same_kind_is_replaced_and_another_is_added(
    trackier: Trackier, sandbox: Sandbox, campaign: Campaign, partner: Affiliate
) -> None:
    campaign.caps.clear()
    values = {"type": "conversion", "monthly": "200", "pauses": "true", "scope": "group"}
    first = trackier.perform(Verb.SET_CAP, subject=campaign.id, values=values)
    assert sent(sandbox) == {
        "caps": [{"type": "conversion", "pids": ["ALL"], "monthly": 200, "pc": 1, "pub_cap_type": "group"}]
    }
    again = trackier.perform(Verb.SET_CAP, subject=campaign.id, values=values | {"monthly": "", "daily": 5})
    assert again.external_id == first.external_id
    [cap] = campaign.caps
    assert (cap["daily"], cap["monthly"], cap["pause_campaign"]) == (5, None, 1)
    trackier.perform(Verb.SET_CAP, subject=campaign.id, values=values | {"partner": partner.id})
    assert len(campaign.caps) == 2


def test_a_lost_answer_about_a_cap_is_looked_up(trackier: Trackier, sandbox: Sandbox, campaign: Campaign) -> None:
    campaign.caps.clear()
    sandbox.faults.add("trackier:drop_after_write,method=POST")
    done = trackier.perform(Verb.SET_CAP, subject=campaign.id, values={"type": "click", "lifetime": 9})
    assert [cap["id"] for cap in campaign.caps] == [done.external_id]
    sandbox.faults.add("trackier:drop_before_write,method=POST")
    with pytest.raises(OutcomeUnknown):
        trackier.perform(Verb.SET_CAP, subject=campaign.id, values={"type": "click", "lifetime": 10})


def test_a_referral_link_is_made_once(trackier: Trackier, sandbox: Sandbox, partner: Affiliate) -> None:
    sandbox.faults.add("trackier:drop_after_write,method=POST")
    values = {"rate": "7.5", "recurring": True}
    done = trackier.perform(Verb.CREATE_REFERRAL, subject=partner.id, values=values)
    assert trackier.perform(Verb.CREATE_REFERRAL, subject=partner.id, values=values) == done
    [referral] = sandbox.trackier.network.referrals.values()
    assert (referral["user_id"], referral["rate"]) == (partner.id, 7.5)
    assert dict(done.facts)["link"] == (
        f"https://fellgate.trackier.com/publisher/register.html?referral={done.external_id}"
    )


def test_what_was_not_declared_cannot_be_done(trackier: Trackier) -> None:
    assert trackier.operations is OPERATIONS
    with pytest.raises(Unsupported):
        trackier.perform(Verb.SEND_CLAIM_LINK, subject="1", values={})
