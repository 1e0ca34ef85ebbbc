"""Rows into records: one function per kind, no I/O, the same answer every time.

Events and races have no listing of their own. They are derived: every row brings stubs of what it points at, stamped
with its own ``updatedAt``, so that the newest row's names win.
"""

from functools import lru_cache

from providers.letsdothis import folded
from providers.letsdothis.payloads import is_redacted
from providers.letsdothis.people import Reading, Ways, read_person
from providers.letsdothis.places import NOT_STATED, UNDATED, place_of, race_external_id, remote_id
from providers.letsdothis.shapes import Application, Booked, Participant, Ticket, flat, once, read, value
from providers.parsing import count, lenient, shown_instant
from providers.records import (
    ApplicationRecord,
    EntryRecord,
    EventRecord,
    Money,
    Person,
    RaceRecord,
    Record,
    TicketTypeRecord,
)

NOBODY = Reading(person=Person())


def entry(external_id: str, payload: bytes, ways: Ways, unit: str) -> tuple[Record, ...]:
    """A participant, then stubs of its event, race and ticket type."""
    row = read(payload, Participant)
    place, updated_at = place_of(row), shown_instant(row.updated_at)
    redacted = is_redacted(row.gdpr_redacted)
    who = NOBODY if redacted else _who(row, payload, ways)
    booker = folded.contact(None if redacted else row.booker)
    status, status_text = folded.status(row.status_details)
    record = EntryRecord(
        external_id=external_id,
        event_id=place.event.external_id,
        race_id=place.race.external_id,
        status=status,
        status_text=status_text,
        person=who.person,
        person_is_booker=who.is_booker,
        bib="" if redacted else folded.words(row.bib_number),
        wave=once(folded.wave, bytes(row.waves)),
        ticket_type_id=place.ticket_id,
        ticket_title=place.ticket_title,
        list_price=_price(bytes(row.original_ticket_price), unit),
        booking_id=remote_id(row.booking_id, "bookingId"),
        booker_name=booker.name,
        booker_email=booker.email,
        application_id=remote_id(row.application_id, "applicationId"),
        partner_name=folded.words(row.reserved_entry_partner_name),
        partner_group=folded.words(row.reserved_entry_group_name),
        partner_group_id=remote_id(row.reserved_entry_group_code, "reservedEntryGroupCode"),
        partner_other_ids=once(folded.external_ids, bytes(row.reserved_entry_partner_external_ids)),
        codes=() if redacted else once(folded.codes, bytes(row.booking_codes_used)),
        tags=() if redacted else once(folded.tags, bytes(row.tags)),
        answers=who.answers,
        redacted=redacted,
        created_at=shown_instant(row.created_at),
        updated_at=updated_at,
    )
    return record, *place.stubs(updated_at)


def application(external_id: str, payload: bytes, ways: Ways) -> tuple[Record, ...]:
    """An application, then stubs of its event, race and ticket type."""
    row = read(payload, Application)
    place, updated_at = place_of(row), shown_instant(row.updated_at)
    redacted = is_redacted(row.gdpr_redacted)
    who = NOBODY if redacted else _who(row, payload, ways)
    record = ApplicationRecord(
        external_id=external_id,
        event_id=place.event.external_id,
        race_id=place.race.external_id,
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
    return record, *place.stubs(updated_at)


def ticket(external_id: str, payload: bytes, unit: str) -> tuple[Record, ...]:
    """A ticket of an event, then stubs of the event, and of the race where it names one edition of it."""
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
    return (record, event, race) if race_id else (record, event)


def _who(row: Booked, payload: bytes, ways: Ways) -> Reading:
    form, booker = folded.filled_form(row.fields), folded.contact(row.booker)
    given = read_person(form, booker, {}, ways)
    nobody = not (given.person.first_name or given.person.last_name or given.is_booker)
    return read_person(form, booker, flat(payload), ways) if nobody else given


@lru_cache(maxsize=1024)
def _price(raw: bytes, unit: str) -> Money | None:
    return folded.money(value(raw), unit)
