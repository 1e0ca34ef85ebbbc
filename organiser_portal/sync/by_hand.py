"""A sync that somebody waits for: every listing of some connections in order, here and now, whatever the hour."""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from organiser_portal.connections import gateway
from organiser_portal.connections.models import Connection, Standing, SyncState
from organiser_portal.sync import faults, put_off
from organiser_portal.sync.engine import run_state
from organiser_portal.sync.models import Outcome, SyncRun
from organiser_portal.sync.quiet import asked_to_wait, seconds_left
from organiser_portal.sync.walk import OnPage
from providers.errors import RateLimited

log = logging.getLogger(__name__)

LOOK_AGAIN = 0.5  # seconds
MOST_WALKS = 5  # of one listing; what five did not mend, a sixth will not
BUSY = "Another worker is busy with this connection."


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """``run`` None: there was no attempt, and ``error`` says why."""

    connection: Connection
    resource: str
    run: SyncRun | None
    error: str = ""

    @property
    def ok(self) -> bool:
        return self.run is not None and self.run.outcome == Outcome.SUCCEEDED


def sync_connection(
    connection: Connection,
    *,
    resource: str = "",
    full: bool = False,
    patience: float = 60.0,
    on_page: OnPage | None = None,
    on_start: Callable[[str], None] | None = None,
) -> Iterator[Result]:
    """One result for each listing. ``patience``: seconds to wait for another worker, or for a provider that asks to."""
    for key in _listings(connection, resource):
        if on_start is not None:
            on_start(key)
        try:
            yield _sync(connection, key, full=full, patience=patience, on_page=on_page)
        except Exception as error:  # it did not even come to a run, or the run could not be written
            log.error("connection %s, %s: %s", connection.pk, key, type(error).__name__)
            yield Result(connection=connection, resource=key, run=None, error=faults.OUR_MISTAKE)
    put_off.make_forgotten()  # there may be no worker who would


def _sync(connection: Connection, key: str, *, full: bool, patience: float, on_page: OnPage | None) -> Result:
    connection.refresh_from_db()
    if connection.standing != Standing.WORKING:
        return Result(connection=connection, resource=key, run=None, error=not_at_work(connection))
    state, _ = SyncState.objects.get_or_create(connection=connection, resource=key)
    run = _run(state, full=full, patience=patience, on_page=on_page)
    return Result(connection=connection, resource=key, run=run, error=_why(run, state))


def not_at_work(connection: Connection) -> str:
    """Why nothing can be fetched or sent."""
    standing = Standing(connection.standing).label.lower()
    return f"This connection is not at work ({standing}). {connection.standing_reason or 'Test it first.'}"


def _listings(connection: Connection, resource: str) -> list[str]:
    """Those asked for; of a provider that is not there any more, those we have walked."""
    known = [each.key for each in gateway.face(connection.provider).resources]
    return [resource] if resource else known or list(connection.sync_states.values_list("resource", flat=True))


def _run(state: SyncState, *, full: bool, patience: float, on_page: OnPage | None) -> SyncRun | None:
    """Until it ends in a way that waiting will not mend."""
    until = time.monotonic() + patience
    walks = 0
    while True:
        run = run_state(state.pk, full=full, by_hand=True, on_page=on_page, raises=False)
        walks += run is not None
        state.refresh_from_db()
        pause = _pause(run, state)
        if pause is None or walks >= MOST_WALKS or time.monotonic() + pause > until:
            return run
        time.sleep(pause)


def _pause(run: SyncRun | None, state: SyncState) -> float | None:
    """Seconds until it is worth another attempt; None: it is not."""
    if run is None:
        wait = seconds_left(state.connection, now=timezone.now()) or LOOK_AGAIN
        return wait if state.connection.standing == Standing.WORKING else None
    if run.outcome == Outcome.SHORT and state.full_due:
        return 0.0
    if run.error_kind == RateLimited.__name__ and state.due_at is not None:
        return max(0.0, (state.due_at - timezone.now()) / timedelta(seconds=1))
    return None


def _why(run: SyncRun | None, state: SyncState) -> str:
    if run is None:
        return asked_to_wait(state.connection, now=timezone.now()) or BUSY
    if run.error_kind == faults.INTERNAL:
        return f"{run.error_sentence} It is run {run.pk}."
    return run.error_sentence
