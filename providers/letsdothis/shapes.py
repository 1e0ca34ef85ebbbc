"""The rows of the API, key by key as the reference lists them. Any key may be missing, null, or of another type."""

import functools
from decimal import Decimal
from typing import Any

import msgspec

from providers.errors import BadRecord

NULL = msgspec.Raw(b"null")

type Scalar = str | int | None
"""What names something, as it usually comes. No two of these are equal unless they are the same."""


class Booked(msgspec.Struct, rename="camel", gc=False):
    """The 39 keys that a participant and an application share. The last block comes with ``extendMetadata``.

    What many rows say in the same words comes as bytes, to be read once for all of them; so does what nobody reads.
    """

    id: msgspec.Raw = NULL
    participant_index: msgspec.Raw = NULL
    booking_id: object = None
    transaction_id: msgspec.Raw = NULL
    event_occurrence_id: msgspec.Raw = NULL
    event_id: msgspec.Raw = NULL
    race_id: msgspec.Raw = NULL
    ticket_title: msgspec.Raw = NULL
    ticket_id: msgspec.Raw = NULL
    created_at: object = None
    updated_at: object = None
    waves: msgspec.Raw = NULL
    fields: msgspec.Raw = NULL
    booker: object = None
    booker_type: msgspec.Raw = NULL
    original_ticket_price: msgspec.Raw = NULL
    incremental_status: msgspec.Raw = NULL
    bib_number: object = None
    booking_codes_used: msgspec.Raw = NULL
    reserved_entry_url: msgspec.Raw = NULL
    partner_marketing_opt_ins: msgspec.Raw = NULL
    tags: msgspec.Raw = NULL
    gdpr_redacted: object = None
    status_details: object = None
    tracking: msgspec.Raw = NULL

    event_name: msgspec.Raw = NULL
    race_name: msgspec.Raw = NULL
    race_start_date: msgspec.Raw = NULL
    sport_id: msgspec.Raw = NULL
    distance_id: msgspec.Raw = NULL
    distances: msgspec.Raw = NULL
    discipline_label: msgspec.Raw = NULL
    course: msgspec.Raw = NULL
    event_location: msgspec.Raw = NULL
    competitor_size: msgspec.Raw = NULL
    reserved_entry_group_code: object = None
    reserved_entry_group_name: object = None
    reserved_entry_partner_external_ids: msgspec.Raw = NULL
    reserved_entry_partner_name: object = None


class Participant(Booked, rename="camel", gc=False):
    application_id: object = None
    race_day_details: msgspec.Raw = NULL
    result_submission: msgspec.Raw = NULL


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
