"""How old what we show is: per connection, when it last answered in full and when it is asked next."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from organiser_portal.connections import gateway
from organiser_portal.connections.models import Connection, Standing, SyncState
from organiser_portal.core import wording
from organiser_portal.core.bars import Segment
from organiser_portal.organisations.models import Organisation
from organiser_portal.sync.calendar import waits
from organiser_portal.sync.coverage import Coverage, coverages
from providers.port import Cadence

LATE_AFTER = 2  # intervals
GRACE = timedelta(minutes=5)
QUICK, SLOW = 3, 60  # seconds between two looks
FASTEST_FIRST = (Cadence.FAST, Cadence.STEADY, Cadence.SLOW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """One connection. ``at``: since when all that it tells oftenest is as we show it; None: not yet seen in full.

    ``state``: ok, running, late, refused, paused or never. ``left``: per cent of the interval until the next look.
    ``limit``: how old it may become before it is late. ``failing``: the last look at some of it failed. ``trouble``:
    what keeps it from being read, in few words, where a person has to do something. ``waits_until``: the provider has
    asked not to be called before. ``coverage`` only where it was asked for.
    """

    connection: Connection
    face: gateway.Face
    name: str
    state: str
    at: datetime | None
    next_at: datetime | None
    left: int
    words: str
    note: str
    limit: timedelta
    failing: bool
    trouble: str
    waits_until: datetime | None = None
    coverage: Coverage | None = None

    @property
    def stumbled(self) -> bool:
        """It fails, but not for so long that it is late."""
        return self.state == "ok" and self.failing

    @property
    def says(self) -> str:
        """What a person reads behind the name: "11 min ago, says 150 entered, we can see 112"."""
        told = self.coverage.sentence() if self.coverage and self.at else ""
        return ", ".join(filter(None, [self.note, told]))

    @property
    def segments(self) -> list[Segment]:
        """The bar: what we see, and hatched what we do not."""
        if self.coverage is None:
            return []
        channel = self.face.channel
        seen = Segment(
            value=self.coverage.seen, channel=channel, hatched=self.state != "ok" and self.state != "running"
        )
        return [seen, Segment(value=self.coverage.missing, channel=channel, hatched=True)]


def freshness(organisation: Organisation, *, now: datetime, with_coverage: bool = False) -> list[Freshness]:
    """Every connection of the organisation, in a bounded number of queries."""
    connections = list(Connection.objects.of(organisation).select_related("organisation"))
    return freshness_of(connections, now=now, with_coverage=with_coverage)


def freshness_of(connections: Sequence[Connection], *, now: datetime, with_coverage: bool = False) -> list[Freshness]:
    """The same of these connections, whose organisations are at hand."""
    states = _states(connections)
    watched = {each.pk: _watched(each, states[each.pk]) for each in connections}
    cadences = {pk: cadence for pk, (cadence, _) in watched.items()}
    intervals = waits(connections, cadences, now=now) if connections else {}
    seen = coverages(connections, now=now) if with_coverage else {}
    return [
        read(
            each,
            states[each.pk],
            watched=watched[each.pk][1],
            interval=intervals[each.pk],
            coverage=seen.get(each.pk),
            now=now,
        )
        for each in connections
    ]


def read(
    connection: Connection,
    states: Sequence[SyncState],
    *,
    watched: Sequence[SyncState],
    interval: timedelta,
    now: datetime,
    coverage: Coverage | None = None,
) -> Freshness:
    """``watched``: the states whose age counts."""
    at = _oldest(watched)
    state = _state(connection, states, at=at, interval=interval, now=now)
    due = min((one.due_at for one in watched if one.due_at is not None), default=None)
    next_at = due if state in ("ok", "late", "running") else None
    return Freshness(
        connection=connection,
        face=gateway.face(connection.provider),
        name=gateway.connection_name(connection),
        state=state,
        at=at,
        next_at=next_at,
        left=_left(at, due, now),
        words=_words(state, at, now),
        note=_note(state, at, now),
        limit=interval * LATE_AFTER + GRACE,
        failing=any(each.fails for each in states),
        trouble=_trouble(connection, states) if state == "refused" else "",
        waits_until=connection.waits_until(now),
        coverage=coverage,
    )


def poll_seconds(rows: Iterable[Freshness]) -> int:
    return QUICK if any(row.state == "running" for row in rows) else SLOW


def _states(connections: Sequence[Connection]) -> defaultdict[int, list[SyncState]]:
    rows: defaultdict[int, list[SyncState]] = defaultdict(list)
    for state in SyncState.objects.filter(connection__in=[each.pk for each in connections]).order_by("pk"):
        rows[state.connection_id].append(state)
    return rows


def _watched(connection: Connection, states: Sequence[SyncState]) -> tuple[Cadence, list[SyncState]]:
    """The listings that are asked for oftenest: theirs is the age of the connection."""
    cadences = {resource.key: resource.cadence for resource in gateway.face(connection.provider).resources}
    for cadence in FASTEST_FIRST:
        if mine := [state for state in states if cadences.get(state.resource) is cadence]:
            return cadence, mine
    return Cadence.SLOW, []


def _oldest(watched: Sequence[SyncState]) -> datetime | None:
    """Only as fresh as the least fresh of them; one never seen makes the whole unseen."""
    times = [state.last_success_at for state in watched]
    known = [time for time in times if time is not None]
    return min(known) if known and len(known) == len(times) else None


def _state(
    connection: Connection, states: Sequence[SyncState], *, at: datetime | None, interval: timedelta, now: datetime
) -> str:
    match connection.standing:
        case Standing.PAUSED:
            return "paused"
        case Standing.NEEDS_ATTENTION:
            return "refused"
        case Standing.UNTESTED:
            return "never" if at is None else "paused"
    if any(state.is_leased(now) for state in states):
        return "running"
    if any(state.held_reason for state in states):
        return "refused"
    if any(state.keeps_failing for state in states) or _is_old(at, interval, now):
        return "late"
    return "ok" if at else "never"


def _is_old(at: datetime | None, interval: timedelta, now: datetime) -> bool:
    return at is not None and now - at > interval * LATE_AFTER + GRACE


def _left(at: datetime | None, due: datetime | None, now: datetime) -> int:
    if at is None or due is None or due <= at:
        return 0
    return max(0, min(100, round(100 * (due - now) / (due - at))))


def _words(state: str, at: datetime | None, now: datetime) -> str:
    """The chip: a word or two."""
    old = wording.age(at, now) if at else "not yet seen"
    return {"running": "syncing", "late": f"stale {old}" if at else "not answering"}.get(state, old)


def _trouble(connection: Connection, states: Sequence[SyncState]) -> str:
    """The first sentence of a reason says what; what to do is said where it can be done."""
    if connection.standing == Standing.NEEDS_ATTENTION:
        return f"{connection.standing_reason.partition('. ')[0].rstrip('.') or 'The key was refused'}."
    held = sum(1 for each in states if each.held_reason)
    return f"{held} of {len(states)} lists may not be read."


def _note(state: str, at: datetime | None, now: datetime) -> str:
    old = wording.ago(at, now)
    if at is not None and state != "ok":
        old = f"last read {old}"
    return {
        "running": f"syncing now, {old}" if at else "syncing for the first time",
        "paused": f"at rest, {old}",
        "refused": f"needs attention, {old}",
        "late": f"behind, {old}",
        "never": "not yet seen",
    }.get(state, old)
