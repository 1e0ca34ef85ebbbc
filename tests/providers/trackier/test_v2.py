"""Version 2 behind the same interface."""

import json
from decimal import Decimal
from typing import Any

import httpx
import pytest

from providers.errors import AccessDenied, CredentialsRejected, Refused, UnexpectedReply, Unsupported
from providers.operations import Verb
from providers.partner_records import CampaignRecord, ConversionRecord, DayStatRecord, PartnerRecord
from providers.sandbox import Sandbox
from providers.trackier.client import Trackier
from tests.providers.trackier.conftest import Build, ids, records, walk


def test_every_listing_tells_the_same_as_in_v1_under_short_ids(v2: Trackier, sandbox: Sandbox) -> None:
    network = sandbox.trackier.network
    partners = [each for each in records(v2, walk(v2, "partners")) if isinstance(each, PartnerRecord)]
    assert {each.external_id for each in partners} == {str(each.number) for each in network.affiliates.values()}
    assert {dict(each.other_ids)["long_id"] for each in partners} == set(network.affiliates)
    campaigns = {
        each.external_id: each for each in records(v2, walk(v2, "campaigns")) if isinstance(each, CampaignRecord)
    }
    for one in network.campaigns.values():
        found = campaigns[str(one.number)]
        assert (found.payout, found.revenue, found.active) == (one.payout, one.revenue, one.status == "active")
        assert (found.currency, found.model, found.status_text) == ("GBP", "cpa", one.status)
    conversions = [each for each in records(v2, walk(v2, "conversions")) if isinstance(each, ConversionRecord)]
    assert {each.external_id for each in conversions} == set(network.conversions)
    assert {each.campaign_id for each in conversions} <= set(campaigns)
    assert all(each.created_at == network.conversions[each.external_id].created for each in conversions)
    stats = [each for each in records(v2, walk(v2, "stats")) if isinstance(each, DayStatRecord)]
    approved = [each.payout for each in network.conversions.values() if each.status == "approved"]
    assert sum((each.payout for each in stats), Decimal(0)) == sum(approved, Decimal(0))


def test_an_answer_that_cannot_be_read_does_not_say_that_conversions_are_not_shown(
    v2: Trackier, sandbox: Sandbox
) -> None:
    sandbox.faults.add("trackier:html,path=/v2/reports/conversions")
    with pytest.raises(UnexpectedReply):
        walk(v2, "conversions")


@pytest.mark.parametrize("path", ["/reports/conversions", "/conversions"])
def test_the_address_of_conversions_is_found_and_kept(v2: Trackier, sandbox: Sandbox, path: str) -> None:
    sandbox.trackier.switch({"v2_conversions": path})
    assert len(ids(walk(v2, "conversions"))) == 240
    assert v2.learned["conversions"] == path


def test_without_an_address_for_conversions_only_that_listing_is_held(v2: Trackier, sandbox: Sandbox) -> None:
    sandbox.trackier.switch({"v2_conversions": ""})
    with pytest.raises(AccessDenied, match="does not show us its list of conversions"):
        walk(v2, "conversions")
    assert walk(v2, "stats")[-1].last


def test_an_invalid_key_is_a_400_and_still_a_rejected_key(build: Build, sandbox: Sandbox) -> None:
    with pytest.raises(CredentialsRejected):
        build(api_key="wrong", settings={"version": "v2"}).check()
    assert {call.status for call in sandbox.calls("trackier")} == {400}


@pytest.mark.parametrize("told", [{"errors": [{"code": 102, "codeMsg": "x"}]}, {"error": {"code": "API_KEY_MISSING"}}])
def test_other_words_for_an_invalid_key(build: Build, told: dict[str, Any]) -> None:
    far = httpx.MockTransport(lambda request: httpx.Response(400, json=told))
    with pytest.raises(CredentialsRejected):
        build(far, settings={"version": "v2"}).check()


