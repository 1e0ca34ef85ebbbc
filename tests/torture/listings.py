"""The listings whose whole walks go on in the middle: what they hold at their provider, and how that is moved about."""

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from random import Random
from typing import ClassVar

from organiser_portal.connections.models import SyncState
from organiser_portal.events.models import Listing
from organiser_portal.organisations.models import Organisation
from organiser_portal.sync.models import Outcome, SyncRun
from providers.eventrac import memory
from providers.sandbox import Sandbox
from providers.sandbox.ticketing.objects import Event, Ticket
from tests.torture.long_listing import LongListing


class Participants(LongListing):
    """Of Let's Do This, in the order of their last change."""

    key, resource = "letsdothis", "entries"
    # A turn of 25 minutes looks back five; one of a second must not.
    settings: ClassVar = {
        "s": {"overlap_seconds": "0", "page_size": "50"},
        "m": {"overlap_seconds": "0", "page_size": "500"},
    }
    turns: ClassVar = {"s": (0.0, 0.02), "m": (0.5, 1.0, 2.0)}

    def there(self) -> list[str]:
        return [row.id for row in self.sandbox.letsdothis.organiser.participants]

    def take_away(self, ids: Collection[str]) -> None:
        for each in ids:
            self.sandbox.letsdothis.delete(each)

    def some_come(self, chance: Random) -> None:
        site = self.sandbox.letsdothis
        site.sell(chance.randint(0, 5), chance.choice(site.organiser.races()).id)

    def some_change(self, chance: Random) -> None:
        """And so move to the end of the list."""
        for changed in chance.sample(self.there(), chance.randint(0, 9)):
            self.sandbox.letsdothis.change(changed, bibNumber=str(chance.randint(1, 9999)))

    def many_in_one_instant(self, chance: Random) -> None:
        # The shortest turn stores a page, and the next one goes on at the instant that it came to.
        some = int(self.settings[self.sandbox.size]["page_size"]) // 2
        with self.sandbox.lock:
            at = self.sandbox.clock().isoformat()
            self.sandbox.letsdothis.stamp(at, chance.sample(self.there(), some))


class AtTheGates(LongListing):
    """Of TickeTing, event after event, in the order in which they came."""

    key = "ticketing"
    settings: ClassVar = {"s": {"records": "10"}, "m": {"records": "50"}}
    turns: ClassVar = {"s": (0.0, 0.02), "m": (0.0, 0.1, 0.3)}

    def events(self) -> Iterator[Event]:
        site = self.sandbox.ticketing
        return (each for each in site.state.events.values() if each.host.id == site.demo_settings["host_id"])

    def outside(self) -> list[Ticket]:
        """Of those who were not let in yet."""
        return [ticket for event in self.events() for ticket in event.tickets if ticket.status == "Issued"]


class Tickets(AtTheGates):
    resource = "entries"
    before = ("events",)

    def there(self) -> list[str]:
        return [ticket.serial for event in self.events() for ticket in event.tickets]

    def may_vanish(self) -> Sequence[str]:
        return [ticket.serial for ticket in self.outside()]

    def take_away(self, ids: Collection[str]) -> None:
        for event in self.events():
            event.tickets[:] = [ticket for ticket in event.tickets if ticket.serial not in ids]

    def some_come(self, chance: Random) -> None:
        section = chance.choice([section for event in self.events() for section in event.sections])
        self.sandbox.ticketing.sell(chance.randint(0, 5), section.id)

    def some_change(self, chance: Random) -> None:
        self._change_hands(chance, chance.randint(0, 9))

    def many_in_one_instant(self, chance: Random) -> None:
        with self.sandbox.lock:
            self._change_hands(chance, 30)

    def _change_hands(self, chance: Random, many: int) -> None:
        buyers = sorted(self.sandbox.ticketing.state.accounts)
        outside = self.outside()
        for ticket in chance.sample(outside, min(len(outside), many)):
            self.sandbox.ticketing.hand_over(ticket.serial, chance.choice(buyers))


