"""What a campaign pays, to whom, for what and up to how much."""

import json
from decimal import Decimal

import httpx
import pytest

from providers.errors import AlreadyThere, OutcomeUnknown, Refused
from providers.operations import Verb
from providers.sandbox import Sandbox
from providers.sandbox.trackier.objects import Affiliate, Campaign
from providers.trackier.client import Trackier
from tests.providers.trackier.campaigning import again, bodies
from tests.providers.trackier.conftest import Build


@pytest.fixture
def campaign(sandbox: Sandbox) -> Campaign:
    return list(sandbox.trackier.network.campaigns.values())[2]


@pytest.fixture
def partner(sandbox: Sandbox) -> Affiliate:
    return list(sandbox.trackier.network.affiliates.values())[5]


def test_rates_are_changed_on_the_commission_that_applies_everywhere(
    trackier: Trackier, sandbox: Sandbox, campaign: Campaign
) -> None:
    wide = campaign.commissions[0]
    campaign.commissions.insert(0, {**wide, "_id": "c" * 24, "coverage": ["GB"]})
    done = trackier.perform(Verb.SET_RATES, subject=campaign.id, values={"payout": "0.0151515151515", "revenue": "1"})
    assert (wide["rate"], wide["revenue"]) == (Decimal("0.0151515151515"), Decimal(1))
    assert bodies(sandbox) == [{"rate": 0.0151515151515, "revenue": 1}]
    assert again(trackier, done).payout == Decimal("0.0151515151515")
    campaign.commissions.clear()
    trackier.perform(Verb.SET_RATES, subject=campaign.id, values={"payout": "1", "revenue": "1"})
    assert campaign.commissions[0]["coverage"] == ["ALL"]


