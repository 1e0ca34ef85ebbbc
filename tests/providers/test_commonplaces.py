"""What payloads have in common is kept once, and nothing of a person is among it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.commonplaces import FEWEST, LARGEST, commonplaces
from providers.packing import BY_ITSELF, Packing

PLACES = frozenset({"race", "fields.label", "price.amount"})
# Of letters and digits that no field name and no label has.
personal = st.text("äöüßéñçøåæ", min_size=2) | st.integers(min_value=7_000_000)
anything = st.recursive(
    personal | st.none() | st.booleans(), lambda inner: st.lists(inner) | st.dictionaries(st.text("abc"), inner)
)


def record(number: int, **more: Any) -> dict[str, Any]:
    asked = [{"label": label, "value": f"{label} {number}"} for label in ("First name", "Surname", "Shirt size")]
    return {"id": number, "race": "Hexley 10K", "fields": asked, "price": {"amount": 4200}, "team": None, **more}


def written(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def payloads(count: int = FEWEST, **more: Any) -> list[bytes]:
    return [written(record(number, **more)) for number in range(count)]


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict | list):
        return [leaf for inner in (value.values() if isinstance(value, dict) else value) for leaf in leaves(inner)]
    return [value] if isinstance(value, str | int) and not isinstance(value, bool) else []


def test_it_holds_names_of_fields_and_what_stands_where_nothing_is_about_a_person() -> None:
    dictionary = commonplaces(payloads(), PLACES)
    assert b'"race":"Hexley 10K","fields":[{"label":"First name","value":' in dictionary
    assert b'"price":{"amount":4200},"team":null}' in dictionary


@given(anything, st.sampled_from(["booker", "race_director", "label", "value", "fields.label"]))
def test_what_stands_elsewhere_is_never_in_it_however_often_it_is_said(said: Any, name: str) -> None:
    answers = [{"label": "First name", "value": said}, {"label": "Surname", "value": said, name.lower(): {"is": said}}]
    texts = payloads(**{name: said}, fields=answers) if name != "fields.label" else payloads(fields=answers)
    dictionary = commonplaces(texts, PLACES)
    assert dictionary
    for leaf in leaves(said):
        assert str(leaf).encode() not in dictionary


@given(st.binary())
def test_whatever_is_packed_comes_back(payload: bytes) -> None:
    packing = Packing(commonplaces(payloads(), PLACES))
    assert packing.unpack(packing.pack(payload)) == payload
    assert BY_ITSELF.unpack(BY_ITSELF.pack(payload)) == payload


def test_it_makes_payloads_smaller_that_came_later() -> None:
    packing = Packing(commonplaces(payloads(), PLACES))
    later = written(record(70_001))
    assert len(packing.pack(later)) < len(BY_ITSELF.pack(later)) / 2


@pytest.mark.parametrize(
    "texts", [[], payloads(FEWEST - 1), [b"{"] * FEWEST, [b"[" * 9_000 + b"]" * 9_000] * FEWEST, [b'"Ada"'] * FEWEST]
)
def test_there_is_none_of_few_or_of_what_cannot_be_read(texts: list[bytes]) -> None:
    assert commonplaces(texts, PLACES) == b""


@pytest.mark.parametrize("odd", [b"1" * 30, b"1" * 400, b"1e999", rb'"\ud800"', b'"\xff"'])
def test_odd_values_harm_nobody(odd: bytes) -> None:
    commonplaces([b'{"race":' + odd + b"}"] * FEWEST, PLACES)


def test_it_has_an_end() -> None:
    many = {f"field {number}": None for number in range(5_000)}
    assert 0 < len(commonplaces(payloads(**many), PLACES)) <= LARGEST
