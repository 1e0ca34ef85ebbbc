"""What a whole walk has named, over all its turns, and so which of our rows are gone.

A walk that needed more than a turn is long, and between its turns nobody looked: what it did not name is gone only if
the whole walk before it missed it as well. So is what a second look had no time for. Until then it is owed.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from organiser_portal.connections.models import SyncState
from organiser_portal.sync import handed_over
from organiser_portal.sync.doubt import is_believed
from organiser_portal.sync.models import SyncRun
from organiser_portal.sync.remembered import recall, remember
from organiser_portal.sync.retire import SeenIds, held, retire_absent, unnamed
from organiser_portal.sync.tally import Tally
from organiser_portal.sync.unreadable import let_go, unheard
from providers.pages import PageMemory, words
from providers.port import Page, Received
from providers.records import Kind


class Verdict:
    """``named_all``: the provider says so, so that what is gone could be looked for; ``held`` are then left.

    ``begun``: when the walk began that this turn goes on with, whose earlier turns are known. ``implausible``: why
    nothing was marked as gone. ``leaves_some``: what was not named, for the next whole walk to look for.
    """

    def __init__(self, state: SyncState, run: SyncRun, *, begun: datetime | None) -> None:
        self.memory = PageMemory(None)
        self.named_all = False
        self.held: int | None = None
        self.implausible = ""
        self.came_empty = False
        self._state = state
        self._run = run
        self._seen = SeenIds()
        self._goes_on = begun is not None
        self._began = begun or run.started_at
        self._once = self._goes_on
        self._left: set[int] = set()

    @property
    def leaves_some(self) -> bool:
        return bool(self._left) and not self.implausible

    def close(self) -> None:
        """It has been given, or will not be: what it took to give it is let go."""
        self._seen.close()
        self.memory.close()

    def recall(self, kind: Kind) -> None:
        """What earlier walks, and earlier turns of this one, have left. Somebody may be waiting for it."""
        recall(self.memory, self._state, kind)
        if self._goes_on:
            for marks in handed_over.named(self._state):
                self._seen.add_marks(words(marks))
            self._run.named_before = len(self._seen)

    def begin(self, page: Page) -> None:
        """The first page of this turn, in the caller's transaction: the provider may have begun anew all the same."""
        if self._goes_on and not page.resumed:
            self._goes_on = self._once = False
            self._seen.close()
            self._seen, self._began, self._run.named_before = SeenIds(), self._run.started_at, 0
        if self._state.full_due and not self._goes_on:  # a walk that was handed over is still due
            handed_over.let_go(self._state)

    def end(self) -> None:
        """The last page of the walk is being stored. In the caller's transaction."""
        if self._goes_on:
            handed_over.let_go(self._state)

    def note(self, page: Page, kind: Kind) -> int:
        """What came is there, whether we could read it or not. How many had come before in this walk."""
        for known in page.known:
            self._seen.add_page(known)
        again = self._seen.add(item for item in page.items if item.kind == kind)
        return again + self._seen.add(one for one in page.rejected if one.kind == kind and one.external_id)

    def covers(self, page: Page) -> bool:
        """Whether all that the whole walk named up to this page is known here."""
        return self._goes_on or not page.resumed

    def is_whole(self, page: Page) -> bool:
        """Whether with this page everything was named. Of several turns, their sum is compared with the promise."""
        if not page.complete or not self.covers(page):
            return False
        return not page.resumed or self._seen.distinct() >= (page.promised or 0)

    def hand_over(self, page: Page) -> None:
        """To whoever goes on after this page, if anybody can. In the caller's transaction."""
        if page.cursor and self.covers(page):
            handed_over.hand_over(self._state, self._seen, cursor=page.cursor, began=self._began)

    def missing(self, kind: Kind, *, all_stand: bool) -> set[str]:
        """What is to be looked for once more, before it counts as gone."""
        if self._once or not len(self._seen) or self.memory.all_known:
            return set()
        connection = self._state.connection
        count = held(connection=connection, kind=kind)
        found = unnamed(connection, kind, self._seen, of=count, all_stand=all_stand)
        unread = unheard(self._state, kind, since=self._began).values_list("external_id", flat=True)
        return {*(external_id for _, external_id in found), *unread}

    def looked_once(self) -> None:
        """There was no time to look for it again."""
        self._once = True

    def conclude(self, kind: Kind, *, all_stand: bool, left: Sequence[Received], now: datetime) -> Tally:
        """Everything was named: what was not is gone. In the caller's transaction.

        ``all_stand``: whatever this turn named is among our rows; ``left``: what is not, though it could be told apart.
        """
        self.named_all, self._run.resumed = True, False
        if self._goes_on:
            self._run.named_before = max(self._seen.distinct() - self._run.seen, 0)
        sure = handed_over.missed(self._state) if self._once and len(self._seen) else None
        tally = self._retire(kind, all_stand=all_stand and not self._goes_on, sure=sure, now=now)
        self._let_unreadable_go(kind, sure=sure, now=now)
        if not self._goes_on:
            self._remember(kind, left)
        if self._left or self._state.full_due:  # else the walk before has left nothing
            handed_over.leave_missed(self._state, self._left, began=self._began)
        return tally

    def _remember(self, kind: Kind, left: Sequence[Received]) -> None:
        if self._seen.distinct() < len(self._seen):
            self.memory.spoil()  # what came twice may have come with two faces
        remember(self.memory, self._state, kind, left=left)

    def _retire(self, kind: Kind, *, all_stand: bool, sure: Collection[int] | None, now: datetime) -> Tally:
        state, run = self._state, self._run
        if self.memory.all_known:  # and so were our rows when it was asked
            self.held = len(self._seen)
            return Tally()
        result = retire_absent(
            connection=state.connection,
            kind=kind,
            seen=self._seen,
            all_stand=all_stand,
            now=now,
            allow_empty=state.empty_once,
            believed=is_believed(connection_id=run.connection_id, resource=run.resource, seen=run.seen_in_all),
            only=sure,
        )
        self.implausible = result.sentence if result.implausible else ""
        self.came_empty = result.implausible and not len(self._seen)
        self.held = result.held
        if self._once:
            self._left.update(result.left)
        return Tally(gone=result.gone)

    def _let_unreadable_go(self, kind: Kind, *, sure: Collection[int] | None, now: datetime) -> None:
        records = unheard(self._state, kind, since=self._began)
        if self.implausible or not records.exists():
            return
        if len(self._seen) or self._state.empty_once:
            self._left.update(let_go(records, self._seen, only=sure, now=now))
        else:
            self.came_empty = True
