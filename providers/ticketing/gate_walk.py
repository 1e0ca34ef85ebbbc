"""The walks over what lies behind the gates, event after event: tickets, admissions, and the tokens themselves.

Tickets are asked for by the instant of their last change, on TickeTing's own clock, and all of them where it shows
none; admissions only ever get more, oldest first, so a later walk begins at the page where the last one ended.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from providers.errors import AccessDenied, NotFound
from providers.meter import Meter
from providers.pages import KnownPage, PageMemory, memory_for
from providers.port import Page, Received, Rejected
from providers.replies import Reply
from providers.ticketing.api import Api
from providers.ticketing.cursor import Memory, Read, Walking
from providers.ticketing.gate import Gate, Gates
from providers.ticketing.listing import Listing, Query
from providers.ticketing.receiving import receive_admission, receive_ticket, receive_token
from providers.ticketing.uris import is_number, part

type Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kindly:
    """How one listing of an event is read. ``by_change``: it can be asked for what changed since an instant."""

    name: str
    receive: Callable[[bytes, str], Received | Rejected]
    by_change: bool


TICKETS = Kindly(name="tickets", receive=receive_ticket, by_change=True)
ADMISSIONS = Kindly(name="admissions", receive=receive_admission, by_change=False)


class GateWalk:
    """One walk over the events known. What one event denies is left out; if all deny, that is told.

    ``pages``: asked by a whole walk from the beginning whether it knows a page again.
    """

    def __init__(
        self, api: Api, gates: Gates, meter: Meter, memory: Memory, clock: Clock, pages: PageMemory | None = None
    ) -> None:
        self._api = api
        self._gates = gates
        self._meter = meter
        self._memory = memory
        self._clock = clock
        self._remembered = pages
        self._known = PageMemory()
        self._denied: AccessDenied | None = None
        self._read = 0
        self._resumed = False

    def pages(self, what: Kindly, events: list[str], *, full: bool) -> Iterator[Page]:
        known = [event_id for event_id in events if is_number(event_id)]
        fresh = not any(event_id in self._memory.events for event_id in known)
        walk = self._memory.begin(self._clock(), whole=full or fresh)
        self._resumed = bool(walk.done or walk.event)
        self._known = memory_for(self._remembered, straight=walk.whole and not self._resumed)
        for event_id in known:
            if event_id not in walk.done:
                yield from self._event(what, walk, event_id)
        if self._denied is not None and not self._read and not self._resumed:
            raise self._denied
        self._memory.end(set(known))
        yield self._meter.page(
            cursor=self._memory.cursor(),
            last=True,
            resumed=self._resumed,
            complete=walk.whole and not walk.missed and self._denied is None and bool(known),
            short=walk.missed,
            promised=walk.promised if walk.whole else None,
        )

    def _event(self, what: Kindly, walk: Walking, event_id: str) -> Iterator[Page]:
        if not walk.whole and self._memory.is_over(event_id, self._clock()):
            return
        try:
            gate = self._gates.open(event_id)
        except NotFound:
            return
        except AccessDenied as error:
            self._denied = self._denied or error
            return
        self._read += 1
        if gate.key:
            yield from self._behind(what, walk, gate)
        else:
            self._without_races(walk, gate)

    def _without_races(self, walk: Walking, gate: Gate) -> None:
        """Nothing is behind this gate. As with an empty list, that is believed only when it is so again, and what
        changed since the event was last read is still to be asked for."""
        held = self._memory.events.get(gate.event_id, Read(since=gate.read_at))
        walk.missed = walk.missed or (walk.whole and held.some)
        self._memory.events[gate.event_id] = Read(
            since=held.since, ended=gate.ends_at, some=held.some and not walk.whole
        )

    def _behind(self, what: Kindly, walk: Walking, gate: Gate) -> Iterator[Page]:
        size = self._size(what, walk, gate.event_id)
        start, filters, met = self._from(what, walk, gate.event_id, size)
        for listing in self._listings(what, walk, gate, filters, start=start, size=size):
            met += len(listing)
            walk.first = walk.first or listing.date
            if listing.is_last and (met < listing.total or listing.fell):
                walk.missed = walk.missed or walk.whole or not filters
                if filters:  # of what changed some may have slipped by: it is asked for again, from the same instant
                    walk.first = self._memory.events[gate.event_id].since
            self._step(walk, gate, listing, met)
            yield self._page(what, gate.event_id, listing)

    def _page(self, what: Kindly, event_id: str, listing: Listing) -> Page:
        if listing.known is not None:
            return self._meter.page(known=(listing.known,), cursor=self._memory.cursor(), resumed=self._resumed)
        found = [what.receive(raw, event_id) for raw in listing.rows]
        items = [each for each in found if isinstance(each, Received)]
        place = f"{event_id} {listing.number}"
        self._known.note(place, listing.body, listing.rows, items, to_read=len(items) < len(found))
        return self._meter.page(found, cursor=self._memory.cursor(), resumed=self._resumed)

    def _listings(
        self, what: Kindly, walk: Walking, gate: Gate, filters: Query, *, start: int, size: int
    ) -> Iterator[Listing]:
        def know(number: int, reply: Reply) -> KnownPage | None:
            return self._known.known(f"{gate.event_id} {number}", reply)

        path, told = f"/events/{part(gate.event_id)}/{what.name}", walk.told if start > 1 else 0
        return self._api.pages(path, filters, start=start, told=told, key=gate.key, size=size, know=know)

    def _size(self, what: Kindly, walk: Walking, event_id: str) -> int:
        """How many to ask for at once: who goes on where the server gave fewer asks for those, as its pages count."""
        given = walk.size if walk.event == event_id else 0
        if not (given or walk.whole or what.by_change):
            given = self._memory.events.get(event_id, Read()).size
        return min(self._api.size, given or self._api.size)

    def _from(self, what: Kindly, walk: Walking, event_id: str, size: int) -> tuple[int, Query, int]:
        """Where to begin in an event: the page, the filter, and how many rows lie before that."""
        if walk.event == event_id and walk.size == size and walk.page > 1:
            return walk.page, {}, (walk.page - 1) * size
        walk.first = None
        if walk.whole:
            return 1, {}, 0
        if what.by_change:
            since = self._memory.asked_since(event_id)
            return 1, {"modified_since": since} if since else {}, 0
        held = self._memory.events.get(event_id, Read()).count
        return held // size + 1, {}, held // size * size

    def _step(self, walk: Walking, gate: Gate, listing: Listing, met: int) -> None:
        """Note how far we are; with the last page of an event, that it is done."""
        walk.at = self._clock()
        if not listing.is_last:
            if walk.whole:  # what changed meanwhile moves about in the other kind of list
                walk.event, walk.page, walk.size = gate.event_id, listing.number + 1, listing.size
                walk.told = listing.total
            return
        # More or fewer than said: rows have moved, and the next walk begins at the first.
        count = met if listing.total in (0, met) and not listing.fell else 0
        had_some = self._memory.events.get(gate.event_id, Read()).some
        walk.missed = walk.missed or (walk.whole and had_some and not met)
        walk.promised += listing.total
        some = met > 0 or (had_some and not walk.whole)
        self._memory.events[gate.event_id] = Read(
            since=walk.first, count=count, size=listing.size, ended=gate.ends_at, some=some
        )
        walk.done.append(gate.event_id)
        walk.event, walk.page, walk.told, walk.first = "", 1, 0, None


class TokenWalk:
    """Every event's tokens. ``codes`` is filled with what is not stored."""

    def __init__(self, api: Api, meter: Meter, codes: dict[str, str]) -> None:
        self._api = api
        self._meter = meter
        self._codes = codes

    def pages(self, events: list[str]) -> Iterator[Page]:
        known = [event_id for event_id in events if is_number(event_id)]
        denied: AccessDenied | None = None
        read, missed = 0, False
        for event_id in known:
            met = 0
            try:
                for listing in self._api.pages(f"/events/{part(event_id)}/tokens"):
                    met += len(listing.rows)
                    missed = missed or listing.fell or (listing.is_last and met < listing.total)
                    yield self._meter.page(self._tokens(listing.rows, event_id))
                read += 1
            except NotFound:
                continue
            except AccessDenied as error:
                denied = denied or error
        if denied is not None and not read:
            raise denied
        yield self._meter.page(last=True, complete=denied is None and bool(known) and not missed, short=missed)

    def _tokens(self, rows: list[bytes], event_id: str) -> Iterator[Received | Rejected]:
        for raw in rows:
            received, code = receive_token(raw, event_id)
            if isinstance(received, Received):
                self._codes[received.external_id] = code
            yield received
