"""The rows of the API, key by key as the reference lists them. Any key may be missing, null, or of another type."""

import functools
from decimal import Decimal

import msgspec

from providers.errors import BadRecord


class Booked(msgspec.Struct, rename="camel"):
    """The 39 keys that a participant and an application share. The last block comes with ``extendMetadata``."""

    id: object = None
    participant_index: object = None
    booking_id: object = None
    transaction_id: object = None
    event_occurrence_id: object = None
    event_id: object = None
    race_id: object = None
    ticket_title: object = None
    ticket_id: object = None
    created_at: object = None
    updated_at: object = None
    waves: object = None
    fields: object = None
    booker: object = None
    booker_type: object = None
    original_ticket_price: object = None
    incremental_status: object = None
    bib_number: object = None
    booking_codes_used: object = None
    reserved_entry_url: object = None
    partner_marketing_opt_ins: object = None
    tags: object = None
    gdpr_redacted: object = None
    status_details: object = None
    tracking: object = None

    event_name: object = None
    race_name: object = None
    race_start_date: object = None
    sport_id: object = None
    distance_id: object = None
    distances: object = None
    discipline_label: object = None
    course: object = None
    event_location: object = None
    competitor_size: object = None
    reserved_entry_group_code: object = None
    reserved_entry_group_name: object = None
    reserved_entry_partner_external_ids: object = None
    reserved_entry_partner_name: object = None


class Participant(Booked, rename="camel"):
    application_id: object = None
    race_day_details: object = None
    result_submission: object = None


class Application(Booked, rename="camel"):
    approval_status: object = None
    application_resolution_type: object = None
    ballot_draw: object = None


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

    fields: object = None


@functools.cache
def _decoder(shape: type[msgspec.Struct]) -> msgspec.json.Decoder[msgspec.Struct]:
    # Decimals as written: 42.00 says more than 42.
    return msgspec.json.Decoder(shape, float_hook=Decimal)


def read[S: msgspec.Struct](payload: bytes, shape: type[S]) -> S:
    """The row as this shape. Raises BadRecord."""
    try:
        found = _decoder(shape).decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ArithmeticError):
        raise BadRecord("the row is not a JSON object that can be read") from None
    assert isinstance(found, shape)
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
