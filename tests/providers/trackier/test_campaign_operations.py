"""Campaigns made and changed: what is sent, what is looked up, and what is read again."""

import json
from decimal import Decimal
from typing import Any

import httpx
import pytest

from providers.errors import AccessDenied, CredentialsRejected, OutcomeUnknown, ProviderError, Refused
from providers.operations import Verb
from providers.sandbox import Sandbox
from providers.sandbox.trackier.objects import Affiliate, Campaign
from providers.trackier.client import Trackier
from tests.providers.trackier.campaigning import NEW, URL, again, bodies
from tests.providers.trackier.conftest import Build


@pytest.fixture
def campaign(sandbox: Sandbox) -> Campaign:
    return list(sandbox.trackier.network.campaigns.values())[2]


@pytest.fixture
def partner(sandbox: Sandbox) -> Affiliate:
    return list(sandbox.trackier.network.affiliates.values())[5]


def test_a_campaign_is_made_in_the_name_of_the_only_advertiser(trackier: Trackier, sandbox: Sandbox) -> None:
    done = trackier.perform(Verb.CREATE_CAMPAIGN, values=NEW | {"currency": "eur"})
    made = sandbox.trackier.network.campaigns[done.external_id]
    assert (made.title, made.url, made.status, made.visibility) == ("Harbour Half", URL, "pending", "public")
    assert bodies(sandbox)[0]["advertiser_id"] == next(iter(sandbox.trackier.network.advertisers))
    record = again(trackier, done)
    assert (record.external_id, record.name, record.active) == (made.id, "Harbour Half", False)
    assert (record.payout, record.revenue) == (Decimal("2.5"), Decimal(3))


