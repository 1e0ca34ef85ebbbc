"""Results credited by hand and decided: Trackier queues them, and its log says what came of it."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from providers.errors import AlreadyThere, OutcomeUnknown, Refused, UnexpectedReply
from providers.operations import Done, Verb
from providers.partner_records import ConversionRecord, ConversionStatus
from providers.sandbox import Sandbox
from providers.sandbox.trackier.objects import Affiliate, Campaign, Conversion
from providers.trackier.client import Trackier
from providers.trackier.v1_results import MAY_ARRIVE, MAY_QUEUE
from tests.providers.conftest import HandClock
from tests.providers.trackier.conftest import Build


@pytest.fixture
def campaign(sandbox: Sandbox) -> Campaign:
    return next(iter(sandbox.trackier.network.campaigns.values()))


@pytest.fixture
def partner(sandbox: Sandbox) -> Affiliate:
    return next(iter(sandbox.trackier.network.affiliates.values()))


@pytest.fixture
def waiting(sandbox: Sandbox, partner: Affiliate) -> list[Conversion]:
    """The partner's undecided results."""
    sandbox.trackier.convert("pending", partner.id)
    everything = sandbox.trackier.network.conversions.values()
    return [each for each in everything if each.affiliate is partner and each.status == "pending"]


def again(provider: Trackier, done: Done) -> list[ConversionRecord]:
    found = [record for told in done.refreshed for record in provider.decode(told)]
    assert all(isinstance(each, ConversionRecord) for each in found)
    return [each for each in found if isinstance(each, ConversionRecord)]


def test_results_are_approved_and_come_back_approved(
    trackier: Trackier, sandbox: Sandbox, partner: Affiliate, waiting: list[Conversion]
) -> None:
    chosen = [each.id for each in waiting]
    values = {"results": chosen, "status": "approved"}
    done = trackier.perform(Verb.DECIDE_RESULTS, subject=partner.id, values=values)
    assert {each.status for each in waiting} == {"approved"}
    assert done.facts == ()
    assert {each.external_id: each.status for each in again(trackier, done)} == dict.fromkeys(
        chosen, ConversionStatus.APPROVED
    )
    [call] = sandbox.calls("trackier", "POST")
    assert json.loads(call.body)["conversions"][0] == {
        "conversion_id": chosen[0], "status": "approved", "currency": "GBP",
    }  # fmt: skip


def test_a_result_is_credited_once(
    trackier: Trackier, sandbox: Sandbox, campaign: Campaign, partner: Affiliate
) -> None:
    values = {"partner": partner.id, "transaction": "ENTRY-1", "status": "pending", "sale": "42.00"}
    done = trackier.perform(Verb.CREDIT_RESULT, subject=campaign.id, values=values)
    [record] = again(trackier, done)
    assert (record.external_id, record.status, record.transaction) == (
        done.external_id, ConversionStatus.PENDING, "ENTRY-1",
    )  # fmt: skip
    assert (record.payout, record.sale, record.partner_id) == (campaign.payout, Decimal(42), partner.id)
    [item] = json.loads(sandbox.calls("trackier", "POST")[0].body)["conversions"]
    assert item == {
        "campaign_id": campaign.id, "publisher_id": partner.id, "txn_id": "ENTRY-1", "status": "pending",
        "currency": "GBP", "sale_amount": 42,
    }  # fmt: skip
    assert "no GBP" in dict(done.facts)["Note"]
    with pytest.raises(AlreadyThere) as caught:
        trackier.perform(Verb.CREDIT_RESULT, subject=campaign.id, values=values)
    assert set(caught.value.field_errors) == {"transaction"}


