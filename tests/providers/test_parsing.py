"""The readers that every mapping shares."""

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.errors import BadRecord
from providers.parsing import (
    canonical,
    count,
    day,
    fingerprint,
    flag,
    identifier,
    instant,
    lenient,
    member,
    plain_text,
    text,
    web_address,
    whole,
)
from providers.records import ListingStatus

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
READERS = (text, identifier, whole, count, flag, instant, day, web_address, plain_text)


@given(anything)
def test_a_reader_reads_or_says_bad_record_and_nothing_else(value: object) -> None:
    for reader in READERS:
        lenient(reader, value, None)


@pytest.mark.parametrize("reader", READERS)
def test_a_bad_record_names_the_field_and_not_the_value(reader) -> None:
    with pytest.raises(BadRecord) as caught:
        reader({"secret": "Okafor"}, "dob")
    assert "dob" in str(caught.value)
    assert "Okafor" not in str(caught.value)


@given(st.timedeltas(timedelta(0), timedelta(days=60_000)), st.integers(min_value=-14 * 60, max_value=14 * 60))
def test_any_offset_is_the_same_instant_in_utc(since: timedelta, minutes: int) -> None:
    sent = datetime(1920, 1, 1, tzinfo=timezone(timedelta(minutes=minutes))) + since
    read = instant(sent.isoformat())
    assert read == sent
    assert read is not None
    assert read.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("2027-05-16T08:30:00+00:00", datetime(2027, 5, 16, 8, 30, tzinfo=UTC)),
        ("2027-05-16T08:30:00Z", datetime(2027, 5, 16, 8, 30, tzinfo=UTC)),
        ("2027-05-16t08:30:00z", datetime(2027, 5, 16, 8, 30, tzinfo=UTC)),
        ("2027-05-16T10:30:00.123456789+02:00", datetime(2027, 5, 16, 8, 30, 0, 123456, tzinfo=UTC)),
        ("2027-05-16 08:30:00", datetime(2027, 5, 16, 8, 30, tzinfo=UTC)),
        (None, None),
        ("", None),
    ],
)
def test_instants_come_in_many_forms(sent: object, read: datetime | None) -> None:
    assert instant(sent) == read


@pytest.mark.parametrize(
    "sent", ["soon", "2027-13-01T00:00:00Z", "-0001-11-30T00:00:00+00:00", 1810456200, "0001-01-01T00:00:00+14:00"]
)
def test_what_is_no_instant_is_said_to_be_none(sent: object) -> None:
    with pytest.raises(BadRecord, match="closing"):
        instant(sent, "closing")


@given(
    st.dates(min_value=date(1900, 1, 1)), st.sampled_from(["", "T00:00:00+00:00", "T00:00:00+13:00", "T23:59:59-11:00"])
)
def test_a_birthday_never_moves(born: date, tail: str) -> None:
    assert day(born.isoformat() + tail) == born


@pytest.mark.parametrize(
    ("sent", "read"), [("  Ada ", "Ada"), (None, ""), ("", ""), (7, "7"), ("a\x00b", "ab"), ("\t\n", "")]
)
def test_text_is_stripped_and_absent_text_is_empty(sent: object, read: str) -> None:
    assert text(sent) == read


@pytest.mark.parametrize("sent", [None, "", "  ", True, [], 1.5])
def test_an_id_is_never_empty(sent: object) -> None:
    with pytest.raises(BadRecord):
        identifier(sent)


@pytest.mark.parametrize(("sent", "read"), [(7, 7), ("7", 7), (7.0, 7), (" -3 ", -3), (None, None), ("", None)])
def test_whole_numbers(sent: object, read: int | None) -> None:
    assert whole(sent) == read


@pytest.mark.parametrize("sent", [True, 1.5, "7.5", "١٢", 2**31, "99999999999", [], "seven"])
def test_what_is_no_whole_number_or_too_large_for_a_column(sent: object) -> None:
    with pytest.raises(BadRecord):
        whole(sent)


def test_nothing_is_counted_below_nought() -> None:
    with pytest.raises(BadRecord):
        count(-1)


def test_a_word_not_met_before_is_not_fatal() -> None:
    assert member("OPEN", ListingStatus, ListingStatus.UNKNOWN) is ListingStatus.OPEN
    assert member("postponed", ListingStatus, ListingStatus.UNKNOWN) is ListingStatus.UNKNOWN
    assert member(["open"], ListingStatus, ListingStatus.UNKNOWN) is ListingStatus.UNKNOWN


@pytest.mark.parametrize(
    "sent",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "//evil.example/x",
        "/relative",
        "https://user:pass@evil.example",
        "https://ex ample/x",
        "https://example/\x01",
        "https://[bad",
        "",
    ],
)
def test_an_address_that_is_not_safe_to_link_is_left_out(sent: str) -> None:
    assert web_address(sent) == ""


def test_a_web_address_stays_as_it_is() -> None:
    assert web_address(" HTTPS://example.org/a?b=c#d ") == "HTTPS://example.org/a?b=c#d"


def test_html_becomes_lines_of_text() -> None:
    sent = "<p>Two laps &amp; a <b>dock</b>.</p><p>Bring:<br>shoes</p><ul><li>one</li></ul><style>p{}</style>"
    assert plain_text(sent) == "Two laps & a dock.\nBring:\nshoes\none"


def test_plain_text_stays_what_it_is() -> None:
    assert plain_text("Under 5 < 10 & over\n\n\n\nNext") == "Under 5 < 10 & over\n\nNext"


@given(st.dictionaries(st.text(max_size=5), anything, max_size=5))
def test_the_order_of_keys_does_not_change_a_fingerprint(value: dict[str, object]) -> None:
    turned = dict(reversed(value.items()))
    assert canonical(value) == canonical(turned)
    assert len(fingerprint(canonical(value))) == 16
    assert json.loads(canonical(value)) == value


def test_parts_of_a_fingerprint_do_not_run_together() -> None:
    assert fingerprint(b"ab", b"c") != fingerprint(b"a", b"bc")
