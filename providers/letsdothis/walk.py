"""The walk over a paged listing, oldest change first.

`Attempt` decides, without I/O, what each answer means; `Walk` asks, and starts again where that is called for.
The rules, and why: rows that change during the walk move to its end and come twice; the row behind a cursor may move
too, and then everything between is skipped, which shows only in the number of rows that came. What is announced may
itself be wrong, though: two whole walks that found the very same rows have found all there are.
A page that is known again (`providers.pages`) counts as its rows did, without being read.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import count

from providers.errors import ProviderError
from providers.letsdothis.cursor import Cursor
from providers.letsdothis.payloads import Know, Listing, Row, read_listing, read_rows
from providers.letsdothis.seen import Seen
from providers.letsdothis.stamps import moment_of, stamp_of
from providers.pages import KnownPage, PageMemory, mark_of, memory_for, words
from providers.port import Page, Received, Rejected
from providers.records import Kind

type Fetch = Callable[[Cursor, str, Know], Listing]
"""Ask for one page of the walk that began at the cursor; the text is the provider's own cursor, "" at first."""

# These say something about us or the hour, not about the cursor.
NOT_ABOUT_THE_CURSOR = frozenset({401, 408, 429})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one answer came to. ``next`` "": the attempt ends here.

    ``plain``: its rows came one after another in time, each for the first time, so that the page may be remembered.
    """

    items: tuple[Received, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    known: tuple[KnownPage, ...] = ()
    stamps: Sequence[int] = ()
    plain: bool = False
    next: str = ""


class Attempt:
    """One pass over the listing, and everything it has learned on the way.

    ``overlap``: how long after its time a row may still turn up. ``before``: what the whole pass before this one came
    to, where there was one and it was short.
    """

    def __init__(self, kind: Kind, start: Cursor, *, overlap: timedelta, before: int | None = None) -> None:
        self.start = start
        self._overlap = overlap
        self._before = before
        self.asked_for = ""
        self._kind = kind
        self._seen = Seen()
        self._cursors: set[int] = set()
        self._previous: dict[str, Received] = {}
        self._passed_last: Listing | None = None
        self._first: int | None = None
        self._last: int | None = None
        self._bound = start.bound
        self._latest: datetime | None = None
        self._largest = start.largest
        self._position: datetime | None = None
        self._ascending = True
        self._edge = start.resume
        self._passed = start.held
        self._added = 0
        self._begun = False

    @property
    def promised(self) -> int | None:
        """In the whole walk, where this attempt goes on in the middle of one."""
        return self.start.promised if self.start.whole and self.is_resumed else self._first

    @property
    def is_resumed(self) -> bool:
        return self.start.resume is not None

    @property
    def is_short(self) -> bool:
        """Fewer rows came than were announced. The last announcement counts as well: it knows late comers."""
        announced = max(self._first or 0, self._last or 0)
        return len(self._seen) < announced or self.start.held + self._added < (self.start.promised or 0)

    @property
    def came_to(self) -> int | None:
        """Which rows a whole pass found, as one number; None for one that began further on."""
        return self._seen.digest if self.start.whole and not self.is_resumed else None

    @property
    def is_believed(self) -> bool:
        """Whether what came is all there is: nothing was announced beyond it, or the same came twice."""
        return not self.is_short or (self._before is not None and self._before == self.came_to)

    def take(self, listing: Listing) -> Step:
        """Read one answer: what is new in it, and whether to go on."""
        self._note_totals(listing)
        if listing.known is not None:
            return self._pass(listing, listing.known)
        self._recall_previous()
        news, plain = False, True
        items: dict[str, Received] = {}
        rejected: list[Rejected] = []
        stamps: list[int] = []
        rows = read_rows(self._kind, listing)
        came = [stamp_of(row.updated_at) for row in rows]
        before = self._seen.note((row.name for row in rows), came)
        for row, stamp, known in zip(rows, came, before, strict=True):
            self._note(row, known)
            fresh = known is None or stamp > known
            news = news or fresh
            repeated = known is not None and self._previous.get(row.name) == row.item
            if known is None:
                stamps.append(stamp)
            if isinstance(row.item, Rejected):
                rejected += [row.item] if fresh else []
            elif (known is None or stamp >= known) and not repeated:
                items[row.name] = row.item
            plain = plain and row.updated_at is not None and (known is None or repeated)
        self._previous = items
        self.asked_for = self._next(listing.next) if news else ""
        plain = plain and not rejected and bool(items) and self._ascending
        return Step(
            items=tuple(items.values()), rejected=tuple(rejected), stamps=stamps, plain=plain, next=self.asked_for
        )

    def _pass(self, listing: Listing, page: KnownPage) -> Step:
        """A page known again: in time, as were those before it, and nothing in it that one of them had."""
        stamps = words(page.stamps, "q")
        last = moment_of(stamps[-1])
        edge = self._edge_at(last)
        if self._edge is None or edge > self._edge:
            self._edge, self._passed = edge, self.start.held + self._added + bisect_left(stamps, stamp_of(edge))
        self._position = last
        self._largest = max(last, self._largest or last)
        self._seen.note_page(page)
        self._added += len(page)
        self._passed_last = listing
        self.asked_for = self._next(listing.next)
        return Step(known=(page,), next=self.asked_for)

    def _recall_previous(self) -> None:
        """What a page known again held is read after all where the next one has to be compared with it."""
        if self._passed_last is not None:
            whole = read_rows(self._kind, read_listing(self._passed_last.reply))
            self._previous = {row.name: row.item for row in whole if isinstance(row.item, Received)}
            self._passed_last = None

    def under_way(self) -> Cursor:
        """Where a worker that takes over may go on."""
        if not self._ascending:
            return self.start.afresh()  # the sort was ignored: no time in it means anything
        if self._edge is None:
            return self.start
        return Cursor(
            watermark=self.start.watermark,
            resume=self._edge,
            bound=self._bound,
            largest=self._largest,
            held=self._passed,
            promised=self.start.promised if self.is_resumed else self._first,
            whole=self.start.whole,
            repeated=self.start.repeated,
            cut_off=self.start.cut_off or self.start.resume,
        )

    def close(self) -> None:
        """Nothing more will be asked of it."""
        self._seen.close()

    def settled(self) -> Cursor:
        """What the next run starts with, when all has come."""
        return self.start.settled(seen=self._largest, bound=self._bound)

    def _note_totals(self, listing: Listing) -> None:
        if not self._begun:
            self._begun = True
            self._first = listing.total
            # Whoever goes on asks anew, so its first answer counts: else it could never get past the old one's time.
            self._bound = listing.date or self._bound
            self._latest = self._bound - self._overlap if self._bound else None
        if listing.total is not None:
            self._last = listing.total

    def _note(self, row: Row, known: int | None) -> None:
        at, resume = row.updated_at, self.start.resume
        if at is not None:
            self._advance(at)
        if known is None and (resume is None or at is None or at >= resume):
            self._added += 1

    def _advance(self, at: datetime) -> None:
        if self._position is not None and at < self._position:
            self._ascending = False
        self._position = at
        if self._largest is None or at > self._largest:
            self._largest = at
        edge = self._edge_at(at)
        if self._edge is None or edge > self._edge:
            self._edge, self._passed = edge, self.start.held + self._added

    def _edge_at(self, at: datetime) -> datetime:
        """How far the resume point may come with this row: not over what changes meanwhile, or may turn up late."""
        return at if self._latest is None or at < self._latest else self._latest

    def _next(self, cursor: str) -> str:
        """The cursor to follow: "" when there is none, or when it would lead in a circle."""
        mark = mark_of(cursor)
        leads_back = mark in self._cursors
        self._cursors.add(mark)
        return "" if leads_back else cursor


class Walk:
    """An attempt; another from the beginning when a cursor was refused, another when rows were missing. Each once.

    ``memory``: asked by a whole walk from the beginning whether it knows a page again.
    """

    def __init__(
        self, fetch: Fetch, kind: Kind, start: Cursor, *, overlap: timedelta, memory: PageMemory | None = None
    ) -> None:
        self._fetch = fetch
        self._attempt = partial(Attempt, kind, overlap=overlap)
        self._start = start
        self._memory = memory_for(memory, straight=start.whole and start.resume is None)

    def pages(self) -> Iterator[Page]:
        attempt = self._attempt(self._start)
        before: int | None = None
        may_restart, may_repeat = True, not self._start.repeated
        while True:
            with closing(attempt):
                try:
                    yield from self._pages(attempt, may_repeat=may_repeat)
                except ProviderError as error:
                    if not (may_restart and _refuses_cursor(error, attempt)):
                        raise
                    may_restart = False
                else:
                    if not (may_repeat and attempt.is_short):
                        return
                    may_repeat, before = False, attempt.came_to
            self._memory.spoil()
            attempt = self._attempt(self._start.afresh(repeated=not may_repeat), before=before)

    def _pages(self, attempt: Attempt, *, may_repeat: bool) -> Iterator[Page]:
        for place in map(str, count(1)):
            listing = self._fetch(attempt.start, attempt.asked_for, partial(self._memory.known, place))
            step = attempt.take(listing)
            if not step.known:
                self._memory.note(
                    place, listing.reply.body, listing.rows, step.items, stamps=step.stamps, to_read=not step.plain
                )
            going = bool(step.next)
            again = may_repeat and attempt.is_short
            yield _page(listing, step, attempt, last=not going and not again)
            if not going:
                return


def _page(listing: Listing, step: Step, attempt: Attempt, *, last: bool) -> Page:
    short = last and attempt.is_short
    return Page(
        items=step.items,
        rejected=step.rejected,
        known=step.known,
        cursor=_cursor(step, attempt, last=last).encode(),
        last=last,
        resumed=attempt.is_resumed,
        complete=last and attempt.start.whole and not short,
        short=short,
        promised=attempt.promised,
        requests=listing.requests,
        bytes=listing.bytes,
    )


def _cursor(step: Step, attempt: Attempt, *, last: bool) -> Cursor:
    if step.next:
        return attempt.under_way()
    if not last:
        return attempt.start.afresh(repeated=True)
    # Rows were missing: the watermark stays, and the next walk starts from it.
    return attempt.settled() if attempt.is_believed else Cursor(watermark=attempt.start.watermark)


def _refuses_cursor(error: ProviderError, attempt: Attempt) -> bool:
    status = error.status or 0
    return bool(attempt.asked_for) and status // 100 == 4 and status not in NOT_ABOUT_THE_CURSOR
