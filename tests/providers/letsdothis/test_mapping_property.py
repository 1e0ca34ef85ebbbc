"""Whatever a row holds, it is read or refused by name; and always in the same way."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.errors import BadRecord
from providers.letsdothis.client import LetsDoThis
from providers.letsdothis.payloads import read_row
from providers.port import Received
from providers.records import ApplicationRecord, EntryRecord, Kind, TicketTypeRecord
from tests.providers.letsdothis.samples import APPLICATION, PARTICIPANT, TICKET, raw
from tests.providers.letsdothis.world import Remote, client

words = st.text(max_size=8) | st.sampled_from(
    ["2027-02-03T19:44:00.007Z", "9999-12-31T23:59:59-14:00", "31/12/1999", "CANCELLED", "42.00", "-1", "\x00", "1e999"]
)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | words
inner = ["id", "slug", "label", "value", "name", "status", "date", "amount", "currency", "city", "unit", "firstName"]
values = st.recursive(
    scalars,
    lambda deeper: (
        st.lists(deeper, max_size=3) | st.dictionaries(st.sampled_from(inner) | st.text(max_size=5), deeper, max_size=4)
    ),
    max_leaves=8,
)
KEYS = sorted({*PARTICIPANT, *APPLICATION, *TICKET, "firstName", "dateOfBirth", "email"} - {"id"})
rows = st.dictionaries(st.sampled_from(KEYS), values, max_size=12)
PROVIDERS = {unit: client(Remote(), price_unit=unit) for unit in ("unknown", "minor", "major")}
KINDS = {Kind.ENTRY: EntryRecord, Kind.APPLICATION: ApplicationRecord, Kind.TICKET_TYPE: TicketTypeRecord}


@given(rows, st.sampled_from(list(KINDS)), st.sampled_from(list(PROVIDERS.values())))
def test_any_object_with_an_id_is_a_record_and_twice_the_same(row: dict[str, Any], kind: Kind, provider: LetsDoThis):
    item = read_row(kind, raw(row | {"id": "x1"})).item
    assert isinstance(item, Received)
    records = provider.decode(item)
    assert type(records[0]) is KINDS[kind]
    assert records[0].external_id == "x1"
    assert records == provider.decode(item)


@given(st.binary(max_size=40) | rows.map(lambda row: json.dumps(row).encode()))
def test_any_bytes_in_store_are_read_or_refused(payload: bytes):
    item = Received(kind=Kind.ENTRY, external_id="x", fingerprint=b"", payload=payload)
    provider = PROVIDERS["unknown"]
    provider.person_questions([payload])
    with contextlib.suppress(BadRecord):
        assert provider.decode(item)[0].external_id == "x"


def test_what_is_nested_without_end_is_refused():
    deep = b'{"id": "x", "tags": ' + b"[" * 50_000 + b"]" * 50_000 + b"}"
    item = Received(kind=Kind.ENTRY, external_id="x", fingerprint=b"", payload=deep)
    with pytest.raises(BadRecord, match="can be read"):
        PROVIDERS["unknown"].decode(item)
