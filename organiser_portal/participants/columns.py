"""From a provider's record to the columns of ours that a provider owns: of one record by name, of many as columns."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from msgspec.structs import astuple

from organiser_portal.connections.columns import Column, Same, narrowed, spread
from organiser_portal.participants.folding import search_text, sort_name
from providers.records import PERSON_FIELDS, EntryRecord, EntrySide

if TYPE_CHECKING:
    from organiser_portal.events.ingest import Place


class Incoming[R: EntrySide](msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One record ready to be stored, and where it belongs here. ``fingerprint`` is the hash of how it was said."""

    record: R
    fingerprint: bytes
    place: "Place"
    now: datetime
    ticket_type_id: int | None = None


type _Find = Callable[[Incoming[Any]], Any]


class _Read(NamedTuple):
    """Where a column is found, and what is made of it."""

    field: str
    made: Callable[[Any], Any] | None = None

    def of(self, source: object) -> Any:
        value = getattr(source, self.field)
        return self.made(value) if self.made else value

    def of_many(self, fields: Mapping[str, Sequence[Any]]) -> Column:
        column = narrowed(fields[self.field])
        if self.made is None:
            return column
        return Same(self.made(column.value)) if isinstance(column, Same) else list(map(self.made, column))


def _named(*names: str, **elsewhere: str) -> dict[str, _Read]:
    """Column → where it is found, under its own name or another."""
    return {**{name: _Read(name) for name in names}, **{name: _Read(at) for name, at in elsewhere.items()}}


_value = attrgetter("_value_")  # of an enum, without the detour of ``value``

# By where they are found: in the person, in the record, or in what we know of it.
_OF_PERSON = _named(*PERSON_FIELDS) | {"gender": _Read("gender", _value)}
_OF_BOTH = _named(
    *("person_is_booker", "ticket_title", "booking_id", "partner_name", "partner_group", "answers", "redacted"),
    remote_updated_at="updated_at",
)
_OF_ENTRY = {
    **_OF_BOTH,
    **_named("status_text", "booker_name", "booker_email", "partner_other_ids", "codes", "tags", "orders"),
    **_named(
        provider_bib="bib",
        provider_wave="wave",
        application_external_id="application_id",
        partner_group_external_id="partner_group_id",
    ),
    "status": _Read("status", _value),
    "price_minor": _Read("list_price", lambda price: price and price.minor),
    "price_unknown": _Read("list_price", lambda price: price and price.unknown_unit),
    "currency": _Read("list_price", lambda price: price.currency if price else ""),
    "affiliations": _Read("affiliations", dict),
}
_OF_APPLICATION = _OF_BOTH | _named("approval", "resolution", "draw")
_BEGAN: _Find = lambda item: item.record.created_at or item.now  # noqa: E731  # one line of a table
_PLACED: dict[str, _Find] = {"race_id": attrgetter("place.race_id"), "listing_id": attrgetter("place.listing_id")}
_OF_ENTRY_HERE: dict[str, _Find] = {**_PLACED, "ticket_type_id": attrgetter("ticket_type_id"), "entered_at": _BEGAN}
_OF_APPLICATION_HERE: dict[str, _Find] = {**_PLACED, "applied_at": _BEGAN}

DERIVED = ("sort_name", "search_text")
HELD = {"first_name": 200, "last_name": 200, "email": 254}
BIB = 40
"""How long the columns are that these are made of: what is cut there can be neither found nor read in a list."""
ENTRY_SAID: tuple[str, ...] = (*_OF_PERSON, *_OF_ENTRY)
"""What depends on nothing but what was said."""
ENTRY_HERE: tuple[str, ...] = tuple(_OF_ENTRY_HERE)
ENTRY_COLUMNS: tuple[str, ...] = (*ENTRY_SAID, *ENTRY_HERE)
APPLICATION_COLUMNS: tuple[str, ...] = (*_OF_PERSON, *_OF_APPLICATION, *_OF_APPLICATION_HERE)


def entry_values(item: Incoming[EntryRecord]) -> dict[str, Any]:
    """What the provider says of an entry, by column name, as our rows give it back."""
    record = item.record
    found = {
        **{name: read.of(record.person) for name, read in _OF_PERSON.items()},
        **{name: read.of(record) for name, read in _OF_ENTRY.items()},
        **{name: read(item) for name, read in _OF_ENTRY_HERE.items()},
    }
    lists = {name: value for name, value in found.items() if type(value) is tuple}
    return {**found, **msgspec.json.decode(msgspec.json.encode(lists))}


def entry_said(records: Sequence[EntryRecord]) -> dict[str, Column]:
    """The columns of many entries that depend on nothing but what was said, by name, in the order of ``ENTRY_SAID``;
    lists among them may be tuples.
    """
    return _said(records, _OF_ENTRY)


def entry_here(items: Sequence[Incoming[Any]]) -> dict[str, Column]:
    """The others, in the order of ``ENTRY_HERE``."""
    return _found(items, _OF_ENTRY_HERE)


def application_columns(items: Sequence[Incoming[Any]]) -> dict[str, Column]:
    """The columns of many applications, in the order of ``APPLICATION_COLUMNS``."""
    return _said([item.record for item in items], _OF_APPLICATION) | _found(items, _OF_APPLICATION_HERE)


def derived(rows: int, told: Mapping[str, Column], *bibs: Column) -> list[Column]:
    """What lists are sorted and searched by: ``DERIVED``."""
    first, last, email = (_as_held(told[name], rows, limit) for name, limit in HELD.items())
    said = [_as_held(column, rows, BIB) for column in bibs if column != Same("")]
    return [list(map(sort_name, first, last)), list(map(search_text, first, last, email, *said))]


def _as_held(column: Column, rows: int, limit: int) -> list[str]:
    return [value[:limit] for value in spread(column, rows)]


def _said(records: Sequence[msgspec.Struct], of_record: Mapping[str, _Read]) -> dict[str, Column]:
    of_records = _fields(records)
    of_persons = _fields(of_records["person"])
    return {
        **{name: read.of_many(of_persons) for name, read in _OF_PERSON.items()},
        **{name: read.of_many(of_records) for name, read in of_record.items()},
    }


def _found(items: Sequence[Incoming[Any]], here: Mapping[str, _Find]) -> dict[str, Column]:
    return {name: narrowed(list(map(read, items))) for name, read in here.items()}


def _fields(structs: Sequence[msgspec.Struct]) -> dict[str, Sequence[Any]]:
    """What many of one shape hold, field by field: taken out one at a time it would cost twice as much."""
    return dict(zip(structs[0].__struct_fields__, zip(*map(astuple, structs), strict=True), strict=True))
