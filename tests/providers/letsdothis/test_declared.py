"""A row that is as declared is read in one strict go, and says what the patient reading would have made of it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.contract import Shape, Sort
from providers.decoded import Decoded
from providers.errors import BadRecord
from providers.letsdothis import mapping
from providers.letsdothis.contract import CONTRACT
from providers.letsdothis.people import Ways
from providers.letsdothis.shapes import read
from providers.records import Kind
from providers.surprises import glance
from tests.providers.letsdothis.samples import APPLICATION, PARTICIPANT
from tests.providers.letsdothis.test_mapping_property import scalars, values, words

KINDS = {Kind.ENTRY: PARTICIPANT, Kind.APPLICATION: APPLICATION}
IS_AS_DECLARED = {kind: glance(CONTRACT[kind]) for kind in KINDS}
answers = st.fixed_dictionaries(
    {},
    optional={
        "id": words,
        "slug": st.sampled_from(["first-name", "dob", "sex", "name", "shirt", ""]) | words,
        "label": st.sampled_from(["Surname", "Full name", "Address", "Medical conditions", ""]) | words,
        "question": words | st.none() | st.integers(),
        "value": values,
        "answer": scalars,
    },
)
bookers = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(["firstName", "lastName", "name", "fullName", "emailAddress", "email", "phone"], words)
    | {"phoneNumber": scalars, "id": values},
)
moments = st.sampled_from(["2027-02-03T19:44:00Z", "2027-02-03T19:45:00.5+02:00", "", None, 0, [], "soon"])
statuses = st.sampled_from(["CONFIRMED", "CANCELLED", "WITHDRAWN", "", None])
details = st.lists(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(["status", "type", "state"], statuses)
        | dict.fromkeys(["date", "createdAt", "timestamp"], moments)
        | {"reason": values},
    )
    | words,
    max_size=3,
)
CLOSER: dict[str, st.SearchStrategy[Any]] = {
    "fields": st.lists(answers, max_size=4),
    "booker": bookers,
    "statusDetails": details,
}


def of(shape: Shape) -> st.SearchStrategy[Any]:
    """Values that are as this says."""
    by_sort = {
        Sort.TEXT: st.sampled_from(sorted(shape.words)) if shape.words else words,
        Sort.NUMBER: st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False),
        Sort.FLAG: st.booleans(),
        Sort.NOTHING: st.none(),
        Sort.LIST: st.lists(of(shape.items) if shape.items else values, max_size=3),
        Sort.RECORD: record_of(shape),
    }
    return st.one_of([by_sort[sort] for sort in sorted(shape.sorts)])


def record_of(shape: Shape) -> st.SearchStrategy[dict[str, Any]]:
    fields = {name: of(inner) for name, inner in (shape.fields or {}).items()}
    known = st.fixed_dictionaries({}, optional=fields)
    if shape.fields is None or shape.others:
        return st.dictionaries(st.text(max_size=3), values, max_size=2).flatmap(lambda more: known.map(more.__or__))
    return known


def rows_of(kind: Kind) -> st.SearchStrategy[dict[str, Any]]:
    """Rows as declared, of which forms, bookers and statuses mostly look as they do."""
    fields = CONTRACT[kind].fields or {}
    pieces = {name: of(shape) for name, shape in fields.items()}
    closer = {name: CLOSER[name] | pieces[name] for name in CLOSER.keys() & pieces.keys()}
    return st.fixed_dictionaries({}, optional=pieces | closer).map(lambda row: KINDS[kind] | row)


ROWS = {kind: rows_of(kind).map(lambda row: row | {"reservedEntryUrl": None}) for kind in KINDS}
anything = st.dictionaries(st.sampled_from(sorted(PARTICIPANT)), values, max_size=3)
less = st.sets(st.sampled_from(sorted(PARTICIPANT)), max_size=3)


def decoded(kind: Kind, payload: bytes) -> Decoded | None:
    try:
        if kind is Kind.ENTRY:
            return mapping.entry("x", payload, Ways(), "unknown")
        return mapping.application("x", payload, Ways())
    except BadRecord:
        return None


def patiently(kind: Kind, payload: bytes) -> Decoded | None:
    """As a row is read that is not as declared."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mapping, "take", lambda payload, shape: (read(payload, shape), False))
        return decoded(kind, payload)


@pytest.mark.parametrize("kind", list(KINDS))
def test_usual_rows_are_taken_strictly(kind: Kind) -> None:
    payload = json.dumps(KINDS[kind] | {"reservedEntryUrl": None}).encode()
    found = decoded(kind, payload)
    assert found
    assert found.as_declared


@given(st.data(), st.sampled_from(list(KINDS)))
def test_both_readings_say_the_same(data: st.DataObject, kind: Kind) -> None:
    row = data.draw(ROWS[kind]) | data.draw(st.just({}) | st.just({}) | anything)
    for name in data.draw(less):
        row.pop(name, None)
    payload = json.dumps(row, ensure_ascii=data.draw(st.booleans())).encode()
    strict, patient = decoded(kind, payload), patiently(kind, payload)
    assert (strict and strict.records) == (patient and patient.records)


@given(st.data(), st.sampled_from(list(KINDS)))
def test_what_it_calls_as_declared_is_so(data: st.DataObject, kind: Kind) -> None:
    row = data.draw(ROWS[kind]) | data.draw(anything | st.dictionaries(st.text(max_size=3), values, max_size=1))
    for name in data.draw(less):
        row.pop(name, None)
    payload = json.dumps(row).encode()
    found = decoded(kind, payload)
    assert not (found and found.as_declared) or IS_AS_DECLARED[kind](payload)
