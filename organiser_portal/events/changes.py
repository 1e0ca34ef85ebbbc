"""Changing an event or its races where they are sold: one declared operation at a time, never inside a transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from organiser_portal.connections.models import AttemptState, Connection
from organiser_portal.connections.operations import Order, ask_soon, carry_out, keep, operations_of, settle
from organiser_portal.events.ingest import Catalogue
from organiser_portal.events.models import EventAction, EventListing, Listing
from organiser_portal.organisations.models import User
from providers.operations import Done, Operation, Verb
from providers.records import EventRecord, Kind, RaceRecord, Record

OF_EVENT = (Verb.EDIT_EVENT, Verb.ADD_RACE, Verb.SUBMIT_EVENT)
OF_RACE = (Verb.EDIT_RACE, Verb.GIVE_TICKET, Verb.REMOVE_RACE)
# What an operation changes, and so which listings are read soon.
CHANGES: Mapping[Verb, tuple[Kind, ...]] = {
    **dict.fromkeys((*OF_EVENT, *OF_RACE), (Kind.EVENT,)),
    Verb.GIVE_TICKET: (Kind.EVENT, Kind.ENTRY),
}


class NoSuchChange(LookupError):
    """The provider cannot do this, or not to this thing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is about to be done, and to what. ``race``: which of the event's, where it is about one."""

    operation: Operation
    listed: EventListing
    race: Listing | None = None

    @property
    def connection(self) -> Connection:
        return self.listed.connection

    def values(self, typed: Mapping[str, object]) -> dict[str, object]:
        """What was typed, and the race it is on the page of."""
        race = {"race": self.race.external_id} if self.race else {}
        return {**typed, **race}


def offered(connection: Connection, verbs: Sequence[Verb], *, draft: bool = False) -> list[Operation]:
    """Those of these that the provider can do. Only a ``draft`` is submitted."""
    known = operations_of(connection)
    return [known[verb] for verb in verbs if verb in known and (draft or verb != Verb.SUBMIT_EVENT)]


def change_of(listed: EventListing, verb: str, race: Listing | None) -> Change:
    """Raises NoSuchChange."""
    wished = OF_RACE if race else OF_EVENT
    operation = operations_of(listed.connection).get(Verb(verb)) if verb in wished else None
    if operation is None:
        raise NoSuchChange(verb)
    return Change(operation=operation, listed=listed, race=race)


def perform(change: Change, typed: Mapping[str, object], *, actor: User, now: datetime) -> Done:
    """Carry it out, once. Raises NotDone. Call it outside any transaction."""
    verb, connection = change.operation.verb, change.connection
    action = EventAction(
        connection=connection,
        event_listing=change.listed,
        verb=verb.value,
        subject=change.listed.external_id,
        actor=actor,
    )
    title = f"{change.listed}, {change.race}" if change.race else str(change.listed)
    order = Order(attempt=action, values=change.values(typed), changes=CHANGES[verb], area="events", title=title)
    done, records = carry_out(order, now=now)
    settle(order, AttemptState.DONE, done.note)  # first: it is done, whatever becomes of our copy
    keep(lambda: _store(change, records, now))
    return done


def _store(change: Change, records: Sequence[Record], now: datetime) -> None:
    verb, connection = change.operation.verb, change.connection
    said = ((record, None) for record in records if isinstance(record, EventRecord | RaceRecord))
    Catalogue(connection=connection, now=lambda: now).take(said)
    if verb == Verb.REMOVE_RACE and change.race:
        Listing.objects.filter(pk=change.race.pk).update(gone_at=now)
    ask_soon(connection, CHANGES[verb], now=now)
