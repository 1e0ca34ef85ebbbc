"""The conversions log: filters that must be named and echoed, pages that may be ignored, days that change late."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest

from providers.errors import ProviderUnavailable, UnexpectedReply
from providers.partner_records import ConversionRecord, ConversionStatus
from providers.port import Page
from providers.sandbox import Sandbox
from providers.trackier import mapping
from providers.trackier.client import Trackier
from providers.trackier.v1 import V1
from tests.providers.conftest import HandClock
from tests.providers.trackier.conftest import Build, account, ids, records, walk

HOW = mapping.sense({"zone": "Asia/Kolkata", "currency": "GBP"}, V1)
ID = "67c8000000000000000000b1"


def conversion(**said: Any) -> ConversionRecord:
    return mapping.conversion(ID, said, HOW)


def test_the_first_walk_reads_everything_and_the_next_only_the_trailing_days(
    trackier: Trackier, sandbox: Sandbox, clock: HandClock
) -> None:
    pages = walk(trackier, "conversions")
    assert sorted(ids(pages)) == sorted(sandbox.trackier.network.conversions)
    assert pages[-1].complete
    clock.forward(days=2)
    late = sandbox.trackier.convert()
    again = walk(trackier, "conversions", pages[-1].cursor)
    assert late in ids(again)
    assert not again[-1].complete
    starts = [dict(call.query)["start"] for call in sandbox.calls("trackier") if call.path.endswith("conversions")]
    assert starts[-2:] == ["2027-01-15", "2027-02-15"]
    assert walk(trackier, "conversions", again[-1].cursor, full=True)[-1].complete


def test_a_status_that_changes_late_is_seen(trackier: Trackier, sandbox: Sandbox) -> None:
    pages = walk(trackier, "conversions")
    waiting = next(each for each in sandbox.trackier.network.conversions.values() if each.status == "pending")
    sandbox.trackier.review(waiting.id, "rejected")
    again = records(trackier, walk(trackier, "conversions", pages[-1].cursor))
    [found] = [each for each in again if each.external_id == waiting.id]
    assert isinstance(found, ConversionRecord)
    assert found.status is ConversionStatus.REJECTED


def test_every_filter_is_named_in_query(trackier: Trackier, sandbox: Sandbox) -> None:
    walk(trackier, "conversions")
    call = next(call for call in sandbox.calls("trackier") if call.path.endswith("/network/conversions"))
    named = {value for name, value in call.query if name == "query[]"}
    sent = {name.removesuffix("[]") for name, _ in call.query} - {"query", "limit", "page"}
    assert named == sent == {"start", "end", "fields"}
    asked = {value for name, value in call.query if name == "fields[]"}
    assert {"created", "campaign_long_id", "publisher_long_id", "campaign_id", "publisher_id"} <= asked
    assert not asked & {"ipaddr", "clickIp", "adid", "pid"}


def test_an_answer_that_does_not_say_the_filters_back_is_not_used(trackier: Trackier, sandbox: Sandbox) -> None:
    sandbox.trackier.switch({"ignore_query": True})
    with pytest.raises(UnexpectedReply, match="ignored the dates"):
        walk(trackier, "conversions")


@pytest.mark.parametrize("form", ["map", "list"])
@pytest.mark.parametrize("as_text", [False, True])
def test_records_are_a_map_or_a_list_and_numbers_may_be_text(
    trackier: Trackier, sandbox: Sandbox, form: str, as_text: bool
) -> None:
    sandbox.trackier.switch({"records": form, "numbers_as_text": as_text})
    theirs = sandbox.trackier.network.conversions
    found = [each for each in records(trackier, walk(trackier, "conversions")) if isinstance(each, ConversionRecord)]
    assert len(found) == len(theirs)
    for each in found:
        one = theirs[each.external_id]
        assert (each.payout, each.revenue, each.sale) == (one.payout, one.revenue, one.sale)
        assert (each.campaign_id, each.partner_id) == (one.campaign.id, one.affiliate.id)
        assert (each.status.value, each.transaction) == (one.status, one.transaction or "")
        assert each.created_at == one.created
        assert each.currency == "GBP"


def test_small_pages_are_read_to_the_end(trackier: Trackier, sandbox: Sandbox) -> None:
    sandbox.trackier.switch({"page_limit": 7})
    pages = walk(trackier, "conversions")
    assert len(set(ids(pages))) == 240
    assert pages[-1].complete


def test_where_the_page_is_ignored_the_days_are_halved(trackier: Trackier, sandbox: Sandbox) -> None:
    sandbox.trackier.switch({"page_limit": 5, "ignore_page": True})
    pages = walk(trackier, "conversions")
    assert len(set(ids(pages))) == 240
    assert not pages[-1].short


def test_a_single_day_that_overflows_is_reported_and_not_lost_in_silence(trackier: Trackier, sandbox: Sandbox) -> None:
    sandbox.trackier.switch({"page_limit": 2, "ignore_page": True})
    last = walk(trackier, "conversions")[-1]
    assert last.short
    assert not last.complete


@pytest.mark.parametrize("switches", [{}, {"page_limit": 7}, {"page_limit": 5, "ignore_page": True}])
def test_how_many_there_are_is_told_over_all_windows(
    trackier: Trackier, sandbox: Sandbox, switches: dict[str, Any]
) -> None:
    sandbox.trackier.switch(switches)
    pages = walk(trackier, "conversions")
    assert pages[-1].promised == 240
    assert walk(trackier, "conversions", pages[-1].cursor)[-1].promised is None, "the last weeks are not all"


def test_two_conversions_of_one_click_are_two(trackier: Trackier, sandbox: Sandbox) -> None:
    clicks = [each.click for each in sandbox.trackier.network.conversions.values()]
    assert len(set(clicks)) < len(clicks)
    assert len(ids(walk(trackier, "conversions"))) == len(clicks)


def test_an_interrupted_walk_goes_on_with_the_window_it_was_in(trackier: Trackier, sandbox: Sandbox) -> None:
    sandbox.faults.add("trackier:status=500,path=conversions,skip=9,times=1")
    pages: list[Page] = []
    with pytest.raises(ProviderUnavailable):
        pages.extend(trackier.pull("conversions", known=lambda kind: ()))
    cursor = pages[-1].cursor
    before = len(sandbox.calls("trackier"))
    rest = walk(trackier, "conversions", cursor)
    starts = [dict(call.query)["start"] for call in sandbox.calls("trackier")[before:] if "conversions" in call.path]
    assert starts[0] > "2026-06-01"
    assert len(ids(rest)) == 240
    assert (rest[-1].resumed, rest[-1].complete, rest[-1].promised) == (True, True, 240)


def test_what_was_missed_before_a_walk_was_interrupted_is_not_forgotten(trackier: Trackier, sandbox: Sandbox) -> None:
    sandbox.trackier.switch({"page_limit": 2, "ignore_page": True})
    begun = trackier.pull("conversions", full=True, known=lambda kind: ())
    cursor = next(page.cursor for page in begun if '"missed":true' in page.cursor)
    sandbox.trackier.switch({"page_limit": 500, "ignore_page": False})
    last = walk(trackier, "conversions", cursor, full=True)[-1]
    assert (last.resumed, last.complete, last.short) == (True, False, True)


def test_no_day_of_the_network_is_asked_for_before_it_is_there(build: Build, clock: HandClock) -> None:
    """At noon UTC it is half past five in the evening in Kolkata; at eight in the evening it is tomorrow."""
    clock.now = datetime(2027, 3, 1, 20, 0, tzinfo=UTC)
    ends: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("account"):
            return httpx.Response(200, json=account())
        asked = request.url.params
        ends.append(asked["end"])
        echo = {"start": asked["start"], "end": asked["end"]}
        return httpx.Response(200, json={"success": True, "query": echo, "records": [], "count": "0", "limit": 500})

    pages = walk(build(httpx.MockTransport(answer)), "conversions")
    assert ends[-1] == "2027-03-02"
    assert pages[-1].complete


def test_where_nobody_tells_the_first_day_no_walk_can_say_what_is_gone(v2: Trackier) -> None:
    """There may be results from before the days that are asked for."""
    for listing in ("conversions", "stats"):
        assert walk(v2, listing, full=True)[-1].complete is None
        assert walk(v2, listing, full=True)[-1].promised is None


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("approved", ConversionStatus.APPROVED),
        ("Pending", ConversionStatus.PENDING),
        ("cancelled", ConversionStatus.CANCELLED),
        ("rejected", ConversionStatus.REJECTED),
        ("on_hold", ConversionStatus.UNKNOWN),
        (None, ConversionStatus.UNKNOWN),
    ],
)
def test_an_unknown_status_is_kept_as_text(word: str | None, status: ConversionStatus) -> None:
    record = conversion(status=word)
    assert (record.status, record.status_text) == (status, word or "")


def test_titles_and_names_are_never_taken_for_ids() -> None:
    record = conversion(adid="Harbour Half", pid="Coastline", campaign_id=41, publisher_id="7")
    assert (record.campaign_id, record.partner_id) == ("41", "7")


def test_without_a_time_the_id_tells_it() -> None:
    assert conversion().created_at == datetime(2025, 3, 5, 7, 40, 48, tzinfo=UTC)


def test_amounts_are_exact() -> None:
    assert mapping.read(b'{"payout":0.10000000000000000555}')["payout"] == Decimal("0.10000000000000000555")


def test_results_that_slip_forward_while_others_vanish_are_not_taken_for_gone(
    trackier: Trackier, sandbox: Sandbox
) -> None:
    sandbox.trackier.switch({"page_limit": 7})
    held = sandbox.trackier.network.conversions
    pages: list[Page] = []
    for page in trackier.pull("conversions", full=True, known=lambda kind: ()):
        pages.append(page)
        if len(page.items) == 7 and len(held) == 240:
            for item in page.items[:2]:
                del held[item.external_id]
    assert len(held.keys() - set(ids(pages))) == 2
    assert (pages[-1].complete, pages[-1].short) == (False, True)
