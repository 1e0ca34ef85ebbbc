"""What a row says about its event, race and ticket: the same in thousands of rows, and read once for all of them."""

from functools import lru_cache
from operator import attrgetter

import msgspec

from providers.decoded import Mention
from providers.errors import BadRecord
from providers.letsdothis import folded
from providers.letsdothis.contract import BOOKED
from providers.letsdothis.cursor import EPOCH
from providers.letsdothis.payloads import LONGEST_ID
from providers.letsdothis.shapes import Booked, spelled, values
from providers.parsing import shown_instant
from providers.records import EventRecord, RaceRecord, TicketTypeRecord
from providers.surprises import glances

NOT_STATED = "not-stated"
"""Stands where a row does not say its event or its race: the person in it still has a place."""

UNDATED = EPOCH
"""A mention that says nothing but "there is one": older than whatever else is said, so that it overwrites no name."""

_SAID = (
    *("event_id", "event_name", "event_location"),
    *("race_id", "event_occurrence_id", "race_name", "race_start_date"),
    *("discipline_label", "sport_id", "distances", "distance_id"),
    *("ticket_id", "ticket_title"),
)
_said = attrgetter(*_SAID)
_are_as_declared = glances([BOOKED[key] for key in spelled(Booked, _SAID)])


class Place(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where an entry belongs. ``mentions``: its event, its race, and its ticket type, if the row names one."""

    event_id: str
    race_id: str
    ticket_id: str
    ticket_title: str
    mentions: tuple[Mention, ...]
    as_declared: bool


def place_of(row: Booked) -> Place:
    """Raises BadRecord for an id that is none."""
    return _place(b",".join(_said(row)))


@lru_cache(maxsize=4096)
def _place(said: bytes) -> Place:
    row = dict(zip(_SAID, values(said), strict=True))
    event_id = remote_id(row["event_id"], "eventId") or NOT_STATED
    race_id = remote_id(row["race_id"], "raceId")
    # Races that are not named are kept apart by event.
    race_id = race_external_id(
        race_id or f"{NOT_STATED}@{event_id}", remote_id(row["event_occurrence_id"], "occurrence")
    )
    event_name, race_name = folded.words(row["event_name"]), folded.words(row["race_name"])
    ticket_id, title = remote_id(row["ticket_id"], "ticketId"), folded.words(row["ticket_title"])
    event = EventRecord(
        external_id=event_id,
        name=event_name,
        location=folded.location(row["event_location"]),
        stub=True,
        as_of=None if event_name else UNDATED,
    )
    race = RaceRecord(
        external_id=race_id,
        event_id=event_id,
        name=race_name,
        starts_at=shown_instant(row["race_start_date"]),
        sport=folded.words(row["discipline_label"]) or folded.words(row["sport_id"]),
        distance=folded.distances(row["distances"]) or folded.words(row["distance_id"]),
        stub=True,
        as_of=None if race_name else UNDATED,
    )
    ticket = TicketTypeRecord(external_id=ticket_id, event_id=event_id, race_id=race_id, title=title, stub=True)
    return Place(
        event_id=event_id,
        race_id=race_id,
        ticket_id=ticket_id,
        ticket_title=title,
        mentions=(event, race, ticket) if ticket_id else (event, race),
        as_declared=_are_as_declared(b"[%b]" % said),
    )


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


def remote_id(value: object, name: str) -> str:
    """An id of theirs, "" for none. Raises BadRecord for one that no column takes."""
    if value is None:
        return ""
    found = folded.words(value) if type(value) in (str, int) else ""
    if len(found) > LONGEST_ID:
        raise BadRecord(f"{name} is too long")
    return found