class Admissions(AtTheGates):
    """Nine in ten are in."""

    resource = "admissions"
    before = ("events", "entries")

    def __init__(self, organisation: Organisation, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        outside = self.outside()
        for ticket in outside[: len(outside) * 9 // 10]:
            sandbox.ticketing.state.admit(ticket, redeemer="Gate A", device="Scanner 1")
        super().__init__(organisation, sandbox)

    def there(self) -> list[str]:
        return [admission.id for event in self.events() for admission in event.admissions]

    def take_away(self, ids: Collection[str]) -> None:
        for event in self.events():
            event.admissions[:] = [each for each in event.admissions if each.id not in ids]

    def some_come(self, chance: Random) -> None:
        self._let_in(chance, chance.randint(0, 5))

    def some_change(self, chance: Random) -> None:
        """Nobody is ever let in otherwise."""

    def many_in_one_instant(self, chance: Random) -> None:
        with self.sandbox.lock:
            self._let_in(chance, 30)

    def _let_in(self, chance: Random, many: int) -> None:
        outside = self.outside()
        for ticket in chance.sample(outside, min(len(outside), many)):
            self.sandbox.ticketing.admit(ticket.serial)


class Races(LongListing):
    """Of eventrac, event after event. What is over is listed no more, and asked for by its id as long as it is known.

    No walk tells what is gone: a race is, when two walks were denied it, an hour apart.
    """

    key, resource = "eventrac", "races"
    settings: ClassVar = {"s": {}, "m": {}}
    turns: ClassVar = {"s": (0.0, 0.02), "m": (0.0, 0.1, 0.2)}
    endings = ((Outcome.SUCCEEDED, ""), (Outcome.SUCCEEDED, ""))
    vanish = 1

    def __init__(self, organisation: Organisation, sandbox: Sandbox) -> None:
        super().__init__(organisation, sandbox)
        state = sandbox.eventrac.state
        self._soon = sandbox.clock() + timedelta(days=2)  # near its start nothing is believed of a race
        self.take_away([str(race.id) for race in state.races.values() if race.starts_at < self._soon])
        self._events = state.events_of(int(sandbox.eventrac.demo_settings["organiser_id"]))
        self._next_id = max(state.races) + 1

    def there(self) -> list[str]:
        return [str(race.id) for event in self._events for race in event.races]

    def take_away(self, ids: Collection[str]) -> None:
        for each in ids:
            race = self.sandbox.eventrac.state.races.pop(int(each))
            race.event.races.remove(race)

    def some_come(self, chance: Random) -> None:
        for _ in range(chance.randint(1, 2)):
            starts_at = self._soon + timedelta(days=chance.randint(1, 200))
            event, name = chance.choice(self._events), f"New Race {self._next_id}"
            self.sandbox.eventrac.state.add_race(event, name, starts_at, id=self._next_id)
            self._next_id += 1

    def some_change(self, chance: Random) -> None:
        """Places are sold, and now and then a race is over."""
        self._sell(chance, chance.randint(0, 5))
        held = Listing.objects.filter(connection=self.connection, gone_at=None)
        ids = map(int, held.order_by("pk").values_list("external_id", flat=True))
        known = [race for each in ids if (race := self.sandbox.eventrac.state.races.get(each))]
        if known and chance.random() < 0.3:
            chance.choice(known).starts_at = self.sandbox.clock() - timedelta(days=3)

    def many_in_one_instant(self, chance: Random) -> None:
        with self.sandbox.lock:
            self._sell(chance, len(self.there()) // 2)

    def ask_for_a_whole_walk(self) -> None:
        """An hour after the last."""
        state = self.state
        remembered = memory.recall(state.cursor)
        remembered.denied = {each: at - memory.HOUR for each, at in remembered.denied.items()}
        SyncState.objects.filter(pk=state.pk, lease="", cursor=state.cursor).update(cursor=remembered.cursor())
        super().ask_for_a_whole_walk()

    def named(self, walk: Sequence[SyncRun]) -> int:
        """No turn reads what another has read."""
        return sum(run.seen for run in walk)

    def _sell(self, chance: Random, many: int) -> None:
        there = self.there()
        for each in chance.sample(there, min(len(there), many)):
            self.sandbox.eventrac.sell(1, int(each))


LISTINGS: dict[str, type[LongListing]] = {
    "participants": Participants,
    "tickets": Tickets,
    "admissions": Admissions,
    "races": Races,
}
