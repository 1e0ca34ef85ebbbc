"""The two walks: over all events, and over the races that are worth looking at."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import batched

import msgspec

from providers.errors import (
    AccessDenied,
    BadRecord,
    HostUnreachable,
    NotFound,
    ProviderError,
    ProviderUnavailable,
    UnexpectedReply,
)
from providers.eventrac.api import Api
from providers.eventrac.envelope import members, value
from providers.eventrac.mapping import event_of, identifier, read, receive
from providers.eventrac.memory import EventMemory, Remembered, recall, recall_events
from providers.eventrac.payloads import EventPayload, RacePayload
from providers.meter import Meter
from providers.parsing import flag, instant, lenient
from providers.port import Known, Page, Received, Rejected
from providers.records import Kind

ASKED_PER_PAGE = 10
MOST_UNLISTED_EVENTS = 20  # more than that missing at once is not a matter of single events


def walk_events(api: Api, meter: Meter, *, organiser_id: str, cursor: str, full: bool, known: Known) -> Iterator[Page]:
    """The whole list in one page. Whether an empty one is believed is for who asks: it knows what it was before."""
    memory = EventMemory() if full else recall_events(cursor)
    held = frozenset(known(Kind.EVENT))
    found = [receive(Kind.EVENT, raw) for raw in api.events(organiser_id)]
    missing = held - {each.external_id for each in found} if found else frozenset()
    try:
        found += _unlisted_events(api, memory, missing)
    except (ProviderUnavailable, UnexpectedReply):  # what was listed can be read all the same
        yield meter.page(found, cursor=memory.cursor())
        raise
    readable = all(isinstance(each, Received) for each in found)
    yield meter.page(found, cursor=memory.cursor(), last=True, complete=readable)


def _unlisted_events(api: Api, memory: EventMemory, missing: frozenset[str]) -> list[Received | Rejected]:
    """Known events that the list leaves out: asked for one by one, once in vain, where that call exists."""
    unasked = sorted(missing - set(memory.denied))
    if len(unasked) > MOST_UNLISTED_EVENTS:
        return []
    found = {event_id: api.event(event_id) for event_id in unasked}
    memory.denied = sorted((missing & set(memory.denied)) | {each for each, raw in found.items() if raw is None})
    return [receive(Kind.EVENT, raw) for raw in found.values() if raw is not None]


class RaceWalk:
    """Races to come of every event that has some (or had at the last run), then each known race no list named."""

    def __init__(
        self,
        api: Api,
        meter: Meter,
        *,
        organiser_id: str,
        cursor: str,
        full: bool,
        known: Known,
        clock: Callable[[], datetime],
    ) -> None:
        self._api = api
        self._meter = meter
        self._organiser_id = organiser_id
        self._known = known
        self._clock = clock
        self._full = full
        self._memory = recall(cursor)
        self._refused: dict[str, AccessDenied] = {}
        self._faults: list[ProviderError] = []
        self._goes_on = self._gets_on = False

    def pages(self) -> Iterator[Page]:
        self._goes_on = self._memory.is_walking(self._now(), whole=self._full)
        if not self._goes_on:
            self._begin()
        for event_id in self._events_left():
            yield self._listed(event_id)
            if self._is_more_than_one():
                yield from self._given_up(self._events_left())
        self._settle_refused()
        for race_ids in batched(self._unlisted(), ASKED_PER_PAGE):
            yield self._asked(race_ids)
            if self._is_more_than_one():
                yield from self._given_up(self._unlisted())
        if self._faults:  # what else there is has been read; the one event or race stays to be asked for
            yield from self._given_up(())
        gone = ((Kind.RACE, ""),) if self._memory.end() else ()
        yield self._meter.page(gone=gone, cursor=self._memory.cursor(), last=True)

    def _begin(self) -> None:
        events = [read_event(raw) for raw in self._api.events(self._organiser_id)]
        ids = [(lenient(identifier, each.id, ""), lenient(flag, each.has_future_races, None)) for each in events]
        future = [event_id for event_id, ahead in ids if event_id and ahead is not False]
        wanted = [event_id for event_id, _ in ids if event_id] if self._full else future
        self._memory.forget_all_but(frozenset(self._known(Kind.RACE)))
        todo = list(dict.fromkeys(wanted + self._memory.future))
        self._memory.begin(self._now(), whole=self._full, future=future, todo=todo)

    def _events_left(self) -> list[str]:
        return list(self._memory.walk.todo if self._memory.walk is not None else ())

    def _late(self) -> set[str]:
        return set(self._memory.walk.late if self._memory.walk is not None else ())

    def _listed(self, event_id: str) -> Page:
        try:
            found = [self._listed_race(raw, event_id) for raw in self._races_of(event_id)]
        except AccessDenied as refusal:
            self._refused[event_id] = refusal
            return self._meter.page(cursor=self._memory.cursor())
        except (ProviderUnavailable, UnexpectedReply) as fault:
            self._faults.append(fault)
            self._memory.put_off_event(event_id)
            return self._meter.page(cursor=self._memory.cursor())
        self._memory.listed(event_id)
        self._moves()
        return self._meter.page(found, cursor=self._memory.cursor())

    def _is_more_than_one(self) -> bool:
        """One event or race that eventrac chokes on holds up no other; with a second one it is more than that."""
        return len(self._faults) > 1 or any(isinstance(fault, HostUnreachable) for fault in self._faults)

    def _given_up(self, left: Iterable[str]) -> Iterator[Page]:
        """The next run goes on with what is ``left``. If this one had nothing but what fails again and again, it begins
        anew: it would keep all others from being read.
        """
        if self._goes_on and not self._gets_on and self._late().issuperset(left):
            self._memory.break_off()
            yield self._meter.page(cursor=self._memory.cursor())
        raise self._faults[-1]

    def _moves(self) -> None:
        self._gets_on = True
        self._memory.moves(self._now())

    def _races_of(self, event_id: str) -> Sequence[bytes]:
        """None where the event went between two calls."""
        try:
            return self._api.races(event_id)
        except NotFound:
            return []

    def _settle_refused(self) -> None:
        """An event may be refused among others; if all are, it is more than that, and all stay to be asked."""
        if self._refused and not self._memory.has_listed:
            raise next(iter(self._refused.values()))
        for event_id in self._refused:
            self._memory.listed(event_id)

    def _unlisted(self) -> list[str]:
        settled = set(self._memory.walk.seen if self._memory.walk is not None else ())
        gone = self._memory.turn_of_the_gone() if self._full else ()
        late = self._late()
        now = self._now()
        return [
            race_id
            for race_id in sorted({*self._known(Kind.RACE), *gone} - settled, key=lambda each: (each in late, each))
            if self._full or self._memory.worth_asking(race_id, now)
        ]

    def _asked(self, race_ids: Iterable[str]) -> Page:
        found, gone = [], []
        for race_id in race_ids:
            try:
                raw = self._api.race(race_id)
            except (ProviderUnavailable, UnexpectedReply) as fault:
                self._faults.append(fault)
                self._memory.put_off_race(race_id)
                if self._is_more_than_one():
                    break
                continue
            if raw is not None:
                found.append(self._received(raw, self._memory.races.get(race_id, Remembered()).event))
            elif self._memory.was_denied(race_id, self._now()):
                gone.append((Kind.RACE, race_id))
            self._memory.settle(race_id)
            self._moves()
        return self._meter.page(found, gone=tuple(gone), cursor=self._memory.cursor())

    def _listed_race(self, raw: bytes, event_id: str) -> Received | Rejected:
        item = self._received(raw, event_id)
        if not item.external_id:
            self._memory.met_nameless()
        return item

    def _received(self, raw: bytes, event_id: str) -> Received | Rejected:
        item = receive(Kind.RACE, with_event(raw, event_id))
        if isinstance(item, Received):
            self._remember(item)
        return item

    def _remember(self, item: Received) -> None:
        sent = read(item.payload, RacePayload)
        starts_at, event = lenient(instant, sent.date, None), event_of(sent)
        starts = int(starts_at.timestamp()) if starts_at else 0
        self._memory.saw(item.external_id, starts, event.external_id if event else "")

    def _now(self) -> int:
        return int(self._clock().timestamp())


def read_event(raw: bytes) -> EventPayload:
    """One event; a nameless one where it cannot be read (the walk over events reports it)."""
    try:
        return read(raw, EventPayload)
    except BadRecord:
        return EventPayload()


def with_event(raw: bytes, event_id: str) -> bytes:
    """The race with the event it was listed under, should it not say so itself."""
    found = members(raw)
    if not event_id or found is None or value(found.get("event")):
        return raw
    return msgspec.json.encode({**found, "event": {"id": event_id}})