def test_a_lost_answer_to_an_import_is_followed_by_its_job(
    trackier: Trackier, sandbox: Sandbox, campaign: Campaign, partner: Affiliate
) -> None:
    values = {"partner": partner.id, "transaction": "ENTRY-2", "status": "approved", "payout": "9", "revenue": "10"}
    sandbox.faults.add("trackier:drop_after_write,method=POST")
    done = trackier.perform(Verb.CREDIT_RESULT, subject=campaign.id, values=values)
    assert [each.payout for each in again(trackier, done)] == [Decimal(9)]
    assert len(sandbox.calls("trackier", "POST")) == 1


def test_an_import_that_never_arrived_stays_unknown(
    trackier: Trackier, sandbox: Sandbox, partner: Affiliate, waiting: list[Conversion]
) -> None:
    sandbox.faults.add("trackier:drop_before_write,method=POST")
    with pytest.raises(OutcomeUnknown):
        trackier.perform(
            Verb.DECIDE_RESULTS, subject=partner.id, values={"results": [waiting[0].id], "status": "rejected"}
        )


def test_what_the_log_calls_errors_is_refused_with_its_words(trackier: Trackier, partner: Affiliate) -> None:
    values = {"results": ["f" * 24], "status": "approved"}
    with pytest.raises(Refused, match=r"took 0 of 1 and refused the others.*Errors: 1"):
        trackier.perform(Verb.DECIDE_RESULTS, subject=partner.id, values=values)


