"""What is due, in a fair order: who asked by hand first, then one listing per connection, organisations in turn.

Handing something out twice does no harm, because whoever comes second finds nothing to claim.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, When, Window
from django.db.models.functions import Cast, RowNumber

from organiser_portal.connections import gateway
from organiser_portal.connections.models import Connection, OutboundChange, Standing, SyncState
from organiser_portal.connections.operations import close_left
from organiser_portal.sync import outbox
from organiser_portal.sync.claim import free_abandoned
from organiser_portal.sync.lanes import Lane, lane_of_walk
from organiser_portal.sync.limits import REPLAY

MOST_AT_ONCE = 2_000
TOLD = (
    *("pk", "connection_id", "resource", "asked_by_hand", "full_due", "last_success_at", "last_full_at", "held"),
    *("connection__organisation_id", "connection__provider"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A state to pull, or a connection to push, and the queue it belongs in."""

    pk: int
    connection_id: int
    organisation_id: int
    lane: Lane


def due_pulls(*, now: datetime, connection_id: int | None = None) -> list[Job]:
    """States to be pulled now, at most one of each key, none of a key that is being walked with.

    ``connection_id``: only of this one, and of those that waited because they have the same key.
    """
    with_its_key = Q(connection_id=OuterRef("connection_id")) | (
        ~Q(connection__key_mark="") & Q(connection__key_mark=OuterRef("connection__key_mark"))
    )
    being_walked = SyncState.objects.filter(with_its_key, leased_until__gt=now).exclude(lease="")
    quiet = Q(connection__quiet_until__gt=now) & ~Q(resource=REPLAY)
    due = SyncState.objects.filter(
        ~Exists(being_walked), due_at__lte=now, connection__standing=Standing.WORKING
    ).exclude(quiet)
    if connection_id is not None:
        due = due.filter(connection__in=_sharing(connection_id))
    key = Case(When(connection__key_mark="", then=Cast("connection_id", CharField())), default="connection__key_mark")
    first = Window(RowNumber(), partition_by=key, order_by=[F("asked_by_hand").desc(), F("due_at"), F("pk")])
    rows = due.annotate(first=first).filter(first=1).order_by("due_at", "pk").values(*TOLD)
    urgent: list[Job] = []
    usual: list[Job] = []
    for row in rows:
        (urgent if row["asked_by_hand"] else usual).append(_pull(row, now))
    return [*in_turn(urgent), *in_turn(usual)][:MOST_AT_ONCE]


def _sharing(connection_id: int) -> QuerySet[Connection]:
    asked = Connection.objects.filter(pk=connection_id).first()
    return Connection.objects.with_the_key_of(asked) if asked else Connection.objects.none()


def due_pushes(*, now: datetime, connection_id: int | None = None) -> list[Job]:
    """Connections with something to send."""
    waiting = outbox.claimable(now).filter(connection_id=OuterRef("pk"))
    connections = Connection.objects.callable_at(now).filter(Exists(waiting))
    if connection_id is not None:
        connections = connections.filter(pk=connection_id)
    rows = connections.order_by("pk").values_list("pk", "organisation_id")
    jobs = [Job(pk=pk, connection_id=pk, organisation_id=organisation, lane=Lane.PUSH) for pk, organisation in rows]
    return in_turn(jobs)[:MOST_AT_ONCE]


def in_turn(jobs: Iterable[Job]) -> list[Job]:
    """One of each organisation, then the next of each: a large one does not keep the small ones waiting."""
    queues: defaultdict[int, deque[Job]] = defaultdict(deque)
    for job in jobs:
        queues[job.organisation_id].append(job)
    return list(_round_robin(queues.values()))


def _round_robin(queues: Iterable[deque[Job]]) -> Iterator[Job]:
    left = deque(queues)
    while left:
        queue = left.popleft()
        yield queue.popleft()
        if queue:
            left.append(queue)


def free_all(*, now: datetime) -> None:
    """Take back what dead workers hold."""
    states = SyncState.objects.filter(~Q(lease=""))
    free_abandoned(states, now=now)
    outbox.free_abandoned(OutboundChange.objects.all(), now=now)
    close_left(now=now)


def _pull(row: dict[str, Any], now: datetime) -> Job:
    facts = {name: row[name] for name in ("full_due", "last_success_at", "last_full_at", "held")}
    lane = lane_of_walk(every_hours=_every_hours(row["connection__provider"], row["resource"]), now=now, **facts)
    return Job(
        pk=row["pk"],
        connection_id=row["connection_id"],
        organisation_id=row["connection__organisation_id"],
        lane=Lane.WHOLE if row["resource"] == REPLAY else lane,
    )


def _every_hours(provider: str, resource: str) -> int | None:
    return next((each.full_every_hours for each in gateway.face(provider).resources if each.key == resource), None)
