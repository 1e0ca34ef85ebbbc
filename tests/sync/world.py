"""A provider that does what a test tells it to. It keeps the contract of the port."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from threading import current_thread
from typing import Any

from providers.cost import Cost
from providers.errors import BadRecord, ProviderError
from providers.port import (
    Account,
    Cadence,
    Capabilities,
    Change,
    ConnectionField,
    Known,
    Outcome,
    Page,
    Provider,
    Receipt,
    Received,
    Resource,
)
from providers.records import EntryRecord, Kind, Person, RaceRecord, Record

type Act = Page | ProviderError | Exception | Callable[[], Page]


@dataclass
class Script:
    """What the provider will do, and what it was asked."""

    acts: list[Act] = field(default_factory=list)
    asked: list[tuple[str, str, bool]] = field(default_factory=list)
    threads: set[str] = field(default_factory=set)
    known: dict[Kind, list[str]] = field(default_factory=dict)
    ask_known: Kind | None = None
    pushes: list[Outcome | Exception] = field(default_factory=list)
    pushed: list[Change] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    there: dict[str, Receipt | ProviderError] = field(default_factory=dict)
    looked_up: list[str] = field(default_factory=list)


class Programmed(Provider):
    key = "programmed"
    label = "Programmed"
    mark = "Pr"
    channel = 3
    default_base_url = "https://programmed.example"
    known_hosts = frozenset({"programmed.example"})
    connection_fields = (ConnectionField(name="api_key", label="Key", secret=True),)
    resources = (
        Resource(key="races", label="Races", kind=Kind.RACE, cadence=Cadence.STEADY),
        Resource(key="entries", label="Entries", kind=Kind.ENTRY, cadence=Cadence.FAST, full_every_hours=24),
    )
    capabilities = Capabilities(add_entry=True, edit_entry=True, look_up_entry=True, lists_entries=True)
    script = Script()

    def __init__(self, **given: Any) -> None:
        self.learned: dict[str, str] = dict(given.get("learned") or {})
        self._cost = Cost()

    @property
    def cost(self) -> Cost:
        return self._cost

    def close(self) -> None: ...

    def check(self) -> Account:
        return Account(name="Programmed")

    def pull(self, resource: str, cursor: str = "", *, full: bool = False, known: Known) -> Iterator[Page]:
        self.script.asked.append((resource, cursor, full))
        self.script.threads.add(current_thread().name)
        if self.script.ask_known is not None:
            self.script.known[self.script.ask_known] = list(known(self.script.ask_known))
        while self.script.acts:
            act = self.script.acts.pop(0)
            if isinstance(act, Exception):
                self._spend(1, 0)
                raise act
            page = act if isinstance(act, Page) else act()
            self._spend(page.requests, page.bytes)
            yield page
            if page.last:
                return
            list(known(Kind.EVENT))  # answered when the page is stored: so each is stored by itself

    def _spend(self, requests: int, size: int) -> None:
        self._cost = Cost(self._cost.requests + requests, self._cost.bytes + size)

    def decode(self, item: Received) -> tuple[Record, ...]:
        told: Mapping[str, str] = json.loads(item.payload)
        if told.get("bad"):
            raise BadRecord("first name: not text")
        if item.kind is Kind.RACE:
            return (RaceRecord(external_id=item.external_id, event_id="E", name=told["name"]),)
        person = Person(first_name=told["first"], last_name=told["last"])
        entry = EntryRecord(external_id=item.external_id, event_id="E", race_id="R", person=person)
        return (entry, RaceRecord(external_id="R", event_id="E", stub=True))

    def push(self, change: Change) -> Receipt:
        outcome = self._answer(change)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def push_many(self, changes: Sequence[Change]) -> list[Outcome]:
        self.script.batches.append(len(changes))
        outcomes = [self._answer(change) for change in changes]
        for outcome in outcomes:
            if isinstance(outcome, Exception) and not isinstance(outcome, ProviderError):
                raise outcome
        return outcomes

    def _answer(self, change: Change) -> Any:
        self.script.pushed.append(change)
        return self.script.pushes.pop(0) if self.script.pushes else receipt(change.reference, "n1")

    def look_up(self, reference: str) -> Receipt | None:
        self.script.looked_up.append(reference)
        found = self.script.there.get(reference)
        if isinstance(found, ProviderError):
            raise found
        return found


class Listless(Programmed):
    """Counts entries but does not list them."""

    key = "listless"
    label = "Listless"
    capabilities = Capabilities(add_entry=True, lists_entries=False)


class CountedOff(Programmed):
    """Its pages are counted off from the front."""

    key = "counted-off"
    label = "Counted off"
    resources = (
        Resource(
            key="entries", label="Entries", kind=Kind.ENTRY, cadence=Cadence.FAST, full_every_hours=24, looks_twice=True
        ),
    )


def received(number: int | str, first: str = "Ada", *, last: str = "Byron", **more: object) -> Received:
    payload = json.dumps({"id": str(number), "first": first, "last": last, **more}).encode()
    return Received(kind=Kind.ENTRY, external_id=str(number), fingerprint=payload[:200], payload=payload)


def page(items: Iterable[Received] = (), **more: Any) -> Page:
    return Page(items=tuple(items), requests=1, bytes=100, **more)


def last_page(items: Iterable[Received] = (), **more: Any) -> Page:
    return page(items, last=True, **{"cursor": "end", "complete": True, **more})


def receipt(reference: str, external_id: str, *, race_id: str = "R", person: Person | None = None) -> Receipt:
    return Receipt(reference=reference, external_id=external_id, race_id=race_id, person=person)


def ada(birth_date: date | None = None) -> Person:
    return Person(first_name="Ada", last_name="Byron", email="ada@example.org", birth_date=birth_date)


class Clock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


NOON = datetime(2027, 5, 14, 12, 0, tzinfo=UTC)
