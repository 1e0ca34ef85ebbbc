"""Ids, dates and amounts: one reader for each of TickeTing's ways to write them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec
import pytest

from providers.errors import BadRecord
from providers.records import Money
from providers.ticketing import dates
from providers.ticketing.money import money
from providers.ticketing.uris import last_id, section_uri

LONDON = ZoneInfo("Europe/London")
WHOLE = "/events/17500000010001/sections/17500000060001"


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (WHOLE, "17500000060001"),
        ("/sections/17500000060001", "17500000060001"),
        ("https://api.ticketingevents.com/v3/events/17500000010001", "17500000010001"),
        (17500000060001, "17500000060001"),
        ({"self": "/accounts/RA-7Q2K90ZD"}, "RA-7Q2K90ZD"),
        ("/events/1/", ""),
        (None, ""),
        ([], ""),
        (True, ""),
    ],
)
def test_an_id_is_the_last_run_of_an_address(value: object, found: str):
    assert last_id(value) == found


@pytest.mark.parametrize("section", [WHOLE, "/sections/17500000060001", "17500000060001", 17500000060001])
def test_a_section_address_is_made_whole_and_never_doubled(section: object):
    assert section_uri("17500000010001", section) == WHOLE
    assert section_uri("17500000010001", section_uri("17500000010001", section)) == WHOLE


def test_a_local_time_is_never_taken_for_utc():
    assert dates.event_time("2031-06-05T08:30", LONDON) == datetime(2031, 6, 5, 7, 30, tzinfo=UTC)
    assert dates.event_time("2031-06-05T08:30:00.000Z", LONDON) == datetime(2031, 6, 5, 8, 30, tzinfo=UTC)
    assert dates.event_time("2031-06-05T08:30", ZoneInfo("America/Barbados")).hour == 12
    assert dates.event_time("9999-12-31T23:59:00.000Z", LONDON) is None
    assert dates.event_time("", LONDON) is None
    with pytest.raises(BadRecord, match="start"):
        dates.event_time("next Sunday", LONDON)


def test_stamps_carry_their_offset():
    assert dates.stamp("2031-10-05T08:02:11+00:00") == datetime(2031, 10, 5, 8, 2, 11, tzinfo=UTC)
    assert dates.stamp("2031-10-05T10:02:11+02:00") == datetime(2031, 10, 5, 8, 2, 11, tzinfo=UTC)
    assert dates.session_started("2031-10-05 08:02:11") == "2031-10-05 08:02:11"
    assert dates.birth_date("1990-02-11") == date(1990, 2, 11)
    assert dates.since(datetime(2031, 6, 2, 10, 15, tzinfo=UTC)) == "2031-06-02T10:15:00+00:00"


@pytest.mark.parametrize(
    ("sent", "currency", "minor"),
    [
        (b"21.5", "GBP", 2150),
        (b"24", "GBP", 2400),
        (b'"19.99"', "GBP", 1999),
        (b"0", "GBP", 0),
        (b"1100", "JPY", 1100),
        (b"1.005", "KWD", 1005),
        (b"4.35", "GBP", 435),
        (b"1e2", "GBP", 10000),
    ],
)
def test_an_amount_is_exact_in_the_currency_of_the_connection(sent: bytes, currency: str, minor: int):
    assert money(msgspec.Raw(sent), currency) == Money(minor=minor, currency=currency)


def test_a_fraction_of_a_penny_is_kept_and_not_rounded():
    kept = money(msgspec.Raw(b"21.505"), "GBP")
    assert kept == Money(minor=None, currency="GBP", unknown_unit=Decimal("21.505"))


@pytest.mark.parametrize("sent", [b"1e999999999", b'"-1E+99999"', b"99999999999999", b"12345678901.5", b"1e-999999999"])
def test_what_nobody_asks_is_no_price(sent: bytes):
    assert money(msgspec.Raw(sent), "GBP") is None


@pytest.mark.parametrize("sent", [b"null", b'""', b"[]", b"{}", b"true", b'"free"', b'"NaN"'])
def test_what_is_no_amount_is_none(sent: bytes):
    assert money(msgspec.Raw(sent), "GBP") is None
