"""From a provider's record to the columns of ours that a provider owns: of one record by name, of many as columns."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

import msgspec

from organiser_portal.events.ingest import Place
from providers.records import PERSON_FIELDS, ApplicationRecord, EntryRecord

type Read = Callable[[Any], Any]


class Incoming(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One record ready to be stored, and where it belongs here. ``fingerprint`` is the hash of how it was said."""

    record: EntryRecord | ApplicationRecord
    fingerprint: bytes
    place: Place
    now: datetime
    ticket_type_id: int | None = None


def _named(*names: str, **renamed: str) -> dict[str, Read]:
    """Column → where it is found, under its own name or another."""
    return {**{name: attrgetter(name) for name in names}, **{name: attrgetter(at) for name, at in renamed.items()}}


# By where they are found: in the person, in the record, or in what we know of it.
_OF_PERSON = _named(*PERSON_FIELDS) | _named(gender="gender.value")
_OF_BOTH = _named(
    *("person_is_booker", "ticket_title", "booking_id", "partner_name", "partner_group", "answers", "redacted"),
    remote_updated_at="updated_at",
)
_OF_ENTRY = {
    **_OF_BOTH,
    **_named("status_text", "booker_name", "booker_email", "partner_other_ids", "codes", "tags", "orders"),
    **_named(
        status="status.value",
        provider_bib="bib",
        provider_wave="wave",
        application_external_id="application_id",
        partner_group_external_id="partner_group_id",
    ),
    "price_minor": lambda record: record.list_price.minor if record.list_price else None,
    "price_unknown": lambda record: record.list_price.unknown_unit if record.list_price else None,
    "currency": lambda record: record.list_price.currency if record.list_price else "",
    "affiliations": lambda record: dict(record.affiliations),
}
_OF_APPLICATION = _OF_BOTH | _named("approval", "resolution", "draw")
_PLACED = _named(race_id="place.race_id", listing_id="place.listing_id")
_BEGAN: Read = lambda item: item.record.created_at or item.now  # noqa: E731  # one line of a table
_OF_ENTRY_HERE = {**_PLACED, **_named("ticket_type_id"), "entered_at": _BEGAN}
_OF_APPLICATION_HERE = {**_PLACED, "applied_at": _BEGAN}

ENTRY_COLUMNS: tuple[str, ...] = (*_OF_PERSON, *_OF_ENTRY, *_OF_ENTRY_HERE)
APPLICATION_COLUMNS: tuple[str, ...] = (*_OF_PERSON, *_OF_APPLICATION, *_OF_APPLICATION_HERE)


def entry_values(item: Incoming) -> dict[str, Any]:
    """What the provider says of an entry, by column name, as our rows give it back."""
    found = {
        **_values(_OF_PERSON, item.record.person),
        **_values(_OF_ENTRY, item.record),
        **_values(_OF_ENTRY_HERE, item),
    }
    lists = {name: value for name, value in found.items() if type(value) is tuple}
    return {**found, **msgspec.json.decode(msgspec.json.encode(lists))}


def entry_columns(items: Sequence[Incoming]) -> dict[str, list[Any]]:
    """The columns of many entries, by name, in the order of ``ENTRY_COLUMNS``; lists among them may be tuples."""
    return _columns(items, _OF_ENTRY, _OF_ENTRY_HERE)


def application_columns(items: Sequence[Incoming]) -> dict[str, list[Any]]:
    """The same of applications, in the order of ``APPLICATION_COLUMNS``."""
    return _columns(items, _OF_APPLICATION, _OF_APPLICATION_HERE)


def _values(table: Mapping[str, Read], source: object) -> dict[str, Any]:
    return {name: read(source) for name, read in table.items()}


def _columns(
    items: Sequence[Incoming], of_record: Mapping[str, Read], here: Mapping[str, Read]
) -> dict[str, list[Any]]:
    records = [item.record for item in items]
    persons = [record.person for record in records]
    parts = ((_OF_PERSON, persons), (of_record, records), (here, items))
    return {name: list(map(read, sources)) for table, sources in parts for name, read in table.items()}
