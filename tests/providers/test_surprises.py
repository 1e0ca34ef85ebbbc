"""What differs from a declaration is told, once and without what it says. The glance agrees with the closer look."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.contract import (
    A_LIST,
    A_MAP,
    ANYTHING,
    FLAG,
    NOTHING,
    NUMBER,
    TEXT,
    Shape,
    list_of,
    loose_record,
    map_of,
    one_of,
    record,
    wrapped,
)
from providers.surprises import MOST_AT_ONCE, Surprise, Why, accepting, glance, surprises

RACE = record(
    {"self": TEXT, "global": FLAG},
    capacity=NUMBER | NOTHING,
    status=one_of("open", "closed"),
    prices=list_of(record(amount=NUMBER | TEXT)) | map_of(record(amount=NUMBER | TEXT)),
    notes=loose_record(kind=one_of("a", "b")) | NOTHING,
    extra=ANYTHING,
    empty=A_MAP | A_LIST,
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text() | st.sampled_from(["open", "a", "b", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*(RACE.fields or {}), "amount", "kind", "new"]), inner, max_size=5)
    ),
    max_leaves=12,
)


def told(value: object, shape: Shape = RACE) -> list[tuple[str, Why, str]]:
    return [(each.path, each.why, each.detail) for each in surprises(msgspec.json.encode(value), shape)]


def test_a_record_as_declared_surprises_nobody() -> None:
    race = {
        "self": "/races/1",
        "global": True,
        "capacity": None,
        "status": "open",
        "prices": {"7f": {"amount": "2.50"}},
        "notes": {"kind": "a", "anything": {"else": 1}},
        "extra": [1, {"two": None}],
        "empty": [],
    }
    assert told(race) == []
    assert glance(RACE)(msgspec.json.encode(race))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"wave": "A"}, ("wave", Why.NEW_FIELD, "")),
        ({"status": "on_hold"}, ("status", Why.NEW_WORD, "on_hold")),
        ({"status": "Open"}, ("status", Why.NEW_WORD, "")),
        ({"status": None}, ("status", Why.NULL, "")),
        ({"self": 7}, ("self", Why.OTHER_SORT, "a number")),
        ({"global": 1}, ("global", Why.OTHER_SORT, "a number")),
        ({"capacity": True}, ("capacity", Why.OTHER_SORT, "true or false")),
        ({"prices": [{"amount": 1}, {"amount": None}]}, ("prices.*.amount", Why.NULL, "")),
        ({"prices": {"7f": {"vat": 1}}}, ("prices.*.vat", Why.NEW_FIELD, "")),
        ({"notes": {"kind": "c", "z": 1}}, ("notes.kind", Why.NEW_WORD, "c")),
        ([], ("", Why.OTHER_SORT, "a list")),
    ],
)
def test_what_differs_is_told(value: object, expected: tuple[str, Why, str]) -> None:
    assert told(value) == [expected]
    assert not glance(RACE)(msgspec.json.encode(value))


def test_the_same_in_every_item_is_told_once() -> None:
    assert told({"prices": [{"vat": 1}] * 50}) == [("prices.*.vat", Why.NEW_FIELD, "")]


def test_a_hostile_record_tells_no_more_than_twenty() -> None:
    assert len(told({f"new{'abcdefghijklmnopqrstuvwxyz'[n]}": n for n in range(26)})) == MOST_AT_ONCE


def test_a_name_that_is_data_is_not_part_of_a_path() -> None:
    (found,) = surprises(b'{"mina@mail.example": "Mina Okafor"}', RACE)
    assert (found.path, found.example) == ("xxxx@xxxx.xxxxxxx", "“xxxx xxxxxx”")
    assert "mina" not in repr(found).lower()


def test_our_own_wrapping_is_no_part_of_a_path() -> None:
    shape = record(event=TEXT, body=wrapped(record(serial=TEXT)))
    assert told({"event": "1", "body": {"serial": None}}, shape) == [("serial", Why.NULL, "")]
    assert told({"event": "1", "body": {"new": 1}}, shape) == [("new", Why.NEW_FIELD, "")]


@pytest.mark.parametrize("payload", [b"", b"{", b"\xff", b"[" * 100_000])
def test_what_is_not_json_is_somebody_elses_business(payload: bytes) -> None:
    assert surprises(payload, RACE) == ()
    assert not glance(RACE)(payload)


@pytest.mark.parametrize(
    ("shape", "taken", "refused"),
    [
        (TEXT | one_of("a"), "b", 1),
        (one_of("a") | one_of("b"), "b", "c"),
        (one_of("a") | NUMBER, 1, "b"),
        (record(a=TEXT) | record(b=TEXT), {"a": "", "b": ""}, {"c": ""}),
        (record(a=TEXT) | A_MAP, {"c": ""}, []),
        (record(a=TEXT) | A_LIST, [1], {"c": ""}),
    ],
)
def test_either_is_as_narrow_as_both_let_it_be(shape: Shape, taken: object, refused: object) -> None:
    assert told(taken, shape) == []
    assert told(refused, shape) != []


@given(value=VALUES)
def test_the_glance_and_the_closer_look_agree(value: object) -> None:
    payload = msgspec.json.encode(value)
    assert glance(RACE)(payload) is (surprises(payload, RACE) == ())


@given(value=VALUES)
def test_what_was_accepted_surprises_no_more(value: object) -> None:
    payload, shape = msgspec.json.encode(value), RACE
    for _ in range(20):
        met = surprises(payload, shape)
        if not met:
            break
        for each in met:
            shape = accepting(shape, each)
        assert not set(map(_key, met)) & set(map(_key, surprises(payload, shape)))
    assert glance(shape)(payload)


def _key(met: Surprise) -> tuple[object, ...]:
    return (met.place, met.why, met.detail)


@pytest.mark.parametrize("name", ['a"b', "a\\b", "a\0b", "a\nb", "\u202e", ""])
def test_a_name_that_no_reader_holds_blinds_nobody(name: str) -> None:
    payload = msgspec.json.encode({name: 1})
    (met,) = surprises(payload, RACE)
    shape = accepting(RACE, met)
    is_as_declared = glance(shape)
    assert is_as_declared(b'{"capacity":1}')
    assert not is_as_declared(b'{"new":1}')
    assert surprises(payload, shape) == ()
