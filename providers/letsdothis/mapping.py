"""Rows into records: one function per kind, no I/O, the same answer every time.

Events and races have no listing of their own. They are derived: every row mentions what it points at, as of its own
``updatedAt``, so that the newest row's names win.
"""

from functools import lru_cache, partial
from operator import attrgetter
from typing import NamedTuple

from providers.decoded import Decoded
from providers.letsdothis import folded
from providers.letsdothis.contract import BOOKED
from providers.letsdothis.declared import take
from providers.letsdothis.erased import Placing, whatever_else_it_says
from providers.letsdothis.payloads import is_redacted
from providers.letsdothis.people import Reading, Ways, read_person
from providers.letsdothis.places import NOT_STATED, UNDATED, race_external_id, remote_id
from providers.letsdothis.shapes import Application, Booked, Participant, Ticket, flat, read, spelled, values
from providers.parsing import count, lenient, shown_instant
from providers.records import (
    ApplicationRecord,
    EntryRecord,
    EventRecord,
    Money,
    Person,
    RaceRecord,
    TicketTypeRecord,
)
from providers.surprises import glances

NOBODY = Reading(person=Person())
_REPEATED = ("waves", "original_ticket_price", "reserved_entry_partner_external_ids", "booking_codes_used", "tags")
_repeated = attrgetter(*_REPEATED)
_are_as_declared = glances([BOOKED[key] for key in spelled(Participant, _REPEATED)])


class Details(NamedTuple):
    """What many rows say in the same words."""

    wave: str
    list_price: Money | None
    partner_other_ids: tuple[tuple[str, str], ...]
    codes: tuple[str, ...]
    tags: tuple[str, ...]
    as_declared: bool


def entry(external_id: str, payload: bytes, ways: Ways, unit: str) -> Decoded:
    """A participant; it mentions its event, race and ticket type. Raises BadRecord, unless somebody is to be erased."""
    return whatever_else_it_says(payload, partial(_entry, external_id, ways, unit))


def _entry(external_id: str, ways: Ways, unit: str, payload: bytes, place_of: Placing) -> Decoded:
    row, strictly = take(payload, Participant)
    place, updated_at = place_of(row), shown_instant(row.updated_at)
    redacted = is_redacted(row.gdpr_redacted)
    booker = folded.contact(None if redacted else row.booker)
    who = NOBODY if redacted else _who(row, booker, payload, ways)
    details = _details(b",".join(_repeated(row)), unit)
    status, status_text = folded.status(row.status_details)
    record = EntryRecord(
        external_id=external_id,
        event_id=place.event_id,
        race_id=place.race_id,
        status=status,
        status_text=status_text,
        person=who.person,
        person_is_booker=who.is_booker,
        bib="" if redacted else folded.words(row.bib_number),
        wave=details.wave,
        ticket_type_id=place.ticket_id,
        ticket_title=place.ticket_title,
        list_price=details.list_price,
        booking_id=remote_id(row.booking_id, "bookingId"),
        booker_name=booker.name,
        booker_email=booker.email,
        application_id=remote_id(row.application_id, "applicationId"),
        partner_name=folded.words(row.reserved_entry_partner_name),
        partner_group=folded.words(row.reserved_entry_group_name),
        partner_group_id=remote_id(row.reserved_entry_group_code, "reservedEntryGroupCode"),
        partner_other_ids=details.partner_other_ids,
        codes=() if redacted else details.codes,
        tags=() if redacted else details.tags,
        answers=who.answers,
        redacted=redacted,
        created_at=shown_instant(row.created_at),
        updated_at=updated_at,
    )
    return Decoded(record, place.mentions, updated_at, strictly and place.as_declared and details.as_declared)


def application(external_id: str, payload: bytes, ways: Ways) -> Decoded:
    """An application; it mentions the same. Raises BadRecord, unless somebody is to be erased."""
    return whatever_else_it_says(payload, partial(_application, external_id, ways))


def _application(external_id: str, ways: Ways, payload: bytes, place_of: Placing) -> Decoded:
    row, strictly = take(payload, Application)
    place, updated_at = place_of(row), shown_instant(row.updated_at)
    redacted = is_redacted(row.gdpr_redacted)
    who = NOBODY if redacted else _who(row, folded.contact(row.booker), payload, ways)
    record = ApplicationRecord(
        external_id=external_id,
        event_id=place.event_id,
        race_id=place.race_id,
        approval=folded.words(row.approval_status),
        resolution=folded.words(row.application_resolution_type),
        draw=folded.words(row.ballot_draw),
        person=who.person,
        person_is_booker=who.is_booker,
        ticket_type_id=place.ticket_id,
        ticket_title=place.ticket_title,
        booking_id=remote_id(row.booking_id, "bookingId"),
        partner_name=folded.words(row.reserved_entry_partner_name),
        partner_group=folded.words(row.reserved_entry_group_name),
        answers=who.answers,
        redacted=redacted,
        created_at=shown_instant(row.created_at),
        updated_at=updated_at,
    )
    return Decoded(record, place.mentions, updated_at, strictly and place.as_declared)


def ticket(external_id: str, payload: bytes, unit: str) -> Decoded:
    """A ticket of an event; it mentions the event, and the race where it names one edition of it. Raises BadRecord."""
    row = read(payload, Ticket)
    event_id = remote_id(row.event_id, "eventId") or NOT_STATED
    occurrence = remote_id(row.event_occurrence_id, "eventOccurrenceId")
    # A race id alone may be any of several editions: better none than the wrong one.
    race_id = race_external_id(remote_id(row.race_id, "raceId"), occurrence) if row.race_id and occurrence else ""
    record = TicketTypeRecord(
        external_id=external_id,
        event_id=event_id,
        race_id=race_id,
        title=next(filter(None, map(folded.words, (row.title, row.ticket_title, row.name))), ""),
        price=folded.money(row.price, unit),
        capacity=lenient(count, row.capacity, None),
    )
    event = EventRecord(external_id=event_id, stub=True, as_of=UNDATED)
    race = RaceRecord(external_id=race_id, event_id=event_id, stub=True, as_of=UNDATED)
    return Decoded(record, (event, race) if race_id else (event,))


def _who(row: Booked, booker: folded.Contact, payload: bytes, ways: Ways) -> Reading:
    form = folded.filled_form(row.fields)
    given = read_person(form, booker, {}, ways)
    nobody = not (given.person.first_name or given.person.last_name or given.is_booker)
    return read_person(form, booker, flat(payload), ways) if nobody else given


@lru_cache(maxsize=4096)
def _details(said: bytes, unit: str) -> Details:
    waves, price, other_ids, codes, tags = values(said)
    return Details(
        wave=folded.wave(waves),
        list_price=folded.money(price, unit),
        partner_other_ids=folded.external_ids(other_ids),
        codes=folded.codes(codes),
        tags=folded.tags(tags),
        as_declared=_are_as_declared(b"[%b]" % said),
    )
