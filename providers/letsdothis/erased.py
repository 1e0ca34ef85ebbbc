"""Rows of people who are to be erased: as much is read as can be, and whatever cannot does not keep the person."""

from collections.abc import Callable

import msgspec

from providers.decoded import Decoded
from providers.errors import BadRecord
from providers.letsdothis.payloads import NO_JSON, Fields, is_redacted
from providers.letsdothis.places import Place, place_of, remote_id
from providers.letsdothis.shapes import Booked, value

IDS = ("bookingId", "applicationId", "reservedEntryGroupCode")
NOWHERE = Place(event_id="", race_id="", ticket_id="", ticket_title="", mentions=(), as_declared=False)
"""Not told: the person's row stays where it is."""

type Placing = Callable[[Booked], Place]
type Reader = Callable[[bytes, Placing], Decoded]


def whatever_else_it_says(payload: bytes, reader: Reader) -> Decoded:
    """What the reader makes of it. Raises BadRecord, unless somebody is to be erased."""
    try:
        return reader(payload, place_of)
    except BadRecord:
        fields = _fields(payload)
        if not is_redacted(_said(fields, "gdprRedacted")):
            raise
    legible = {name: told for name, told in fields.items() if _is_legible(name, told)}
    return reader(msgspec.json.encode(legible), _place_if_told)


def _place_if_told(row: Booked) -> Place:
    try:
        return place_of(row)
    except BadRecord:
        return NOWHERE


def _fields(payload: bytes) -> Fields:
    try:
        fields: Fields = msgspec.json.decode(payload, type=Fields)
    except NO_JSON:
        return {}
    return fields


def _said(fields: Fields, name: str) -> object:
    return value(fields.get(name, msgspec.Raw(b"null")))


def _is_legible(name: str, told: msgspec.Raw) -> bool:
    try:
        said = value(told)
        return name not in IDS or bool(remote_id(said, name))
    except BadRecord:
        return False
