"""The rows of the API, as far as they are read. Any key may be missing, null, or of another type."""

import functools
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, TypeGuard

import msgspec

from providers.errors import BadRecord

NULL = msgspec.Raw(b"null")

type Scalar = str | int | None
"""What names something, as it usually comes. No two of these are equal unless they are the same."""


class Booked(msgspec.Struct, rename="camel", gc=False):
    """Keys that a participant and an application share. The last block comes with ``extendMetadata``.

    What many rows say in the same words comes as bytes, to be read once for all of them. So does a form, except in a
    row that is as declared, where it is a list of `Asked`; there ``booker`` is a `Booker`, and a status of `Detail`.
    """

    booking_id: object = None
    event_occurrence_id: msgspec.Raw = NULL
    event_id: msgspec.Raw = NULL
    race_id: msgspec.Raw = NULL
    ticket_title: msgspec.Raw = NULL
    ticket_id: msgspec.Raw = NULL
    created_at: object = None
    updated_at: object = None
    fields: msgspec.Raw = NULL
    booker: object = None
    gdpr_redacted: object = None

    event_name: msgspec.Raw = NULL
    race_name: msgspec.Raw = NULL
    race_start_date: msgspec.Raw = NULL
    sport_id: msgspec.Raw = NULL
    distance_id: msgspec.Raw = NULL
    distances: msgspec.Raw = NULL
    discipline_label: msgspec.Raw = NULL
    event_location: msgspec.Raw = NULL
    reserved_entry_group_name: object = None
    reserved_entry_partner_name: object = None


class Participant(Booked, rename="camel", gc=False):
    waves: msgspec.Raw = NULL
    original_ticket_price: msgspec.Raw = NULL
    bib_number: object = None
    booking_codes_used: msgspec.Raw = NULL
    tags: msgspec.Raw = NULL
    status_details: object = None
    reserved_entry_group_code: object = None
    reserved_entry_partner_external_ids: msgspec.Raw = NULL
    application_id: object = None


class Application(Booked, rename="camel", gc=False):
    approval_status: object = None
    application_resolution_type: object = None
    ballot_draw: object = None


class Asked(msgspec.Struct, gc=False):
    """One question of a form with its answer, in every likely spelling."""

    id: Scalar = None
    slug: Scalar = None
    key: Scalar = None
    name: Scalar = None
    label: Scalar = None
    title: Scalar = None
    question: Scalar = None
    value: object = None
    answer: object = None
    response: object = None


class Booker(msgspec.Struct, rename="camel", gc=False):
    """Whoever booked, as it usually comes."""

    first_name: object = None
    last_name: object = None
    name: object = None
    full_name: object = None
    email_address: object = None
    email: object = None
    phone_number: object = None
    phone: object = None


class Detail(msgspec.Struct, rename="camel", gc=False):
    """One thing said of a status, and when, in every likely spelling."""

    status: object = None
    type: object = None
    state: object = None
    date: object = None
    created_at: object = None
    timestamp: object = None


def made[S: msgspec.Struct](shape: type[S], said: Mapping[str, object]) -> S:
    """The shape out of a plain map, with its values as they are."""
    pairs = zip(shape.__struct_fields__, shape.__struct_encode_fields__, strict=True)
    return shape(**{name: said.get(key) for name, key in pairs})


def is_detail(said: object) -> TypeGuard[Detail]:
    """Whether this is one already, and no JSON value."""
    return isinstance(said, msgspec.Struct)


class Ticket(msgspec.Struct, rename="camel"):
    """All of it inferred. ``event_id`` is put there by us: a ticket does not say whose it is."""

    title: object = None
    ticket_title: object = None
    name: object = None
    event_id: object = None
    race_id: object = None
    event_occurrence_id: object = None
    price: object = None
    capacity: object = None


class WithForm(msgspec.Struct):
    """Only what holds the questions."""

    fields: msgspec.Raw = NULL


def spelled(row: type[msgspec.Struct], names: Iterable[str]) -> list[str]:
    """The keys of these members, as the API writes them."""
    keys = {field.name: field.encode_name for field in msgspec.structs.fields(row)}
    return [keys[name] for name in names]


def _readable[T](payload: bytes | msgspec.Raw, decoder: msgspec.json.Decoder[T], what: str) -> T:
    try:
        return decoder.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ArithmeticError):
        raise BadRecord(f"the {what} is not JSON that can be read") from None


@functools.cache
def _decoder(shape: type[Any]) -> msgspec.json.Decoder[Any]:
    # Decimals as written: 42.00 says more than 42.
    return msgspec.json.Decoder(shape, float_hook=Decimal)


def read[S: msgspec.Struct](payload: bytes, shape: type[S]) -> S:
    """The row as this shape. Raises BadRecord."""
    found: S = _readable(payload, _decoder(shape), "row")
    return found


def value(raw: bytes | msgspec.Raw) -> object:
    """One member of a row as plain JSON values. Raises BadRecord."""
    return _readable(raw, _decoder(object), "value")


def values(raws: bytes) -> list[object]:
    """Several members of a row, joined by commas, as `value` reads each. Raises BadRecord."""
    found: list[object] = _readable(b"[%b]" % raws, _decoder(list[object]), "value")
    return found


def asked(fields: msgspec.Raw) -> list[Asked] | None:
    """A form as it usually comes, a list of objects with plain names; None if it is anything else."""
    try:
        found: list[Asked] = _decoder(list[Asked]).decode(fields)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ArithmeticError):
        return None
    return found


def flat(payload: bytes) -> dict[str, object]:
    """The row as a plain map, for keys that the reference does not know."""
    try:
        found: dict[str, object] = msgspec.json.Decoder(dict[str, object], float_hook=Decimal).decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ArithmeticError):
        return {}
    return found


def plain(payload: bytes) -> dict[str, object]:
    """The row as a plain map of plain JSON values. Raises BadRecord."""
    try:
        return msgspec.json.decode(payload, type=dict[str, object])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise BadRecord("the row is not a JSON object that can be read") from None
