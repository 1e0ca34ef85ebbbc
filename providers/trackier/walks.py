"""The four walks: what is asked in which order, and what a page may claim about completeness."""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime, timedelta

from msgspec.structs import replace

from providers.announced import Promised
from providers.meter import Meter
from providers.port import Known, Page, Received, Rejected
from providers.records import Kind
from providers.trackier.adapter import Adapter, Batch, id_of
from providers.trackier.mapping import Sense, receive, stat_id
from providers.trackier.quirks import as_map
from providers.trackier.windows import DAY, Mark, Trail, Window, recall, recall_mark, windows

UNSAID = timedelta(days=3 * 365)  # how far back a whole walk goes where the network does not tell its first day

type Name = Callable[[object], str]
type Read = Callable[[Window], Iterable[Batch]]


class Walks:
    def __init__(
        self, adapter: Adapter, how: Callable[[], Sense], clock: Callable[[], datetime], *, trailing: int
    ) -> None:
        self._adapter = adapter
        self._how = how
        self._clock = clock
        self._trailing = trailing

    def partners(self, meter: Meter) -> Iterator[Page]:
        """The whole list. Whether an empty one is believed is for who asks: it knows what it was before."""
        self._adapter.place()
        readable, missed = True, 0
        for batch in self._adapter.partners():
            missed += batch.missed
            page = meter.page(self._received(Kind.PARTNER, batch, self._partner), promised=batch.promised)
            readable = readable and not page.rejected
            yield page
        yield meter.page(last=True, complete=readable and not missed, short=missed > 0)

    def campaigns(
        self, meter: Meter, cursor: str, *, full: bool, only: Collection[str] | None = None
    ) -> Iterator[Page]:
        """Page by page, active ones first. Of one that was both, the later answer counts."""
        self._adapter.place()
        mark = recall_mark(cursor, full=full)
        readable, missed, twice, promised = True, 0, 0, None
        named: set[str] = set()
        for batch in self._adapter.campaigns(mark, only):
            missed, promised = missed + batch.missed, batch.promised
            goes_on = batch.next.encode() if batch.next else ""
            page = meter.page(self._received(Kind.CAMPAIGN, batch, self._campaign), cursor=goes_on)
            readable = readable and not page.rejected
            twice += sum(each.external_id in named for each in page.items)
            named.update(each.external_id for each in page.items)
            yield page
        whole = mark == Mark()
        yield meter.page(
            last=True,
            complete=readable and whole and not missed,
            short=missed > 0,
            promised=promised - twice if whole and promised is not None else None,
        )

    def conversions(self, meter: Meter, cursor: str, *, full: bool) -> Iterator[Page]:
        return self._by_day(meter, Kind.CONVERSION, self._adapter.conversions, self._conversion, cursor, full)

    def stats(self, meter: Meter, cursor: str, *, full: bool, known: Known) -> Iterator[Page]:
        def read(window: Window) -> Iterable[Batch]:
            return self._adapter.stats(window, sorted(known(Kind.PARTNER)))

        return self._by_day(meter, Kind.DAY_STAT, read, self._stat, cursor, full)

    def _by_day(self, meter: Meter, kind: Kind, read: Read, name: Name, cursor: str, full: bool) -> Iterator[Page]:
        """Window after window, from old to new; the cursor moves on when a window has been read."""
        place = self._adapter.place()
        trail = recall(cursor, full=full)
        resumed = trail.whole and trail.resume is not None
        today = self._clock().astimezone(place.zone).date()
        start = trail.begin(earliest=place.since or today - UNSAID, trailing=self._trailing)
        first, promised = start if trail.resume else min(start, today), Promised(trail.promised)
        for window in windows(first, today):
            here = replace(trail, resume=window.start)
            promised.begin()
            for batch in read(window):
                promised.note(batch.promised)
                page = meter.page(self._received(kind, batch, name), cursor=here.encode(), resumed=resumed)
                missed, unreadable = trail.missed or batch.missed > 0, trail.unreadable or bool(page.rejected)
                trail = replace(trail, missed=missed, unreadable=unreadable)
                yield page
            trail = replace(trail, resume=window.end + DAY, promised=promised.total)
            yield meter.page(cursor=trail.encode(), resumed=resumed)
        yield meter.page(
            cursor=Trail(read_to=today).encode(),
            last=True,
            resumed=resumed,
            complete=None if place.since is None else trail.whole and not (trail.missed or trail.unreadable),
            short=trail.missed,
            promised=trail.promised if trail.whole and place.since is not None else None,
        )

    def _received(self, kind: Kind, batch: Batch, name: Name) -> Iterator[Received | Rejected]:
        how = self._how()
        return (receive(kind, each, name(each), how) for each in batch.found)

    def _partner(self, found: object) -> str:
        return id_of(as_map(found), self._adapter.partner_id)

    def _campaign(self, found: object) -> str:
        return id_of(as_map(found), self._adapter.campaign_id)

    def _conversion(self, found: object) -> str:
        return id_of(as_map(found), ("_id", "id", "conversion_id"))

    def _stat(self, found: object) -> str:
        return stat_id(found, self._how())
