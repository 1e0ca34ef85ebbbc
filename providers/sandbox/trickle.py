"""Life in the demo: every so often something small happens, always in the same order."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from providers.sandbox.clock import Clock
from providers.sandbox.journal import Journal
from providers.sandbox.site import Site

MOST_AT_ONCE = 200
"""After a long silence (a laptop asleep) no more than this is caught up."""


class Trickle:
    """Ticks are counted on the sandbox's clock and made up for at the next call, so no thread is needed."""

    def __init__(
        self, clock: Clock, seconds: float, sites: Callable[[], Sequence[Site]], journal: Journal | None = None
    ) -> None:
        self._clock = clock
        self._every = timedelta(seconds=seconds)
        self._sites = sites
        self._journal = journal
        self.ticks = 0
        self.start_over()

    def start_over(self) -> None:
        """Count from now."""
        self._next = self._clock() + self._every

    def catch_up(self) -> None:
        """Let everything happen that is due by now."""
        if not self._every:
            return
        now, done = self._clock(), 0
        while self._next <= now and done < MOST_AT_ONCE:
            self.tick()
            self._next += self._every
            done += 1
        self._next = max(self._next, now) if done == MOST_AT_ONCE else self._next

    def tick(self) -> None:
        """One thing happens now, and is written down."""
        self.happen()
        if self._journal:
            self._journal.tick(self._clock())

    def happen(self) -> None:
        """One thing, at one of the sites in turn."""
        sites = self._sites()
        sites[self.ticks % len(sites)].tick(self.ticks // len(sites))
        self.ticks += 1
