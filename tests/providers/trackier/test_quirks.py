"""PHP shows through: each of its habits, one at a time."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.errors import BadRecord
from providers.trackier import quirks
from providers.trackier.redaction import reader

KOLKATA = ZoneInfo("Asia/Kolkata")
NOON = datetime(2025, 3, 5, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("value", [[], {}, None, "", 0])
def test_an_empty_list_is_an_empty_map(value: object) -> None:
    assert quirks.as_map(value) == {}


def test_a_map_of_records_is_a_list_with_ids() -> None:
    assert quirks.as_list({"a": {"rate": 1}, "b": {"rate": 2}}) == [{"_id": "a", "rate": 1}, {"_id": "b", "rate": 2}]
    assert quirks.as_list([{"_id": "a"}]) == [{"_id": "a"}]
    assert quirks.as_list([]) == quirks.as_list(None) == []


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        (0, Decimal(0)),
        (Decimal("0.0151515"), Decimal("0.0151515")),
        ("30", Decimal(30)),
        (" 9.9 ", Decimal("9.9")),
        ("50 %", None),
        ("43.12K", None),
        (True, None),
        (None, None),
        ("", None),
    ],
)
def test_money_is_read_from_its_text_and_display_text_is_no_money(value: object, amount: Decimal | None) -> None:
    assert quirks.amount(value) == amount


@pytest.mark.parametrize(
    "value",
    [
        "2025-03-05 17:30:00",
        "2025-03-05T12:00:00.000Z",
        {"date": "2025-03-05 12:00:00.000000", "timezone_type": 1, "timezone": "+00:00"},
        {"date": "2025-03-05 17:30:00.000000", "timezone_type": 1, "timezone": "+05:30"},
        {"date": "2025-03-05 07:00:00.000000", "timezone_type": 3, "timezone": "America/New_York"},
        {"date": "2025-03-05 12:00:00.000000", "timezone_type": 2, "timezone": "GMT"},
        {"date": "2025-03-05 17:30:00.000000", "timezone_type": 3, "timezone": "Nowhere/Atlantis"},
    ],
)
def test_all_forms_of_a_time_mean_the_same_instant(value: object) -> None:
    assert quirks.moment(value, KOLKATA) == NOON


def test_a_bare_day_is_of_the_networks_zone() -> None:
    assert quirks.moment("2025-03-05", KOLKATA) == datetime(2025, 3, 4, 18, 30, tzinfo=UTC)
    assert quirks.day_of("2025-03-05") == date(2025, 3, 5)


@pytest.mark.parametrize("value", [None, "", "soon", "0000-00-00", {}, {"date": None}, [], 7])
def test_a_time_that_cannot_be_read_is_none(value: object) -> None:
    assert quirks.moment(value, KOLKATA) is None
    assert quirks.day_of(value) is None


def test_a_long_id_tells_the_second_it_was_made() -> None:
    assert quirks.born("67c8000000000000000000b1") == datetime(2025, 3, 5, 7, 40, 48, tzinfo=UTC)
    assert quirks.born("67c80000000000000000b1") is None


def test_entities_are_turned_back_once_and_blanks_at_the_ends_go() -> None:
    assert quirks.words("Trail &amp; Fell ") == "Trail & Fell"
    assert quirks.words("&amp;lt;b&gt;") == "&lt;b>"


@pytest.mark.parametrize(("sent", "read"), [(b"7", "7"), (b"3.5", "3.5"), (b"12.10", "12.10")])
def test_a_number_where_text_belongs_is_its_digits(sent: bytes, read: str) -> None:
    assert quirks.words(reader.decode(sent)) == read


@pytest.mark.parametrize("found", [{}, {"_id": ""}, {"_id": None}, {"_id": True}, [], "text"])
def test_what_has_no_id_is_refused(found: object) -> None:
    with pytest.raises(BadRecord):
        quirks.identified(found, "_id")


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(value=JSON)
def test_nothing_makes_a_lenient_reader_fall_over(value: object) -> None:
    quirks.amount(value)
    quirks.counted(value)
    quirks.as_list(value)
    moment = quirks.moment(value, KOLKATA)
    assert moment is None or moment.tzinfo is UTC


@pytest.mark.parametrize("value", ["0001-01-01 00:00:00", "9999-12-31 23:59:59"])
def test_a_time_that_no_calendar_shows_is_none(value: str) -> None:
    assert quirks.moment(value, KOLKATA) is None


@pytest.mark.parametrize("hour", [0, 1])
def test_of_an_hour_that_comes_twice_the_one_is_meant_in_which_the_id_was_made(hour: int) -> None:
    """01:30 in London on the day on which summer time ends: first an hour ahead of UTC, then not."""
    made = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
    assert quirks.moment("2026-10-25 01:30:00", ZoneInfo("Europe/London"), near=made) == made


def test_a_count_beyond_all_counts_is_only_large() -> None:
    assert quirks.counted(Decimal("1E+1000000")).bit_length() == 64
