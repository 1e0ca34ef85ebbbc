"""Earnings per partner and day: from the report, or partner by partner where the report is of no use."""

from decimal import Decimal
from typing import Any

import pytest

from providers.errors import AccessDenied, BadRecord
from providers.partner_records import DayStatRecord
from providers.sandbox import Sandbox
from providers.trackier import mapping
from providers.trackier.client import Trackier
from providers.trackier.v1 import V1
from tests.providers.trackier.conftest import ids, knowing, records, walk

HOW = mapping.sense({"zone": "UTC", "currency": "GBP"}, V1)
ROW: dict[str, Any] = {"publisher_long_id": "p", "campaign_long_id": "c", "created": "2027-02-03"}


def stats(provider: Trackier, **more: Any) -> list[DayStatRecord]:
    found = records(provider, walk(provider, "stats", **more))
    return [each for each in found if isinstance(each, DayStatRecord)]


def approved(sandbox: Sandbox) -> Decimal:
    held = sandbox.trackier.network.conversions.values()
    return sum((each.payout for each in held if each.status == "approved"), Decimal(0))


def test_the_report_gives_every_day_with_its_currency(trackier: Trackier, sandbox: Sandbox) -> None:
    found = stats(trackier)
    assert sum(each.payout for each in found) == approved(sandbox)
    assert {each.currency for each in found} == {"GBP"}
    assert all(each.partner_id in sandbox.trackier.network.affiliates for each in found)
    assert all(each.campaign_id in sandbox.trackier.network.campaigns for each in found)
    assert len({each.external_id for each in found}) == len(found)
    assert sum(each.clicks for each in found) > 0


@pytest.mark.parametrize("switch", [{"denied": "customReport"}, {"daily_report": False}])
def test_partner_by_partner_where_the_report_cannot_be_used(
    trackier: Trackier, sandbox: Sandbox, switch: dict[str, Any]
) -> None:
    sandbox.trackier.switch(switch)
    found = stats(trackier, known=knowing(*sandbox.trackier.network.affiliates))
    assert sum(each.payout for each in found) == approved(sandbox)
    assert {each.currency for each in found} == {""}
    assert {each.campaign_id for each in found} == {""}
    assert all(each.revenue is None for each in found)
    sandbox.trackier.switch({"denied": "", "daily_report": True})
    assert {each.campaign_id for each in stats(trackier, known=knowing(*sandbox.trackier.network.affiliates))} == {""}


def test_once_the_report_was_used_it_is_not_left_for_the_other_source(trackier: Trackier, sandbox: Sandbox) -> None:
    stats(trackier)
    sandbox.trackier.switch({"denied": "customReport"})
    with pytest.raises(AccessDenied):
        stats(trackier, known=knowing(*sandbox.trackier.network.affiliates))


def test_a_partner_that_is_gone_has_no_earnings_and_stops_nothing(trackier: Trackier, sandbox: Sandbox) -> None:
    sandbox.trackier.switch({"denied": "customReport"})
    assert stats(trackier, known=knowing("f" * 24)) == []


def test_only_the_trailing_days_are_read_again(trackier: Trackier, sandbox: Sandbox) -> None:
    first = walk(trackier, "stats")
    again = walk(trackier, "stats", first[-1].cursor)
    assert set(ids(again)) < set(ids(first))


def test_a_day_without_payout_earned_nothing_and_one_without_revenue_does_not_tell() -> None:
    record = mapping.day_stat("x", {**ROW, "clicks": "40", "conversions": 3}, HOW)
    assert (record.clicks, record.conversions, record.payout, record.revenue) == (40, 3, Decimal(0), None)


def test_a_row_without_a_day_is_no_record() -> None:
    with pytest.raises(BadRecord):
        mapping.day_stat("x", {**ROW, "created": "soon"}, HOW)
    assert mapping.stat_id({**ROW, "created": "soon"}, HOW) == ""


def test_the_pieces_of_a_day_are_never_summed_against_its_total() -> None:
    """Countries need not add up to the clicks; profit is rounded by itself: neither is read."""
    meta = {"country": {"GB": 1664}, "referer": {"Empty": 1693}}
    record = mapping.day_stat("x", {**ROW, "clicks": 1694, "meta": meta, "profit": Decimal("4.53")}, HOW)
    assert record.clicks == 1694


def test_a_partner_whose_id_cannot_be_sent_stops_nothing(trackier: Trackier, sandbox: Sandbox) -> None:
    """Samples show such ids, a digit short."""
    sandbox.trackier.switch({"denied": "customReport"})
    found = stats(trackier, known=knowing("a" * 23, *sandbox.trackier.network.affiliates))
    assert sum(each.payout for each in found) == approved(sandbox)
