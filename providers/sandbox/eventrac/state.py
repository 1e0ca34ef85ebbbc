"""Everything that is there, and who may see it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from providers.sandbox.clock import Clock
from providers.sandbox.eventrac.objects import Event, Json, Key, Participant, Question, Race

FIRST_EVENT, FIRST_RACE, FIRST_PARTICIPANT, FIRST_OTHER = 9101, 30551, 512077, 61001


class State:
    """Organisers are ints; ids are handed out in order."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.organisers: set[int] = set()
        self.keys: dict[str, Key] = {}
        self.events: dict[int, Event] = {}
        self.races: dict[int, Race] = {}
        self.participants: dict[int, Participant] = {}
        self._by_reference: dict[str, list[Participant]] = {}
        self._other_ids = FIRST_OTHER

    def add_organiser(self, organiser_id: int, *keys: str) -> None:
        self.organisers.add(organiser_id)
        for key in keys:
            self.keys[key] = Key(value=key, organisers=frozenset({organiser_id}))

    def add_event(self, organiser_id: int, name: str, **more: Any) -> Event:
        """``more``: fields of Event."""
        more.setdefault("id", FIRST_EVENT + len(self.events))
        event = Event(organiser_id=organiser_id, name=name, **more)
        self.events[event.id] = event
        return event

    def add_race(self, event: Event, name: str, starts_at: datetime | None = None, **more: Any) -> Race:
        """``more``: fields of Race. Entries close four days before the start unless said otherwise."""
        starts_at = starts_at or self._clock() + timedelta(days=30)
        made = starts_at - timedelta(days=200)
        more.setdefault("id", FIRST_RACE + len(self.races))
        more.setdefault("closes_at", starts_at - timedelta(days=4))
        more.setdefault("created", made)
        more.setdefault("modified", made + timedelta(days=40))
        race = Race(event=event, name=name, starts_at=starts_at, **more)
        self.races[race.id] = race
        event.races.append(race)
        return race

    def next_id(self) -> int:
        """For questions, options and variations."""
        self._other_ids += 1
        return self._other_ids

    def question(self, label: str, *, mandatory: bool = False, options: Sequence[str] = ()) -> Question:
        """A text question, or a select if it has options."""
        return Question(
            id=self.next_id(),
            label=label,
            mandatory=mandatory,
            input_type="select" if options else "text",
            options=[(self.next_id(), option) for option in options],
        )

    def events_of(self, organiser_id: int) -> list[Event]:
        return [event for event in self.events.values() if event.organiser_id == organiser_id]

    def referred(self, reference: str) -> Participant | None:
        """Of several with one reference, the one created last."""
        found = self._by_reference.get(reference, [])
        return found[-1] if found else None

    def has(self, race: Race, reference: object) -> bool:
        return any(participant.race is race for participant in self._by_reference.get(str(reference), []))

    def store(self, race: Race, values: Mapping[str, Any], added_by: str) -> Participant:
        """Add a participant whose values have been checked; takes a place and lowers the stock."""
        participant = Participant(
            id=FIRST_PARTICIPANT + len(self.participants),
            race=race,
            external_reference=values["external_reference"],
            email=values["email"],
            added_by=added_by,
        )
        merge(participant, values)
        race.entered += 1
        self.participants[participant.id] = participant
        self._by_reference.setdefault(participant.external_reference, []).append(participant)
        return participant


def merge(participant: Participant, values: Mapping[str, Any]) -> None:
    """Take over checked values: "" clears, lists and metadata are replaced whole, stock follows the orders."""
    if "orders" in values:
        _move_stock(participant.race, participant.orders, +1)
        _move_stock(participant.race, values["orders"], -1)
    for name, value in values.items():
        if name in _OWN_FIELDS:
            setattr(participant, name, value)
        elif name != "external_reference":
            participant.given[name] = value


_OWN_FIELDS = frozenset({"email", "dob", "gender", "form_additions", "affiliations", "orders", "metadata"})


def _move_stock(race: Race, orders: Sequence[Json], sign: int) -> None:
    for sku, quantity in _lines(orders):
        found = race.variation(sku)
        if found:
            found[1].stock += sign * quantity


def _lines(orders: Sequence[Json]) -> Iterator[tuple[int, int]]:
    return ((int(order["sku_id"]), int(order["quantity"])) for order in orders)
