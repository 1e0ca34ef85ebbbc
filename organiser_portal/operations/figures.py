"""The figures of the whole installation as they stand in the database, whichever process made them.

What only ever grows is counted over the last hour, so that a look costs the same after years. One query each.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet, Sum

from organiser_portal.connections.models import (
    MENDABLE,
    UNDER_WAY,
    Connection,
    OutboundChange,
    RejectedRecord,
    Standing,
    SyncState,
)
from organiser_portal.connections.models.sync_state import PATIENCE
from organiser_portal.operations.models import Alarm, Letter
from organiser_portal.participants.models import Conflict
from organiser_portal.sync.limits import REPLAY
from organiser_portal.sync.models import SyncRun
from organiser_portal.sync.outbox import claimable

LATELY = timedelta(hours=1)
MOST_CONNECTIONS = 500  # those seen longest ago; a figure for each of all would be too many
TALLIES = ("seen", "new", "changed", "same", "gone", "rejected")


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """The runs of one provider that ended lately with one outcome."""

    provider: str
    outcome: str
    count: int
    requests: int
    received_bytes: int
    records: dict[str, int]


def runs(now: datetime) -> Iterator[Runs]:
    ended = SyncRun.objects.filter(finished_at__gt=now - LATELY)
    sums = {name: Sum(name) for name in (*TALLIES, "requests", "bytes")}
    for row in _by(ended, "connection__provider", "outcome").annotate(count=Count("pk"), **sums):
        yield Runs(
            provider=row["connection__provider"],
            outcome=row["outcome"],
            count=row["count"],
            requests=row["requests"],
            received_bytes=row["bytes"],
            records={name: row[name] for name in TALLIES},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Listings:
    """``lateness``: seconds since the one that is due longest should have been asked for."""

    provider: str
    due: int
    lateness: float
    running: int
    failing: int
    held: int


def listings(now: datetime) -> Iterator[Listings]:
    """Of connections at work."""
    leased = Q(leased_until__gt=now) & ~Q(lease="")
    due = Q(due_at__lte=now) & ~leased
    states = SyncState.objects.filter(connection__standing=Standing.WORKING)
    rows = _by(states, "connection__provider").annotate(
        due=Count("pk", filter=due),
        longest=Min("due_at", filter=due),
        running=Count("pk", filter=leased),
        failing=Count("pk", filter=Q(failures__gte=PATIENCE, held_reason="")),
        held=Count("pk", filter=~Q(held_reason="")),
    )
    for row in rows:
        yield Listings(
            provider=row["connection__provider"],
            due=row["due"],
            lateness=_seconds(row["longest"], now),
            running=row["running"],
            failing=row["failing"],
            held=row["held"],
        )


def connections() -> Iterator[tuple[str, str, int]]:
    """(provider, standing, how many)."""
    for row in _by(Connection.objects.all(), "provider", "standing").annotate(count=Count("pk")):
        yield row["provider"], row["standing"], row["count"]


def ages(now: datetime) -> Iterator[tuple[int, str, float]]:
    """(connection id, provider, seconds since the listing that was read to its end longest ago)."""
    states = SyncState.objects.filter(connection__standing=Standing.WORKING, last_success_at__isnull=False)
    rows = (
        states.exclude(resource=REPLAY)
        .order_by()
        .values("connection_id", provider=F("connection__provider"))
        .annotate(oldest=Min("last_success_at"))
        .order_by("oldest")
    )
    for row in rows[:MOST_CONNECTIONS]:
        yield row["connection_id"], row["provider"], _seconds(row["oldest"], now)


def outbox(now: datetime) -> Iterator[tuple[str, str, int, float]]:
    """(provider, state, how many, seconds since the oldest was saved); without what is over."""
    changes = OutboundChange.objects.filter(state__in=[*UNDER_WAY, *MENDABLE])
    rows = _by(changes, "connection__provider", "state").annotate(count=Count("pk"), oldest=Min("created_at"))
    for row in rows:
        yield row["connection__provider"], row["state"], row["count"], _seconds(row["oldest"], now)


def longest_unsent(now: datetime) -> timedelta:
    """For how long a change could have been sent; nought when there is none."""
    may_call = Connection.objects.callable_at(now)
    due = claimable(now).filter(connection__in=may_call).aggregate(oldest=Min("due_at"))["oldest"]
    return timedelta(seconds=_seconds(due, now))


def rejected() -> Iterator[tuple[str, int]]:
    """(provider, how many records are open)."""
    for row in _by(RejectedRecord.objects.waiting(), "connection__provider").annotate(count=Count("pk")):
        yield row["connection__provider"], row["count"]


def conflicts() -> int:
    return Conflict.objects.count()


def alarms() -> Iterator[tuple[str, int]]:
    """(fault, how many are open)."""
    for row in _by(Alarm.objects.filter(cleared_at=None), "fault").annotate(count=Count("pk")):
        yield row["fault"], row["count"]


def letters_waiting() -> int:
    return Letter.objects.filter(due_at__isnull=False).count()


def _by(rows: QuerySet[Any], *names: str) -> QuerySet[Any, dict[str, Any]]:
    return rows.order_by().values(*names)


def _seconds(then: datetime | None, now: datetime) -> float:
    return max(0.0, (now - then).total_seconds()) if then else 0.0
