"""A listing that is walked in turns, by a provider that does what it is told."""

from collections.abc import Callable
from datetime import timedelta

from organiser_portal.connections.models import SyncState
from organiser_portal.participants.models import Entry
from organiser_portal.sync.engine import run_state
from organiser_portal.sync.models import Outcome, Owed, SyncRun
from providers.port import Page
from tests.sync.world import Clock, Script, last_page, page, received

TURN = timedelta(minutes=25)


class Listing:
    """Walked by a provider that does what it is told. What is not said to be resumed has begun at the beginning."""

    def __init__(self, state: SyncState, script: Script, clock: Clock) -> None:
        self.state = state
        self.script = script
        self.clock = clock

    def turn(self, *acts: object, full: bool = True) -> SyncRun:
        self.clock.now += timedelta(minutes=1)
        self.script.acts = list(acts)  # type: ignore[arg-type]
        done = run_state(self.state.pk, clock=self.clock, by_hand=True, full=full, budget=TURN)
        assert done is not None
        self.state.refresh_from_db()
        return done

    def first(self, *numbers: int, cursor: str = "half", **more: object) -> SyncRun:
        """A turn whose time is up after these."""
        done = self.turn(self.slow(page(map(received, numbers), cursor=cursor, **more)))
        assert (done.outcome, done.owes) == (Outcome.SHORT, Owed.REST)
        return done

    def last(self, *numbers: int, full: bool = False, **more: object) -> SyncRun:
        """The turn that goes on to the end."""
        return self.turn(last_page(map(received, numbers), **{"resumed": True, **more}), full=full)

    def slow(self, told: Page) -> Callable[[], Page]:
        def act() -> Page:
            self.clock.now += timedelta(minutes=30)
            return told

        return act

    def listed(self) -> str:
        rows = Entry.objects.filter(connection=self.state.connection, gone_at=None)
        return " ".join(sorted(rows.values_list("external_id", flat=True)))