def test_of_what_is_taken_in_part_the_part_comes_back(
    trackier: Trackier, partner: Affiliate, waiting: list[Conversion]
) -> None:
    values = {"results": [waiting[0].id, "f" * 24], "status": "approved"}
    done = trackier.perform(Verb.DECIDE_RESULTS, subject=partner.id, values=values)
    assert [(each.external_id, each.status) for each in again(trackier, done)] == [
        (waiting[0].id, ConversionStatus.APPROVED)
    ]
    assert dict(done.facts)["Warning"].startswith("Trackier took 1 of 2 and refused the others.")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"results": [], "status": "approved"}, "results"),
        ({"results": ["../jobs"], "status": "approved"}, "results"),
        ({"results": [f"{number:024x}" for number in range(51)], "status": "approved"}, "results"),
        ({"results": ["f" * 24], "status": "paid"}, "status"),
    ],
)
def test_what_cannot_be_decided_is_refused_before_anything_is_sent(
    trackier: Trackier, sandbox: Sandbox, partner: Affiliate, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as caught:
        trackier.perform(Verb.DECIDE_RESULTS, subject=partner.id, values=values)
    assert set(caught.value.field_errors) == {field}
    assert not sandbox.calls("trackier", "POST")


def test_a_slow_queue_is_left_with_a_note(
    build: Build, sandbox: Sandbox, partner: Affiliate, waiting: list[Conversion]
) -> None:
    inner = sandbox.transport()

    def answer(request: httpx.Request) -> httpx.Response:
        if "/jobs/" in request.url.path:
            return httpx.Response(200, json={"success": True, "data": {"job": {"status": "progress"}, "logs": []}})
        return inner.handle_request(request)

    values = {"results": [waiting[0].id], "status": "approved"}
    done = build(httpx.MockTransport(answer)).perform(Verb.DECIDE_RESULTS, subject=partner.id, values=values)
    assert "in its queue" in dict(done.facts)["Note"]


def test_a_result_is_not_credited_again_while_it_may_wait_in_the_queue(
    build: Build, sandbox: Sandbox, campaign: Campaign, partner: Affiliate, clock: HandClock
) -> None:
    """The answer was lost, and the log does not show yet what is queued."""
    trackier = build(_slow_queue(sandbox, done := []))
    values = {"partner": partner.id, "transaction": "ENTRY-4", "status": "pending"}
    sandbox.faults.add("trackier:drop_after_write,method=POST")
    with pytest.raises(OutcomeUnknown):
        trackier.perform(Verb.CREDIT_RESULT, subject=campaign.id, values=values)
    for wait in (timedelta(seconds=1), MAY_ARRIVE, timedelta(minutes=30)):
        clock.now += wait
        with pytest.raises(Refused, match="may not be done with it yet") as caught:
            trackier.perform(Verb.CREDIT_RESULT, subject=campaign.id, values=values)
        assert set(caught.value.field_errors) == {"transaction"}
    trackier.perform(Verb.CREDIT_RESULT, subject=campaign.id, values=values | {"transaction": "ENTRY-5"})
    done.append(True)
    with pytest.raises(AlreadyThere):
        trackier.perform(Verb.CREDIT_RESULT, subject=campaign.id, values=values)
    assert len(sandbox.calls("trackier", "POST")) == 2


def test_what_was_being_credited_is_written_down_before_it_is_sent(
    build: Build, sandbox: Sandbox, campaign: Campaign, partner: Affiliate, clock: HandClock
) -> None:
    trackier = build(_slow_queue(sandbox, []))
    sent_before: list[int] = []
    trackier.keep = lambda: sent_before.append(len(sandbox.calls("trackier", "POST")))
    values = {"partner": partner.id, "transaction": "ENTRY-6", "status": "pending"}
    trackier.perform(Verb.CREDIT_RESULT, subject=campaign.id, values=values)
    assert sent_before == [0]
    after_a_kill = build(_slow_queue(sandbox, []), learned=trackier.learned)
    with pytest.raises(Refused, match="may not be done with it yet"):
        after_a_kill.perform(Verb.CREDIT_RESULT, subject=campaign.id, values=values)
    assert "ENTRY-6" not in str(trackier.learned)
    clock.now += MAY_QUEUE + timedelta(minutes=1)
    after_a_kill.perform(Verb.CREDIT_RESULT, subject=campaign.id, values=values | {"transaction": "ENTRY-9"})
    assert sum(name.startswith("credit") for name in after_a_kill.learned) == 1


def test_what_was_credited_or_refused_or_never_arrived_is_forgotten_again(
    trackier: Trackier, sandbox: Sandbox, campaign: Campaign, partner: Affiliate, clock: HandClock
) -> None:
    values = {"partner": partner.id, "transaction": "ENTRY-7", "status": "pending"}
    sandbox.faults.add("trackier:status=422,method=POST,times=1")
    with pytest.raises(Refused):
        trackier.perform(Verb.CREDIT_RESULT, subject=campaign.id, values=values)
    sandbox.faults.add("trackier:drop_before_write,method=POST,times=1")
    with pytest.raises(OutcomeUnknown):
        trackier.perform(Verb.CREDIT_RESULT, subject=campaign.id, values=values)
    clock.now += MAY_ARRIVE
    assert trackier.perform(Verb.CREDIT_RESULT, subject=campaign.id, values=values).external_id
    assert not [name for name in trackier.learned if name.startswith("credit")]


def test_a_result_is_credited_again_where_the_queue_may_not_be_looked_at(
    trackier: Trackier, sandbox: Sandbox, campaign: Campaign, partner: Affiliate, clock: HandClock
) -> None:
    sandbox.trackier.switch({"denied": "/jobs$"})
    sandbox.faults.add("trackier:drop_before_write,method=POST,times=1")
    values = {"partner": partner.id, "transaction": "ENTRY-8", "status": "pending"}
    with pytest.raises(OutcomeUnknown):
        trackier.perform(Verb.CREDIT_RESULT, subject=campaign.id, values=values)
    clock.now += MAY_ARRIVE
    assert trackier.perform(Verb.CREDIT_RESULT, subject=campaign.id, values=values).external_id


def test_a_queue_that_cannot_be_read_is_not_taken_for_an_empty_one(
    build: Build, sandbox: Sandbox, campaign: Campaign, partner: Affiliate, clock: HandClock
) -> None:
    trackier = build(_slow_queue(sandbox, []))
    values = {"partner": partner.id, "transaction": "ENTRY-10", "status": "pending"}
    trackier.perform(Verb.CREDIT_RESULT, subject=campaign.id, values=values)
    clock.now += MAY_ARRIVE
    sandbox.faults.add("trackier:html,path=/jobs,times=forever")
    with pytest.raises(UnexpectedReply):
        trackier.perform(Verb.CREDIT_RESULT, subject=campaign.id, values=values)
    assert len(sandbox.calls("trackier", "POST")) == 1


def _slow_queue(sandbox: Sandbox, done: list[bool]) -> httpx.MockTransport:
    """Until it is ``done``, what was imported is pending and in no log."""
    inner = sandbox.transport()

    def answer(request: httpx.Request) -> httpx.Response:
        told = inner.handle_request(request)
        told.read()
        if "/jobs" in request.url.path and not done:
            content = told.content.replace(b"completed", b"pending").replace(b"progress", b"pending")
            return httpx.Response(told.status_code, content=content)
        if request.url.path.endswith("/network/conversions") and not done:
            return httpx.Response(200, json={**told.json(), "records": [], "count": 0})
        return told

    return httpx.MockTransport(answer)


def test_a_log_that_ignores_the_partner_is_not_believed(
    build: Build, sandbox: Sandbox, campaign: Campaign, partner: Affiliate
) -> None:
    """Without the echo of a filter, everybody's results might be taken for this one."""
    sandbox.trackier.switch({"ignore_query": True})
    values = {"partner": partner.id, "transaction": "ENTRY-3", "status": "pending"}
    with pytest.raises(UnexpectedReply, match="ignored"):
        build().perform(Verb.CREDIT_RESULT, subject=campaign.id, values=values)
    assert not sandbox.calls("trackier", "POST")


def test_a_credit_whose_job_cannot_be_told_apart_is_found_by_its_id(
    build: Build, sandbox: Sandbox, campaign: Campaign, partner: Affiliate
) -> None:
    inner = sandbox.transport()

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/jobs"):
            return httpx.Response(200, json={"success": True, "data": {"jobs": []}})
        return inner.handle_request(request)

    sandbox.faults.add("trackier:drop_after_write,method=POST")
    values = {"partner": partner.id, "transaction": "ENTRY-9", "status": "pending"}
    done = build(httpx.MockTransport(answer)).perform(Verb.CREDIT_RESULT, subject=campaign.id, values=values)
    assert sandbox.trackier.network.conversions[done.external_id].transaction == "ENTRY-9"


@pytest.mark.parametrize("verb", [Verb.CREDIT_RESULT, Verb.DECIDE_RESULTS])
def test_what_never_arrived_is_not_taken_for_the_one_of_a_moment_ago(
    trackier: Trackier, sandbox: Sandbox, campaign: Campaign, partner: Affiliate, waiting: list[Conversion], verb: Verb
) -> None:
    credit = {"partner": partner.id, "transaction": "FIRST", "status": "pending"}
    decision = {"results": [waiting[0].id], "status": "approved"}
    subject, before, then = {
        Verb.CREDIT_RESULT: (campaign.id, credit, {"transaction": "SECOND"}),
        Verb.DECIDE_RESULTS: (partner.id, decision, {"status": "rejected"}),
    }[verb]
    trackier.perform(verb, subject=subject, values=before)
    sandbox.faults.add("trackier:drop_before_write,method=POST")
    with pytest.raises(OutcomeUnknown):
        trackier.perform(verb, subject=subject, values=before | then)


def test_a_lost_answer_to_a_decision_is_found_in_the_log_of_results(
    trackier: Trackier, sandbox: Sandbox, partner: Affiliate, waiting: list[Conversion]
) -> None:
    sandbox.faults.add("trackier:drop_after_write,method=POST")
    values = {"results": [waiting[0].id], "status": "approved"}
    trackier.perform(Verb.DECIDE_RESULTS, subject=partner.id, values=values)
    assert (waiting[0].status, len(sandbox.calls("trackier", "POST"))) == ("approved", 1)
