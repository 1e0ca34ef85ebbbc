"""What goes wrong while a long listing is walked: above all, somebody is cut off in the middle of a turn."""

import time
from collections.abc import Callable, Iterator
from random import Random

from organiser_portal.sync.models import HandedOver, Outcome, SyncRun
from tests.torture.long_listing import LongListing
from tests.torture.processes import Installation
from tests.torture.trouble import Kind, Misfortune

PATIENCE = 5.0  # seconds in which a turn should begin, when somebody is to be cut off
SINKS_IN = 0.2  # seconds; a COMMIT that was under way then has been done or not


class TroubleOnTheWay(Misfortune):
    """``deadly``: how often somebody dies, the rest comes to some twenty. ``turn``: seconds that one takes."""

    def __init__(self, listing: LongListing, installation: Installation, chance: Random, *, turn: float) -> None:
        super().__init__(listing, installation, chance)
        self._listing = listing
        self._turn = turn
        self._forgotten: list[int] = []
        self.deadly = 2

    def kinds(self) -> tuple[Kind, ...]:
        return (
            (4, self.a_call_fails), (8, self.people_come_and_go), (2, self.one_instant), (4, self.time_passes),
            (self.deadly, self.a_worker_is_killed), (1, self.the_database_is_cut), (1, self.the_broker_is_restarted),
            (1, self.a_date_to_wait_for), (1, self.a_list_comes_empty),
        )  # fmt: skip

    def people_come_and_go(self) -> None:
        self._listing.people_come_and_go(self._chance)

    def one_instant(self) -> None:
        self._listing.many_in_one_instant(self._chance)

    def time_passes(self) -> None:
        """And whoever waits for a whole walk asks for another when one has ended."""
        self._listing.time_passes()
        if self._listing.is_at_rest():
            self._listing.ask_for_a_whole_walk()

    def a_worker_is_killed(self) -> None:
        self._in_the_middle(lambda worker: self._installation.kill_the_worker_with(worker, self._chance))

    def the_database_is_cut(self) -> None:
        self._in_the_middle(lambda _: self._installation.cut_database())

    def _in_the_middle(self, strike: Callable[[int], None]) -> None:
        """Of a turn. ``strike`` is told which process is at work."""
        further_on = self._chance.random() < 0.7
        run, left = self._begun(further_on=further_on)
        self._wait_a_while(run, further_on=further_on)
        lease = self._listing.state.lease
        if run is None or not lease or self._listing.last != run:
            self.struck["too late"] += 1
            return
        strike(int(lease[8:16], 16))
        time.sleep(SINKS_IN)
        self._note(run, left)

    def _begun(self, *, further_on: bool) -> tuple[SyncRun | None, list[int]]:
        """A turn that has stored nothing yet, so that it has handed nothing over either; and what had been before.

        ``further_on``: one that goes on with a walk, if any does.
        """
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            left, last = _written(), self._listing.last
            is_one = last is not None and last.outcome == Outcome.RUNNING and not last.pages
            if is_one and (last.resumed or not further_on):
                return last, left
            self.time_passes()
            time.sleep(0.02)
        return None, []

    def _wait_a_while(self, run: SyncRun | None, *, further_on: bool) -> None:
        """Until it has stored something, so that what was named is forgotten; or for as long as chance will have it."""
        if run is None or not further_on:
            time.sleep(self._chance.uniform(0.0, self._turn + 0.2))
            return
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and run.outcome == Outcome.RUNNING and not run.pages:
            time.sleep(0.005)
            run.refresh_from_db()

    def _note(self, run: SyncRun, left: list[int]) -> None:
        """What came of it: behind one that has stored pages and handed over nothing, nobody knows what was named."""
        cut = SyncRun.objects.get(pk=run.pk)
        if cut.outcome not in (Outcome.RUNNING, Outcome.ABANDONED, Outcome.FAILED):
            self.struck["too late"] += 1
        elif not cut.pages:
            self.struck["cut off at its first page"] += 1
        elif left != _written():
            self.struck["cut off when it had handed over"] += 1
        else:
            self.struck["cut off further on"] += 1
            self._forgotten.append(run.pk)

    def amiss(self) -> Iterator[str]:
        """Who goes on where somebody was cut off, and believes to know what was named before."""
        for pk in self._forgotten:
            after = self._listing.runs().filter(pk__gt=pk).order_by("pk").first()
            if after is not None and after.named_before:
                yield f"run {after.pk} knows of {after.named_before}, though {pk} was cut off"


def _written() -> list[int]:
    """Which rows were handed over: whoever hands over writes them anew."""
    return list(HandedOver.objects.order_by("pk").values_list("pk", flat=True))
