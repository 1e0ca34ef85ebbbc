"""Everything that may go wrong, one thing at a time, drawn by chance from a seed."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Protocol

from organiser_portal.connections.models import OutboundChange, PushState
from organiser_portal.participants.models import Entry
from organiser_portal.participants.services import EntryError, EntryValues, edit_entry
from organiser_portal.participants.services.undoing import undo
from providers.sandbox import Sandbox
from providers.sandbox.clock import http_date
from tests.torture.processes import Installation
from tests.torture.town import Town

FAULTS = (
    "status=500", "status=502", "status=503", "status=503,body=html", "status=500,after_write",
    "status=429,retry_after=1", "status=429", "html", "broken", "truncate", "truncate=0", "drip=0.8", "slow=0.4",
    "drop_before_write", "drop_after_write", "drop_after_write=reset", "revoke", "hang", "hang_mid_body", "emptied",
)  # fmt: skip
WRITE_FAULTS = (
    "drop_after_write", "drop_after_write=reset", "drop_before_write", "status=500,after_write",
    "status=503,retry_after=1,after_write", "status=429,retry_after=1", "status=503,body=html", "html", "broken",
    "truncate", "truncate=0", "hang", "hang_after_write", "hang_mid_body", "revoke",
)  # fmt: skip

type Kind = tuple[int, Callable[[], None]]
"""One of so many, and what it does."""


class World(Protocol):
    """Where it goes wrong. ``keys``: the providers that are called there."""

    @property
    def sandbox(self) -> Sandbox: ...

    @property
    def keys(self) -> Sequence[str]: ...


class Misfortune(ABC):
    """What goes wrong wherever there are providers and workers.

    ``strike`` lets one thing happen. ``struck`` counts what did. ``kills``: when somebody was cut short.
    """

    def __init__(self, world: World, installation: Installation, chance: Random) -> None:
        self._sandbox = world.sandbox
        self._keys = world.keys
        self._installation = installation
        self._chance = chance
        self.struck: Counter[str] = Counter()
        self.kills: list[datetime] = []

    @abstractmethod
    def kinds(self) -> Sequence[Kind]:
        """All that may happen."""

    def strike(self) -> None:
        weights, acts = zip(*self.kinds(), strict=True)
        (act,) = self._chance.choices(acts, weights)
        self.struck[act.__name__.replace("_", " ")] += 1
        act()

    def a_call_fails(self) -> None:
        site = self._chance.choice(self._keys)
        fault = self._chance.choice(FAULTS)
        times, skip = self._chance.randint(1, 3), self._chance.randint(0, 3)
        self._sandbox.faults.add(f"{site}:{fault},times={times},skip={skip}")

    def a_date_to_wait_for(self) -> None:
        at = http_date(self._sandbox.clock() + timedelta(seconds=2))
        site = self._chance.choice(self._keys)
        self._sandbox.faults.add(provider=site, status=429, retry_after=at, times=1)

    def one_instant(self) -> None:
        """Many updated in one millisecond, so that every page ends among equals."""
        with self._sandbox.lock:
            rows = [row.id for row in self._sandbox.letsdothis.organiser.participants]
            at = self._sandbox.clock().isoformat()
            self._sandbox.letsdothis.stamp(at, self._chance.sample(rows, min(len(rows), 120)))

    def a_list_comes_empty(self) -> None:
        """The next, or one in the middle of a walk."""
        site, skip = self._chance.choice(self._keys), self._chance.randint(0, 4)
        self._sandbox.faults.add(f"{site}:emptied,method=GET,times=1,skip={skip}")

    def a_worker_is_killed(self) -> None:
        self.kills.append(self._sandbox.clock())
        self._installation.kill_a_worker(self._chance)

    def the_database_is_cut(self) -> None:
        self.kills.append(self._sandbox.clock())
        self._installation.cut_database()

    def the_broker_is_restarted(self) -> None:
        self._installation.restart_broker()


class Trouble(Misfortune):
    """In a town, where people come and go and staff work meanwhile."""

    def __init__(self, town: Town, installation: Installation, chance: Random) -> None:
        super().__init__(town, installation, chance)
        self._town = town

    def kinds(self) -> Sequence[Kind]:
        return (
            (6, self.a_call_fails), (4, self.a_write_fails), (5, self.people_come_and_go), (3, self.one_instant),
            (6, self.staff_work), (4, self.time_passes), (4, self.a_worker_is_killed), (2, self.the_database_is_cut),
            (1, self.the_broker_is_restarted), (1, self.a_date_to_wait_for), (1, self.a_list_comes_empty),
        )  # fmt: skip

    def a_write_fails(self) -> None:
        self._sandbox.faults.add(f"eventrac:{self._chance.choice(WRITE_FAULTS)},method=POST,times=1")

    def people_come_and_go(self) -> None:
        with self._sandbox.lock:
            for _ in range(self._chance.randint(1, 6)):
                self._sandbox.trickle.tick()
            self._town.somebody_vanishes(self._chance)

    def staff_work(self) -> None:
        for _ in range(self._chance.randint(1, 8)):
            self._town.add_somebody(self._chance)
        waiting = Entry.objects.filter(connection=self._town.eventrac, origin="staff").order_by("?")[:3]
        for entry in waiting:
            name = f"Edited{self._chance.randint(1, 10_000)}"
            values = EntryValues(person={"first_name": name})
            edit_entry(entry=entry, values=values, by=self._town.editor, now=self._town.now())
        change = OutboundChange.objects.filter(state=PushState.QUEUED).order_by("?").first()
        if change is not None and self._chance.random() < 0.3:
            entry = Entry.objects.get(pk=change.entry_id)
            try:
                undo(entry=entry, change=change, by=self._town.editor, now=self._town.now())
            except EntryError:
                self.struck["too late to undo"] += 1

    def time_passes(self) -> None:
        self._town.time_passes()