def test_a_host_without_v2_says_so(build: Build, sandbox: Sandbox) -> None:
    far = httpx.MockTransport(lambda request: httpx.Response(404, json={}))
    with pytest.raises(AccessDenied, match="does not serve v2"):
        build(far, settings={"version": "v2"}).check()


def test_campaigns_under_data_are_read_too_and_a_repeated_page_is_a_fault(build: Build) -> None:
    page = {"data": {"campaigns": [{"id": 1, "title": "A", "status": "active"}], "count": 1}}
    far = httpx.MockTransport(lambda request: httpx.Response(200, json=page))
    provider = build(far, settings={"version": "v2"})
    assert ids(walk(provider, "campaigns")) == ["1"]
    page["data"]["count"] = 2
    with pytest.raises(UnexpectedReply, match="same page"):
        walk(provider, "campaigns")


def test_a_link_needs_no_call_but_a_domain(build: Build, sandbox: Sandbox) -> None:
    v2 = build(settings={"version": "v2"})
    done = v2.perform(Verb.ENSURE_LINK, subject="41", values={"partner": "7"})
    assert dict(done.facts)["link"] == "https://go.fellgate.example/click?campaign_id=41&pub_id=7"
    assert sandbox.calls("trackier") == []
    with pytest.raises(Refused) as caught:
        build(settings={"version": "v2", "tracking_domain": ""}).perform(
            Verb.ENSURE_LINK, subject="41", values={"partner": "7"}
        )
    assert set(caught.value.field_errors) == {"domain"}


def test_a_campaign_is_paused_by_what_changes_alone(v2: Trackier, sandbox: Sandbox) -> None:
    one = next(iter(sandbox.trackier.network.campaigns.values()))
    v2.perform(Verb.PAUSE_CAMPAIGN, subject=str(one.number), values={})
    assert one.status == "paused"
    assert json.loads(sandbox.calls("trackier", "POST")[-1].body) == {"status": "paused"}


def test_a_partner_is_created_and_found_again_after_a_lost_answer(v2: Trackier, sandbox: Sandbox) -> None:
    sandbox.faults.add("trackier:drop_after_write,method=POST")
    done = v2.perform(Verb.CREATE_PARTNER, values={"name": "Club", "email": "club@mail.example"})
    assert [each.number for each in sandbox.trackier.network.affiliates.values()][-1] == int(done.external_id)
    assert b"club@mail.example" in done.payload


@pytest.mark.parametrize(
    ("verb", "values"),
    [
        (Verb.EDIT_PARTNER, {"name": "A", "email": "a@b.example"}),
        (Verb.SET_CAP, {"type": "click", "daily": 1}),
        (Verb.CREATE_REFERRAL, {"rate": 1}),
    ],
)
def test_what_is_not_established_is_not_sent(
    v2: Trackier, sandbox: Sandbox, verb: Verb, values: dict[str, Any]
) -> None:
    with pytest.raises(Unsupported, match="in version v2"):
        v2.perform(verb, subject="7", values=values)
    assert sandbox.calls("trackier") == []


def test_an_address_confirmed_by_the_organiser_is_used(build: Build) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.method} {request.url.path}")
        return httpx.Response(200, json={"success": True})

    provider = build(
        httpx.MockTransport(answer),
        settings={"version": "v2", "endpoint_overrides": "edit_partner=/publishers/{id}, partners=/people"},
    )
    provider.perform(Verb.EDIT_PARTNER, subject="7", values={"name": "A", "email": "a@b.example"})
    walk(provider, "partners")
    assert asked == ["POST /v2/publishers/7", "GET /v2/people"]


def test_a_narrowed_connection_asks_for_its_own_advertiser(build: Build, sandbox: Sandbox) -> None:
    walk(build(settings={"version": "v2", "advertiser_id": "12"}), "campaigns")
    assert ("advertiser[]", "12") in sandbox.calls("trackier")[-1].query
