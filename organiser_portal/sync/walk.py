"""One walk over one listing: pages in, each stored in one transaction together with where to go on."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from itertools import chain

from django.db import transaction
from django.db.models import F

from organiser_portal.connections.counting import Counting
from organiser_portal.connections.models import SourcePayload, SyncState
from organiser_portal.core import leaving
from organiser_portal.core.lasting import lasts_by_and_by
from organiser_portal.sync.apply import Applier
from organiser_portal.sync.claim import Claim, renew
from organiser_portal.sync.collecting import collect_seldom
from organiser_portal.sync.models import SyncRun
from organiser_portal.sync.put_off import PutOff
from organiser_portal.sync.reader import ReadAhead
from organiser_portal.sync.schedule import Ending
from organiser_portal.sync.second_hand import second_hand
from organiser_portal.sync.second_look import picked
from organiser_portal.sync.stores import MODELS
from organiser_portal.sync.tally import Tally
from organiser_portal.sync.tie import TIED, tie_entries
from organiser_portal.sync.verdict import Verdict
from providers.port import Known, Page, Provider, Resource
from providers.records import Kind

type Clock = Callable[[], datetime]
type OnPage = Callable[[SyncRun], None]


class BrokenOff(Exception):
    """A provider's walk stopped without saying that it was at its end: a mistake in its client."""


