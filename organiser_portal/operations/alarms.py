"""Stale sources: an alarm is raised once, and cleared when the source is well again. Two at it at once do no harm."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import batched

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from organiser_portal.connections import gateway
from organiser_portal.connections.models import Connection, Standing, SyncState
from organiser_portal.operations import ticks
from organiser_portal.operations.models import Alarm, Letter
from organiser_portal.operations.staleness import Facts, Stale, is_old, judge
from organiser_portal.sync import faults
from organiser_portal.sync.freshness import GRACE, Freshness, freshness_of
from organiser_portal.sync.models import SyncRun

TOGETHER = 200


def look(*, now: datetime) -> None:
    """Raise and clear what is to be, over all organisations. A few queries for every 200 suspects."""
    tick = ticks.latest()
    steady_since = tick.steady_since if tick else None
    for some in batched(suspects(now).values_list("pk", flat=True).iterator(), TOGETHER):
        connections = list(Connection.objects.filter(pk__in=some).select_related("organisation"))
        alarmed = set(
            Alarm.objects.filter(connection__in=some, cleared_at=None).values_list("connection_id", flat=True)
        )
        for connection, facts in _facts(connections, steady_since, now):
            _settle(connection, facts, now, alarmed=connection.pk in alarmed)


def suspects(now: datetime) -> QuerySet[Connection]:
    """Those that may be stale, and those that were: the healthy many are not looked at."""
    mine = SyncState.objects.filter(connection_id=OuterRef("pk"))
    troubled = Exists(mine.filter(Q(failures__gt=0) | Q(due_at__lt=now - GRACE) | ~Q(held_reason="")))
    alarmed = Exists(Alarm.objects.filter(connection_id=OuterRef("pk"), cleared_at=None))
    parked = Q(standing=Standing.NEEDS_ATTENTION)
    return Connection.objects.filter(parked | alarmed | Q(troubled, standing=Standing.WORKING)).order_by("pk")


def _settle(connection: Connection, facts: Facts, now: datetime, *, alarmed: bool) -> None:
    paused = connection.standing == Standing.PAUSED
    stale = None if paused else judge(facts, now=now)
    if stale is not None and not alarmed:
        _raise(connection, stale, now)
    elif alarmed and paused:
        _clear(connection, now, tell=False)  # whoever paused it knows
    elif alarmed and facts.parked_since is None and not is_old(facts, now=now):
        _clear(connection, now, tell=True)


def _raise(connection: Connection, stale: Stale, now: datetime) -> None:
    found = {"fault": stale.fault, "sentence": stale.sentence, "since": stale.since, "raised_at": now}
    with transaction.atomic():
        alarm, fresh = Alarm.objects.get_or_create(connection=connection, cleared_at=None, defaults=found)
        if fresh:
            Letter.objects.create(alarm=alarm, about=Letter.About.STALE, due_at=now)


def _clear(connection: Connection, now: datetime, *, tell: bool) -> None:
    """Who was never told that something is wrong is not told that it is well."""
    with transaction.atomic():
        alarm = Alarm.objects.select_for_update().filter(connection=connection, cleared_at=None).first()
        if alarm is None:
            return
        Alarm.objects.filter(pk=alarm.pk).update(cleared_at=now)
        alarm.letters.filter(sent_at=None).update(due_at=None)
        if tell and alarm.letters.filter(sent_at__isnull=False).exists():
            Letter.objects.create(alarm=alarm, about=Letter.About.WELL, due_at=now)


def _facts(
    connections: Sequence[Connection], steady_since: datetime | None, now: datetime
) -> Iterator[tuple[Connection, Facts]]:
    states = _states(connections)
    errors = _last_errors([pk for pk, mine in states.items() if any(state.fails for state in mine)])
    for row in freshness_of(connections, now=now):
        yield row.connection, _facts_of(row, states[row.connection.pk], errors, steady_since)


def _facts_of(
    row: Freshness, states: Sequence[SyncState], errors: Mapping[int, SyncRun], steady_since: datetime | None
) -> Facts:
    connection = row.connection
    parked = connection.standing == Standing.NEEDS_ATTENTION
    error = errors.get(connection.pk)
    return Facts(
        label=gateway.face(connection.provider).label,
        at=row.at,
        limit=row.limit,
        parked_since=(connection.standing_since or row.at) if parked else None,
        parked_because=connection.standing_reason,
        denied=next((state.held_reason for state in states if state.held_reason), ""),
        failing=any(state.fails for state in states),
        error=error.error_sentence if error else "",
        our_mistake=error is not None and error.error_kind == faults.INTERNAL,
        due_at=min((state.due_at for state in states if state.due_at), default=None),
        quiet_until=connection.quiet_until,
        steady_since=steady_since,
    )


def _states(connections: Sequence[Connection]) -> defaultdict[int, list[SyncState]]:
    found: defaultdict[int, list[SyncState]] = defaultdict(list)
    for state in SyncState.objects.filter(connection__in=[each.pk for each in connections]):
        found[state.connection_id].append(state)
    return found


def _last_errors(connection_ids: Sequence[int]) -> dict[int, SyncRun]:
    """The last run with an error of each, by connection."""
    newest = SyncRun.objects.filter(connection_id=OuterRef("connection_id")).exclude(error_kind="").order_by("-pk")
    runs = SyncRun.objects.filter(connection__in=connection_ids, pk=newest.values("pk")[:1])
    return {run.connection_id: run for run in runs}