def test_of_several_advertisers_one_has_to_be_named(trackier: Trackier, build: Build, sandbox: Sandbox) -> None:
    payers = sandbox.trackier.network.advertisers
    payers["b" * 24] = Affiliate(id="b" * 24, number=2, name="Rival", email="x@y.example", created=sandbox.clock())
    with pytest.raises(Refused, match=r"Rival \(b{24}\)") as caught:
        trackier.perform(Verb.CREATE_CAMPAIGN, values=NEW)
    assert set(caught.value.field_errors) == {"advertiser"}
    build(settings={"advertiser_id": "2"}).perform(Verb.CREATE_CAMPAIGN, values=NEW)
    assert bodies(sandbox)[0]["advertiser_id"] == "2"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"url": "https://race.example/enter"}, "url"),
        ({"payout": "3", "revenue": "2.5"}, "payout"),
        ({"payout": ""}, "payout"),
        ({"currency": "pounds"}, "currency"),
        ({"model": "cpx"}, "model"),
    ],
)
def test_what_would_lose_entries_or_money_is_refused_before_any_call(
    trackier: Trackier, sandbox: Sandbox, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as caught:
        trackier.perform(Verb.CREATE_CAMPAIGN, values=NEW | values)
    assert set(caught.value.field_errors) == {field}
    assert not sandbox.calls("trackier", "POST")
    assert trackier.perform(Verb.CREATE_CAMPAIGN, values=NEW | {"payout": 4, "dearer": True}).external_id


def test_a_lost_answer_to_a_new_campaign_is_looked_up_in_both_lists(trackier: Trackier, sandbox: Sandbox) -> None:
    sandbox.faults.add("trackier:drop_after_write,method=POST")
    done = trackier.perform(Verb.CREATE_CAMPAIGN, values=NEW)
    assert sandbox.trackier.network.campaigns[done.external_id].title == "Harbour Half"
    assert len(sandbox.calls("trackier", "POST")) == 1
    sandbox.faults.add("trackier:drop_before_write,method=POST")
    with pytest.raises(OutcomeUnknown):
        trackier.perform(Verb.CREATE_CAMPAIGN, values=NEW | {"name": "Another"})


def test_an_edit_makes_one_call_for_each_group(trackier: Trackier, sandbox: Sandbox, campaign: Campaign) -> None:
    values = {"name": "New name", "url": URL, "description": "", "visibility": "private"}
    done = trackier.perform(Verb.EDIT_CAMPAIGN, subject=campaign.id, values=values)
    assert bodies(sandbox) == [
        {"action": "basic_info", "title": "New name", "url": URL},
        {"action": "targeting", "visibility": "private"},
    ]
    assert again(trackier, done).name == "New name"


@pytest.mark.parametrize(("status", "met"), [(422, Refused), (403, AccessDenied), (401, CredentialsRejected)])
def test_an_edit_of_which_the_second_group_fails_says_that_the_first_is_done(
    trackier: Trackier, sandbox: Sandbox, campaign: Campaign, status: int, met: type[ProviderError]
) -> None:
    values = {"name": "New name", "description": "Flat", "visibility": "private"}
    sandbox.faults.add(f"trackier:status={status},method=POST,skip=1,times=1")
    if met is CredentialsRejected:
        sandbox.faults.add(f"trackier:status={status},method=GET,skip=1,times=forever")
    with pytest.raises(OutcomeUnknown, match=r"has taken Name, Description\. Who may promote it: ") as caught:
        trackier.perform(Verb.EDIT_CAMPAIGN, subject=campaign.id, values=values)
    assert isinstance(caught.value.met, met)
    assert campaign.title == "New name"


def test_an_edit_of_which_the_first_group_is_refused_is_refused(
    trackier: Trackier, sandbox: Sandbox, campaign: Campaign
) -> None:
    sandbox.faults.add("trackier:status=422,method=POST,times=1")
    with pytest.raises(Refused):
        trackier.perform(Verb.EDIT_CAMPAIGN, subject=campaign.id, values={"name": "N", "visibility": "private"})
    assert len(bodies(sandbox)) == 1


@pytest.mark.parametrize("verb", [Verb.PAUSE_CAMPAIGN, Verb.RESUME_CAMPAIGN])
def test_a_campaign_comes_back_as_trackier_lists_it_afterwards(
    trackier: Trackier, v2: Trackier, campaign: Campaign, verb: Verb
) -> None:
    for provider, name in ((trackier, campaign.id), (v2, str(campaign.number))):
        record = again(provider, provider.perform(verb, subject=name, values={}))
        assert record.external_id == name
        assert record.active is (verb is Verb.RESUME_CAMPAIGN)
        assert (record.payout, record.name) == (campaign.payout, campaign.title)


def test_a_campaign_that_does_not_obey_is_told_of(build: Build, sandbox: Sandbox, campaign: Campaign) -> None:
    """The write is answered well, and changes nothing."""
    sandbox.trackier.switch({"page_limit": 500})
    inner = sandbox.transport()

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(200, json={"success": True, "data": {}})
        return inner.handle_request(request)

    campaign.status = "active"
    done = build(httpx.MockTransport(answer)).perform(Verb.PAUSE_CAMPAIGN, subject=campaign.id, values={})
    assert "still does not list the campaign as paused" in dict(done.facts)["Warning"]


def test_a_failure_to_read_again_is_no_failure_of_the_change(
    trackier: Trackier, sandbox: Sandbox, campaign: Campaign
) -> None:
    sandbox.trackier.switch({"denied": "/campaign$"})
    done = trackier.perform(Verb.PAUSE_CAMPAIGN, subject=campaign.id, values={})
    assert (campaign.status, done.refreshed) == ("paused", ())


def test_a_domain_that_is_not_the_networks_is_refused_with_those_that_are(
    trackier: Trackier, sandbox: Sandbox, campaign: Campaign, partner: Affiliate
) -> None:
    values = {"partner": partner.id, "domain": "elsewhere.example"}
    with pytest.raises(Refused, match=r"go\.fellgate\.example"):
        trackier.perform(Verb.ENSURE_LINK, subject=campaign.id, values=values)
    sandbox.trackier.switch({"denied": "/campaign/domains"})
    assert trackier.perform(Verb.ENSURE_LINK, subject=campaign.id, values=values).facts


def test_v2_makes_and_changes_a_campaign_in_its_own_words(build: Build, sandbox: Sandbox) -> None:
    provider = build(settings={"version": "v2", "advertiser_id": "1"})
    sandbox.faults.add("trackier:drop_after_write,method=POST")
    done = provider.perform(Verb.CREATE_CAMPAIGN, values=NEW | {"currency": "gbp"})
    assert bodies(sandbox)[0] == {
        "title": "Harbour Half", "url": URL, "status": "pending", "advertiserId": 1, "currency": "GBP", "device": "all",
        "convTracking": "postback", "payouts": [{"currency": "GBP", "geo": ["ALL"], "payout": 2.5, "revenue": 3}],
    }  # fmt: skip
    record = again(provider, done)
    assert (record.name, record.active, record.payout) == ("Harbour Half", False, Decimal("2.5"))
    edited = provider.perform(Verb.EDIT_CAMPAIGN, subject=done.external_id, values={"name": "Other", "url": URL})
    assert bodies(sandbox)[-1] == {"title": "Other", "url": URL}
    assert again(provider, edited).name == "Other"


@pytest.mark.parametrize(("values", "field"), [({"currency": ""}, "currency"), ({"advertiser": ""}, "advertiser")])
def test_v2_needs_a_currency_and_a_short_advertiser_id(v2: Trackier, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as caught:
        v2.perform(Verb.CREATE_CAMPAIGN, values=NEW | {"currency": "GBP", "advertiser": "1"} | values)
    assert set(caught.value.field_errors) == {field}


def test_a_connection_offers_what_its_version_can(v2: Trackier, trackier: Trackier) -> None:
    offered = Trackier.operations_at({"version": "v2"})
    assert set(offered) == {
        Verb.CREATE_PARTNER, Verb.ENSURE_LINK, Verb.CREATE_CAMPAIGN, Verb.EDIT_CAMPAIGN,
        Verb.PAUSE_CAMPAIGN, Verb.RESUME_CAMPAIGN,
    }  # fmt: skip
    assert [each.name for each in offered[Verb.EDIT_CAMPAIGN].fields] == ["name", "url", "description"]
    paths = {"version": "v2", "endpoint_overrides": "edit_partner=/publishers/{id}"}
    assert Verb.EDIT_PARTNER in Trackier.operations_at(paths)
    assert Trackier.operations_at({}) == Trackier.operations_at({"version": "v1"}) == Trackier.operations


def test_an_edited_account_is_read_again(trackier: Trackier, sandbox: Sandbox, partner: Affiliate) -> None:
    sandbox.faults.add("trackier:drop_after_write,method=POST")
    values = {"name": "Renamed", "email": partner.email, "zone": "Europe/London"}
    done = trackier.perform(Verb.EDIT_PARTNER, subject=partner.id, values=values)
    told = json.loads(done.payload)
    assert (told["name"], told["region"]["zone"], "password" in told) == ("Renamed", "Europe/London", False)


def test_a_field_that_the_network_requires_is_named_before_anything_is_sent(
    trackier: Trackier, sandbox: Sandbox
) -> None:
    sandbox.trackier.switch({"required_field": True})
    values = {"name": "Club", "email": "club@mail.example"}
    with pytest.raises(Refused, match="club_website = … ") as caught:
        trackier.perform(Verb.CREATE_PARTNER, values=values)
    assert set(caught.value.field_errors) == {"custom_fields"}
    assert not sandbox.calls("trackier", "POST")
    trackier.perform(Verb.CREATE_PARTNER, values=values | {"custom_fields": "club_website = club.example"})


def test_a_referral_is_ended_and_can_be_made_anew(trackier: Trackier, sandbox: Sandbox, partner: Affiliate) -> None:
    first = trackier.perform(Verb.CREATE_REFERRAL, subject=partner.id, values={"rate": "5"}).external_id
    sandbox.faults.add("trackier:drop_after_write,method=PATCH")
    done = trackier.perform(Verb.END_REFERRAL, subject=partner.id, values={})
    assert sandbox.trackier.network.referrals[first]["live"] is False
    assert dict(done.facts)["Note"] == "0 recruited over it."
    assert "no live" in dict(trackier.perform(Verb.END_REFERRAL, subject=partner.id, values={}).facts)["Note"]
    assert trackier.perform(Verb.CREATE_REFERRAL, subject=partner.id, values={"rate": "5"}).external_id != first


@pytest.mark.parametrize(
    ("verb", "values"),
    [
        (Verb.CREATE_CAMPAIGN, NEW),
        (Verb.CREATE_PARTNER, {"name": "Club", "email": "club@mail.example"}),
        (Verb.ADD_GOAL, {"name": "Shirt", "value": "shirt", "payout": "1", "revenue": "2"}),
        (Verb.SET_CAP, {"type": "click", "daily": "3"}),
        (Verb.SET_RATES, {"payout": "1", "revenue": "2"}),
    ],
)
def test_a_look_that_fails_leaves_a_lost_answer_unknown(
    build: Build, sandbox: Sandbox, campaign: Campaign, verb: Verb, values: dict[str, Any]
) -> None:
    """It would else be told that nothing was done, and that it is tried again by itself."""
    inner = sandbox.transport()
    lost: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if lost and request.method == "GET":
            raise httpx.ConnectError("down", request=request)
        if request.method == "POST":
            lost.append(request)
            raise httpx.ReadError("cut", request=request)
        return inner.handle_request(request)

    with pytest.raises(OutcomeUnknown):
        build(httpx.MockTransport(answer)).perform(verb, subject=campaign.id, values=values)


def test_a_repeated_edit_that_cannot_be_sent_stays_unknown(build: Build, sandbox: Sandbox, campaign: Campaign) -> None:
    inner = sandbox.transport()
    failures = [httpx.ReadError("cut"), httpx.ConnectError("down")]

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            raise failures.pop(0)
        return inner.handle_request(request)

    with pytest.raises(OutcomeUnknown):
        build(httpx.MockTransport(answer)).perform(Verb.PAUSE_CAMPAIGN, subject=campaign.id, values={})


def test_a_partner_that_was_switched_off_is_said_to_be(trackier: Trackier, partner: Affiliate) -> None:
    values = {"name": "Club", "email": partner.email, "live": False}
    done = trackier.perform(Verb.EDIT_PARTNER, subject=partner.id, values=values)
    assert dict(done.facts) == {"account": "disabled"}
