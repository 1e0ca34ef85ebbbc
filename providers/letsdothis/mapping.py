"""Rows into records: one function per kind, no I/O, the same answer every time.

Events and races have no listing of their own. They are derived: every row brings stubs of what it points at, stamped
with its own ``updatedAt``, so that the newest row's names win.
"""

from collections.abc import Iterable

from providers.errors import BadRecord
from providers.letsdothis import folded
from providers.letsdothis.cursor import EPOCH
from providers.letsdothis.payloads import LONGEST_ID, is_redacted
from providers.letsdothis.people import Reading, Ways, read_person
from providers.letsdothis.shapes import Application, Booked, Participant, Ticket, flat, read
from providers.parsing import count, lenient, shown_instant
from providers.records import (
    ApplicationRecord,
    EntryRecord,
    EventRecord,
    Person,
    RaceRecord,
    Record,
    TicketTypeRecord,
)

NOT_STATED = "not-stated"
"""Stands where a row does not say its event or its race: the person in it still has a place."""

UNDATED = EPOCH
"""A mention that says nothing but "there is one": older than whatever else is said, so that it overwrites no name."""


NOBODY = Reading(person=Person())


def entry(external_id: str, payload: bytes, ways: Ways, unit: str) -> tuple[Record, ...]:
    """A participant, then stubs of its event, race and ticket type."""
    row = read(payload, Participant)
    redacted = is_redacted(row.gdpr_redacted)
    who = NOBODY if redacted else _who(row, payload, ways)
    booker = folded.contact(None if redacted else row.booker)
    status, status_text = folded.status(row.status_details)
    record = EntryRecord(
        external_id=external_id,
        event_id=_event_id(row),
        race_id=_race_id(row),
        status=status,
        status_text=status_text,
        person=who.person,
        person_is_booker=who.is_booker,
        bib="" if redacted else folded.words(row.bib_number),
        wave=folded.wave(row.waves),
        ticket_type_id=_id(row.ticket_id, "ticketId"),
        ticket_title=folded.words(row.ticket_title),
        list_price=folded.money(row.original_ticket_price, unit),
        booking_id=_id(row.booking_id, "bookingId"),
        booker_name=booker.name,
        booker_email=booker.email,
        application_id=_id(row.application_id, "applicationId"),
        partner_name=folded.words(row.reserved_entry_partner_name),
        partner_group=folded.words(row.reserved_entry_group_name),
        partner_group_id=_id(row.reserved_entry_group_code, "reservedEntryGroupCode"),
        partner_other_ids=folded.external_ids(row.reserved_entry_partner_external_ids),
        codes=() if redacted else folded.codes(row.booking_codes_used),
        tags=() if redacted else folded.tags(row.tags),
        answers=who.answers,
        redacted=redacted,
        created_at=shown_instant(row.created_at),
        updated_at=shown_instant(row.updated_at),
    )
    return record, *_stubs(row)


def application(external_id: str, payload: bytes, ways: Ways) -> tuple[Record, ...]:
    """An application, then stubs of its event, race and ticket type."""
    row = read(payload, Application)
    redacted = is_redacted(row.gdpr_redacted)
    who = NOBODY if redacted else _who(row, payload, ways)
    record = ApplicationRecord(
        external_id=external_id,
        event_id=_event_id(row),
        race_id=_race_id(row),
        approval=folded.words(row.approval_status),
        resolution=folded.words(row.application_resolution_type),
        draw=folded.words(row.ballot_draw),
        person=who.person,
        person_is_booker=who.is_booker,
        ticket_type_id=_id(row.ticket_id, "ticketId"),
        ticket_title=folded.words(row.ticket_title),
        booking_id=_id(row.booking_id, "bookingId"),
        partner_name=folded.words(row.reserved_entry_partner_name),
        partner_group=folded.words(row.reserved_entry_group_name),
        answers=who.answers,
        redacted=redacted,
        created_at=shown_instant(row.created_at),
        updated_at=shown_instant(row.updated_at),
    )
    return record, *_stubs(row)


def ticket(external_id: str, payload: bytes, unit: str) -> tuple[Record, ...]:
    """A ticket of an event, then stubs of the event, and of the race where it names one edition of it."""
    row = read(payload, Ticket)
    event_id = _id(row.event_id, "eventId") or NOT_STATED
    occurrence = _id(row.event_occurrence_id, "eventOccurrenceId")
    # A race id alone may be any of several editions: better none than the wrong one.
    race_id = race_external_id(_id(row.race_id, "raceId"), occurrence) if row.race_id and occurrence else ""
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


def race_external_id(race_id: str, occurrence: str) -> str:
    """One race spans several dated editions; ours is the race in one of them. Both parts are opaque."""
    joined = f"{race_id}:{occurrence}" if occurrence else race_id
    if len(joined) > LONGEST_ID:
        raise BadRecord("raceId and eventOccurrenceId are too long")
    return joined


def race_parts(external_id: str) -> tuple[str, str]:
    """Their race id and event occurrence id, out of ours."""
    race_id, _, occurrence = external_id.partition(":")
    return race_id, occurrence


def _who(row: Booked, payload: bytes, ways: Ways) -> Reading:
    form, booker = folded.form_answers(row.fields), folded.contact(row.booker)
    given = read_person(form, booker, {}, ways)
    nobody = not (given.person.first_name or given.person.last_name or given.is_booker)
    return read_person(form, booker, flat(payload), ways) if nobody else given


def _stubs(row: Booked) -> Iterable[Record]:
    event_id, race_id, as_of = _event_id(row), _race_id(row), shown_instant(row.updated_at)
    event_name, race_name = folded.words(row.event_name), folded.words(row.race_name)
    yield EventRecord(
        external_id=event_id,
        name=event_name,
        location=folded.location(row.event_location),
        stub=True,
        as_of=as_of if event_name else UNDATED,
    )
    yield RaceRecord(
        external_id=race_id,
        event_id=event_id,
        name=race_name,
        starts_at=shown_instant(row.race_start_date),
        sport=folded.words(row.discipline_label) or folded.words(row.sport_id),
        distance=folded.distances(row.distances) or folded.words(row.distance_id),
        stub=True,
        as_of=as_of if race_name else UNDATED,
    )
    if ticket_id := _id(row.ticket_id, "ticketId"):
        yield TicketTypeRecord(
            external_id=ticket_id,
            event_id=event_id,
            race_id=race_id,
            title=folded.words(row.ticket_title),
            stub=True,
            as_of=as_of,
        )


def _event_id(row: Booked) -> str:
    return _id(row.event_id, "eventId") or NOT_STATED


def _race_id(row: Booked) -> str:
    race_id = _id(row.race_id, "raceId")
    # Races that are not named are kept apart by event.
    return race_external_id(race_id or f"{NOT_STATED}@{_event_id(row)}", _id(row.event_occurrence_id, "occurrence"))


def _id(value: object, name: str) -> str:
    found = folded.words(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if len(found) > LONGEST_ID:
        raise BadRecord(f"{name} is too long")
    return found
