"""The walk over the calendar: every event that the key may see, with its sections."""

from collections.abc import Iterator

from providers.errors import AccessDenied, NotFound
from providers.meter import Meter
from providers.port import Known, Page, Received, Rejected
from providers.records import Kind
from providers.ticketing.api import Api
from providers.ticketing.listing import Listing, Query
from providers.ticketing.payloads import EventPayload, SectionPayload, any_json, many, one, read
from providers.ticketing.receiving import receive_event
from providers.ticketing.uris import last_id, part

CALENDAR = "calendar"
ALL, PUBLISHED = "/events", "/published-events"
AT_ONCE, SHARE = 20, 5  # more races than that missing at once, and more than one in so many, is not believed


class EventWalk:
    """One whole walk. ``learned["calendar"]`` remembers which list the key may read."""

    def __init__(self, api: Api, meter: Meter, learned: dict[str, str], *, host_id: str, known: Known) -> None:
        self._api = api
        self._meter = meter
        self._learned = learned
        self._host_id = host_id
        self._known = known
        self._events: set[str] = set()
        self._races: set[str] = set()
        self._others = 0
        self._unreadable = 0

    def pages(self, *, full: bool) -> Iterator[Page]:
        *fuller, public = self._lists()
        held = self._learned.get(CALENDAR, "")
        start = fuller.index(held) if held in fuller and not full else 0
        for path in fuller[start:] if held != public or full else ():
            try:
                yield from self._walk(path)
            except (AccessDenied, NotFound):
                if self._events or self._others:
                    raise
            else:
                self._learned[CALENDAR] = path
                return
        self._learned[CALENDAR] = public
        yield from self._walk(public)

    def _lists(self) -> tuple[str, ...]:
        """The lists to try, the fullest first. Drafts are in none that everybody may read."""
        own = (f"/hosts/{part(self._host_id)}/events",) if self._host_id else ()
        return (ALL, *own, PUBLISHED)

    def _walk(self, path: str) -> Iterator[Page]:
        filters: Query = {"host": self._host_id} if self._host_id else {}
        for listing in self._api.pages(path, filters):
            found = [each for raw in listing.rows if (each := self._taken(raw)) is not None]
            if listing.is_last and listing.number > 1 and self._misses_some():
                found += self._slipped_by(path, filters)
            yield self._page(listing, found)

    def _misses_some(self) -> bool:
        """Whether an event or a race that is held was not met on the way."""
        return not (self._events.issuperset(self._known(Kind.EVENT)) and self._races.issuperset(self._known(Kind.RACE)))

    def _slipped_by(self, path: str, filters: Query) -> Iterator[Received]:
        """Events that moved onto a page already read, as one before them vanished: found by reading all once more."""
        for listing in self._api.pages(path, filters):
            for raw in listing.rows:
                received = receive_event(raw)
                if received.external_id not in self._events and isinstance(taken := self._taken(raw), Received):
                    yield taken

    def _taken(self, raw: bytes) -> Received | Rejected | None:
        """An event of ours; None for another host's, which a server that does not know the filter sends too."""
        received = receive_event(raw)
        if isinstance(received, Rejected):
            self._unreadable += 1
            return received
        event = read(raw, EventPayload)
        if self._host_id and _host(event) not in ("", self._host_id):
            self._others += 1
            return None
        self._events.add(received.external_id)
        sections = (one(section, SectionPayload) for section in many(event.sections))
        self._races |= {last_id(section.uri) for section in sections if section}
        return received

    def _page(self, listing: Listing, found: list[Received | Rejected]) -> Page:
        met = len(self._events) + self._others + self._unreadable
        short = listing.is_last and (met < listing.total or listing.fell)
        complete = listing.is_last and not short and not self._unreadable
        return self._meter.page(
            found,
            last=listing.is_last,
            complete=complete,
            short=short,
            promised=max(listing.total - self._others, 0),
            gone=self._gone() if complete and self._events else (),
        )

    def _gone(self) -> tuple[tuple[Kind, str], ...]:
        """Races that no event has any more. They have no listing of their own to be missed from."""
        held = set(self._known(Kind.RACE))
        missing = held - self._races
        if len(missing) > AT_ONCE and len(missing) * SHARE > len(held):
            return ()
        return tuple((Kind.RACE, race_id) for race_id in sorted(missing))


def _host(event: EventPayload) -> str:
    """The host's id, from an object, a URI or a bare id; "" where none is told."""
    return last_id(any_json(event.host))