class Walk:
    """Everything one run learns on its way. The figures stand on ``run``, which is written with every page.

    ``budget``: no further page after so long, nor when the worker is told to stop. ``begun``: when the whole walk began
    that another turn has handed over.
    ``whole``: this walk was to see everything; ``verdict`` says whether it did, and what is gone. ``adds_up``: how many
    we hold follows from what was new and what is gone. ``provider``: whom it asks, once it does.
    """

    def __init__(
        self,
        *,
        mine: Claim,
        run: SyncRun,
        clock: Clock,
        on_page: OnPage | None = None,
        budget: timedelta | None = None,
        begun: datetime | None = None,
    ) -> None:
        self.mine = mine
        self.run = run
        self.clock = clock
        self.whole = run.full or not mine.state.cursor
        self.verdict = Verdict(mine.state, run, begun=begun)
        self.adds_up = True
        self.provider: Provider | None = None
        self._on_page = on_page
        self._deadline = None if budget is None else run.started_at + budget
        self._may_begin_further_on = False
        self._may_tell_the_gone = True

    @property
    def state(self) -> SyncState:
        return self.mine.state

    @property
    def owes_the_gone(self) -> bool:
        """Everything was to be read, and what is gone has still to be looked for, if that can be."""
        unnamed = self.run.full and self._may_begin_further_on and not self.verdict.named_all
        return (unnamed and self._may_tell_the_gone) or self.verdict.leaves_some

    def note_cost(self) -> None:
        """What was spent in all: the pages that were stored know nothing of a call that failed, or came behind them."""
        if self.provider is not None:
            self.run.requests, self.run.bytes = self.provider.cost

    def go(self, provider: Provider, resource: Resource) -> Ending:
        """Walk to the end, or as far as the time allows. Raises what the provider raises, and LeaseLost."""
        collect_seldom()
        self._may_begin_further_on = resource.full_every_hours is not None
        self.whole = self.whole or not self._may_begin_further_on

        provider.pages = self.verdict.memory if self.whole else None

        def pages(known: Known) -> Iterator[Page]:
            return provider.pull(resource.key, self.state.cursor, full=self.run.full, known=known)

        ending: Ending | None = None
        is_first = self.whole and self._holds_nothing(resource.kind)
        hand = second_hand() if is_first else None
        applier = Applier(
            connection=self.state.connection,
            provider=provider,
            run_id=self.run.pk,
            now=self.clock,
            second_hand=hand,
        )
        indexes = PutOff(MODELS[resource.kind], hand)
        counting, kept = Counting(MODELS[resource.kind]), Counting(SourcePayload)
        ahead = ReadAhead(pages, known=self._known, prepare=applier.prepare if is_first else None)
        provider.keep = ahead.by_caller(provider.keep)
        with closing(self.verdict), closing(applier), ahead, indexes:
            if self.whole:
                self.verdict.recall(resource.kind)
            for batch in ahead:
                reached = replace(batch[-1], items=(), known=(), rejected=())
                ending = _ending(reached)
                indexes.until_filled(batch[0].promised)
                with transaction.atomic():
                    lasts_by_and_by()
                    self._store(batch, applier, resource)
                    del batch
                    ahead.make_room()
                self._may_tell_the_gone = reached.complete is not None
                if self.verdict.is_whole(reached):
                    self._look_again(provider, applier, resource)
                    indexes.begin_making()
                    self._conclude(applier, resource)
                counting.added(self.run.new)
                kept.added(self.run.new + self.run.changed)
                self._tell()
                if ending is None and self._out_of_time():
                    self._hand_over(reached)
                    return Ending.CONTINUES
        if ending is None:
            raise BrokenOff(f"the walk of {resource.key} ended without a last page")
        if self._ties_others(resource.kind) and (self.run.new or self.run.changed or self.run.gone):
            tie_entries(self.state.connection)
        return ending

    def count(self, tally: Tally) -> None:
        """Add to the run's figures. Written with the page they came from."""
        for name, number in asdict(tally).items():
            setattr(self.run, name, getattr(self.run, name) + number)
        self.run.progressed_at = self.clock()
        self.run.save(update_fields=PROGRESS)

    def counted(self, tally: Tally) -> None:
        """The same for a replay, whose pages are stored by itself."""
        with transaction.atomic():
            renew(self.mine, now=self.clock())
            self.run.pages += 1
            self.count(tally)
        self._tell()

    def _store(self, batch: Sequence[Page], applier: Applier, resource: Resource) -> None:
        page = joined(batch)
        renew(self.mine, now=self.clock(), cursor=page.cursor)
        if not self.run.pages:
            self.verdict.begin(batch[0])
        if page.last:
            self.verdict.end()
        self._take(page, applier, resource, pages=len(batch))

    def _take(self, page: Page, applier: Applier, resource: Resource, *, pages: int = 1) -> None:
        tally = applier.apply(page, resource=resource.key)
        self.adds_up = applier.adds_up
        if tally.new:  # told at once: who knows how this walk ends
            SyncState.objects.filter(pk=self.state.pk).update(held=F("held") + tally.new)
        again = self.verdict.note(page, resource.kind)
        self.run.pages += pages
        self.run.requests += page.requests
        self.run.bytes += page.bytes
        self.run.promised = self.run.promised if page.promised is None else page.promised
        self.count(tally.without(again))

    def _look_again(self, provider: Provider, applier: Applier, resource: Resource) -> None:
        """Where one walk may miss a row and not know it, what was not named is looked for before it counts as gone."""
        if not resource.looks_twice:
            return
        missing = self.verdict.missing(resource.kind, all_stand=applier.all_stand)
        provider.pages = None
        again = provider.look_again(resource.key, missing, known=self._known) if missing else ()
        for page in picked(again, missing):
            with transaction.atomic():
                renew(self.mine, now=self.clock())
                self._take(page, applier, resource)
            if self._out_of_time():
                self.verdict.looked_once()
                return

    def _conclude(self, applier: Applier, resource: Resource) -> None:
        """Everything was named: what was not is gone. In a transaction of its own, since whoever has one of the gone
        may wait for one that the last page wrote. A worker that dies in between leaves a whole walk due.
        """
        with transaction.atomic():
            now = self.clock()
            renew(self.mine, now=now)
            self.count(self.verdict.conclude(resource.kind, all_stand=applier.all_stand, left=applier.left, now=now))

    def _hand_over(self, reached: Page) -> None:
        """A worker that dies before this leaves the cursor, and what is gone to another whole walk."""
        if self.whole and self._may_begin_further_on:
            with transaction.atomic():
                renew(self.mine, now=self.clock(), full_due=True)
                self.verdict.hand_over(reached)

    def _ties_others(self, kind: Kind) -> bool:
        """Entries are tied with their batch, but to what was known then: after a whole walk all are looked at again.

        Partners and places decide about those that were there before.
        """
        return kind in TIED and (kind is not Kind.ENTRY or self.whole)

    def _holds_nothing(self, kind: Kind) -> bool:
        return not MODELS[kind]._default_manager.filter(connection=self.state.connection).exists()

    def _known(self, kind: Kind) -> Iterable[str]:
        rows = MODELS[kind]._default_manager.filter(connection=self.state.connection, gone_at=None)
        return rows.exclude(external_id=None).values_list("external_id", flat=True)

    def _out_of_time(self) -> bool:
        return leaving.is_told() or (self._deadline is not None and self.clock() >= self._deadline)

    def _tell(self) -> None:
        if self._on_page is not None:
            self._on_page(self.run)


PROGRESS = [
    *("seen", "new", "changed", "same", "gone", "rejected"),
    *("pages", "requests", "bytes", "promised", "named_before", "progressed_at"),
]


def joined(batch: Sequence[Page]) -> Page:
    """Several pages as one. Only the last of them may deny ids: what it denies, an earlier one may still have named."""
    if len(batch) == 1:
        return batch[0]
    promised = [page.promised for page in batch if page.promised is not None]
    return replace(
        batch[-1],
        items=tuple(chain.from_iterable(page.items for page in batch)),
        known=tuple(chain.from_iterable(page.known for page in batch)),
        rejected=tuple(chain.from_iterable(page.rejected for page in batch)),
        promised=promised[-1] if promised else None,
        requests=sum(page.requests for page in batch),
        bytes=sum(page.bytes for page in batch),
    )


def _ending(page: Page) -> Ending | None:
    """How the walk ended with this page; None: it goes on."""
    if not page.last:
        return None
    return Ending.SHORT if page.short else Ending.DONE