def test_a_server_that_swaps_the_two_amounts_is_found_out(build: Build, sandbox: Sandbox, campaign: Campaign) -> None:
    inner = sandbox.transport()

    def swap(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            sent = json.loads(request.content)
            body = json.dumps({"rate": sent["revenue"], "revenue": sent["rate"]})
            request = httpx.Request("POST", request.url, headers=request.headers, content=body)
        return inner.handle_request(request)

    values = {"payout": "1", "revenue": "2"}
    done = build(httpx.MockTransport(swap)).perform(Verb.SET_RATES, subject=campaign.id, values=values)
    assert dict(done.facts)["partner earns"] == "2"
    assert "other amounts" in dict(done.facts)["Warning"]


def test_lost_answers_about_rates_are_looked_up(trackier: Trackier, sandbox: Sandbox, campaign: Campaign) -> None:
    sandbox.faults.add("trackier:drop_after_write,method=POST")
    trackier.perform(Verb.SET_RATES, subject=campaign.id, values={"payout": "1", "revenue": "2"})
    assert len(sandbox.calls("trackier", "POST")) == 1
    sandbox.faults.add("trackier:drop_before_write,method=POST")
    with pytest.raises(OutcomeUnknown):
        trackier.perform(Verb.SET_RATES, subject=campaign.id, values={"payout": "1", "revenue": "4"})


def test_a_cap_comes_back_with_its_campaign_and_goes_again(trackier: Trackier, campaign: Campaign) -> None:
    campaign.caps.clear()
    done = trackier.perform(Verb.SET_CAP, subject=campaign.id, values={"type": "click", "daily": "9", "pauses": "on"})
    [cap] = again(trackier, done).caps
    assert (cap.external_id, cap.what, cap.daily, cap.pauses) == (done.external_id, "click", 9, True)
    for _ in "twice":
        gone = trackier.perform(Verb.REMOVE_CAP, subject=campaign.id, values={"cap": cap.external_id})
        assert again(trackier, gone).caps == ()


def test_a_lost_answer_about_a_removed_cap_is_looked_up(
    trackier: Trackier, sandbox: Sandbox, campaign: Campaign
) -> None:
    cap = trackier.perform(Verb.SET_CAP, subject=campaign.id, values={"type": "click", "daily": "9"}).external_id
    sandbox.faults.add("trackier:drop_before_write,method=DELETE")
    with pytest.raises(OutcomeUnknown):
        trackier.perform(Verb.REMOVE_CAP, subject=campaign.id, values={"cap": cap})
    sandbox.faults.add("trackier:drop_after_write,method=DELETE")
    assert trackier.perform(Verb.REMOVE_CAP, subject=campaign.id, values={"cap": cap}).external_id == cap


def test_access_is_given_by_long_ids(
    trackier: Trackier, sandbox: Sandbox, campaign: Campaign, partner: Affiliate
) -> None:
    sandbox.faults.add("trackier:drop_after_write,method=POST")
    trackier.perform(Verb.GRANT_ACCESS, subject=campaign.id, values={"partner": partner.id})
    assert sandbox.trackier.network.access == {(partner.id, campaign.id)}


def test_a_goal_is_added_once(trackier: Trackier, sandbox: Sandbox, campaign: Campaign) -> None:
    sandbox.faults.add("trackier:drop_after_write,method=POST")
    values = {"name": "Merch", "value": "merch", "payout": "1", "revenue": "1.5"}
    done = trackier.perform(Verb.ADD_GOAL, subject=campaign.id, values=values)
    goal = campaign.goals[-1]
    assert (goal["_id"], goal["title"], goal["payouts"][0]["payout"]) == (done.external_id, "Merch", Decimal(1))
    with pytest.raises(AlreadyThere) as caught:
        trackier.perform(Verb.ADD_GOAL, subject=campaign.id, values=values | {"name": "merch"})
    assert set(caught.value.field_errors) == {"name"}


def test_one_partner_gets_a_rate_of_its_own_changed_and_taken_away(
    trackier: Trackier, campaign: Campaign, partner: Affiliate
) -> None:
    values = {"partner": partner.id, "payout": "4", "revenue": "5"}
    trackier.perform(Verb.SET_PARTNER_RATE, subject=campaign.id, values=values)
    [own] = campaign.own_payouts
    assert (own["rate"], own["pids"], own["crev"], own["goal_id"]) == (4, [partner.id], 1, campaign.goals[0]["_id"])
    trackier.perform(Verb.SET_PARTNER_RATE, subject=campaign.id, values=values | {"payout": "4.5", "revenue": ""})
    assert [(each["rate"], each["crev"]) for each in campaign.own_payouts] == [(Decimal("4.5"), 0)]
    trackier.perform(Verb.SET_PARTNER_RATE, subject=campaign.id, values={"partner": partner.id, "payout": ""})
    assert campaign.own_payouts == []
    done = trackier.perform(Verb.SET_PARTNER_RATE, subject=campaign.id, values={"partner": partner.id, "payout": ""})
    assert "no rate of its own" in dict(done.facts)["Note"]


def test_which_goal_is_meant_has_to_be_clear(trackier: Trackier, campaign: Campaign, partner: Affiliate) -> None:
    campaign.goals.append({**campaign.goals[0], "_id": "d" * 24, "title": "Merch"})
    values = {"partner": partner.id, "payout": "1"}
    with pytest.raises(Refused, match="Paid entry, Merch") as caught:
        trackier.perform(Verb.SET_PARTNER_RATE, subject=campaign.id, values=values)
    assert set(caught.value.field_errors) == {"goal"}
    trackier.perform(Verb.SET_PARTNER_RATE, subject=campaign.id, values=values | {"goal": "merch"})
    assert campaign.own_payouts[0]["goal_id"] == "d" * 24
    campaign.goals.clear()
    with pytest.raises(Refused, match="no goal yet"):
        trackier.perform(Verb.SET_PARTNER_RATE, subject=campaign.id, values=values)


def test_a_lost_answer_about_a_partners_rate_is_looked_up(
    trackier: Trackier, sandbox: Sandbox, campaign: Campaign, partner: Affiliate
) -> None:
    sandbox.faults.add("trackier:drop_after_write,method=POST")
    trackier.perform(Verb.SET_PARTNER_RATE, subject=campaign.id, values={"partner": partner.id, "payout": "4"})
    assert len(campaign.own_payouts) == 1
    campaign.own_payouts.clear()
    sandbox.faults.add("trackier:drop_before_write,method=POST")
    with pytest.raises(OutcomeUnknown):
        trackier.perform(Verb.SET_PARTNER_RATE, subject=campaign.id, values={"partner": partner.id, "payout": "5"})


def test_another_commission_that_pays_the_same_does_not_tell_that_the_change_arrived(
    trackier: Trackier, sandbox: Sandbox, campaign: Campaign
) -> None:
    there = campaign.commissions[0]
    campaign.commissions.append({**there, "_id": "e" * 24, "coverage": ["FR"], "rate": 1, "revenue": 4})
    sandbox.faults.add("trackier:drop_before_write,method=POST")
    with pytest.raises(OutcomeUnknown):
        trackier.perform(Verb.SET_RATES, subject=campaign.id, values={"payout": "1", "revenue": "4"})


def test_a_lost_change_of_what_trackier_never_tells_is_sent_once_more(
    trackier: Trackier, sandbox: Sandbox, campaign: Campaign, partner: Affiliate
) -> None:
    """What the organiser pays for one partner's results is in no answer."""
    values = {"partner": partner.id, "payout": "4"}
    trackier.perform(Verb.SET_PARTNER_RATE, subject=campaign.id, values=values)
    sandbox.faults.add("trackier:drop_before_write,method=POST,times=1")
    trackier.perform(Verb.SET_PARTNER_RATE, subject=campaign.id, values=values | {"revenue": "5"})
    assert [each["crev"] for each in campaign.own_payouts] == [1]


def test_a_lost_answer_about_a_rate_that_was_taken_away_is_asked_for_once_more(
    trackier: Trackier, sandbox: Sandbox, campaign: Campaign, partner: Affiliate
) -> None:
    trackier.perform(Verb.SET_PARTNER_RATE, subject=campaign.id, values={"partner": partner.id, "payout": "4"})
    sandbox.faults.add("trackier:drop_after_write,method=DELETE,times=1")
    trackier.perform(Verb.SET_PARTNER_RATE, subject=campaign.id, values={"partner": partner.id, "payout": ""})
    assert campaign.own_payouts == []
