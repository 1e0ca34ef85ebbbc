"""How far a connection's walks have come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Subquery

from organiser_portal.connections import gateway
from organiser_portal.connections.models import Connection, Standing, SyncState
from organiser_portal.core import wording
from organiser_portal.sync.limits import REPLAY
from organiser_portal.sync.models import Outcome, SyncRun

REPLAY_LABEL = "Stored records, with the new mapping"
WAITS_FOR_A_WORKER = timedelta(minutes=10)
QUICK = 2  # seconds between two looks while something runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One listing: the run that is on, or the last one. ``waits``: asked for and not yet begun."""

    state: SyncState
    label: str
    run: SyncRun | None
    running: bool
    waits: bool
    age: str

    @property
    def text(self) -> str:
        return _text(self.run) if self.run else ""

    @property
    def aside(self) -> str:
        return speed(self.run) if self.run else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """``poll``: seconds until the page looks again, 0: nothing is on."""

    connection: Connection
    name: str
    lines: Sequence[Line]

    @property
    def poll(self) -> int:
        return QUICK if any(line.running or line.waits for line in self.lines) else 0

    @property
    def startable(self) -> bool:
        return self.connection.standing == Standing.WORKING


def progress(connection: Connection, *, now: datetime) -> Progress:
    """Each listing of the connection, in the order of a cycle. Two queries."""
    states = {state.resource: state for state in SyncState.objects.filter(connection=connection)}
    newest = _newest_runs(connection)
    labels = {resource.key: resource.label for resource in gateway.face(connection.provider).resources}
    labels |= {REPLAY: REPLAY_LABEL} if REPLAY in states else {}
    lines = [
        _line(states[key], label, newest.get(key), working=connection.standing == Standing.WORKING, now=now)
        for key, label in labels.items()
        if key in states
    ]
    return Progress(connection=connection, name=gateway.connection_name(connection), lines=lines)


def resource_label(connection: Connection, key: str) -> str:
    """A listing's name for people."""
    if key == REPLAY:
        return REPLAY_LABEL
    resources = gateway.face(connection.provider).resources
    return next((resource.label for resource in resources if resource.key == key), key)


def speed(run: SyncRun) -> str:
    """ "214 a second, about 11 s left"; "" where nothing can be said."""
    seconds = (run.progressed_at - run.started_at).total_seconds()
    if not run.seen or seconds <= 0:
        return ""
    rate = run.seen / seconds
    parts = [f"{rate:,.0f} a second" if rate >= 1 else f"{rate * 60:,.0f} a minute"]
    if run.promised is not None and run.promised > run.seen_in_all and run.outcome == Outcome.RUNNING:
        parts.append(f"about {wording.span(timedelta(seconds=(run.promised - run.seen_in_all) / rate))} left")
    return ", ".join(parts)


def _newest_runs(connection: Connection) -> dict[str, SyncRun]:
    newest = SyncRun.objects.filter(connection_id=OuterRef("connection_id"), resource=OuterRef("resource"))
    states = SyncState.objects.filter(connection=connection).annotate(newest=Subquery(newest.values("pk")[:1]))
    return {run.resource: run for run in SyncRun.objects.filter(pk__in=states.values("newest"))}


def _line(state: SyncState, label: str, run: SyncRun | None, *, working: bool, now: datetime) -> Line:
    running = state.is_leased(now)
    wanted = working and (state.asked_by_hand or _begins_anew(state, run)) and not running
    waits = bool(wanted and state.due_at and timedelta() <= now - state.due_at < WAITS_FOR_A_WORKER)
    return Line(state=state, label=label, run=run, running=running, waits=waits, age=_age(state, run, now))


def _begins_anew(state: SyncState, run: SyncRun | None) -> bool:
    """What its last run failed for is over: a test was passed since, or we have waited as we were asked to."""
    return run is not None and run.outcome == Outcome.FAILED and not state.failures and not state.held_reason


def _age(state: SyncState, run: SyncRun | None, now: datetime) -> str:
    """Since when it stands: what was not believed is as it was when the whole of it last was."""
    doubted = run is not None and run.outcome == Outcome.IMPLAUSIBLE
    words, at = ("last believed", state.last_full_at) if doubted else ("up to date", state.last_success_at)
    if at is None:
        return "never yet read to the end"
    old = wording.age(at, now)
    return f"{words} {old}" if old == "just now" else f"{words} {old} ago"


def _text(run: SyncRun) -> str:
    pages = f"page {run.pages:,}"
    if run.promised is None:
        return f"{run.seen_in_all:,} so far, {pages}"
    return f"{run.seen_in_all:,} of {run.promised:,}, {pages}"
