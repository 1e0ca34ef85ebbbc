"""What is due, in a fair order: who asked by hand first, then one listing per connection, organisations in turn.

Handing something out twice does no harm, because whoever comes second finds nothing to claim.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from organiser_portal.connections.models import Connection, OutboundChange, Standing, SyncState
from organiser_portal.sync import outbox
from organiser_portal.sync.claim import free_abandoned
from organiser_portal.sync.limits import REPLAY

MOST_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A state to pull, or a connection to push."""

    pk: int
    connection_id: int
    organisation_id: int


def due_pulls(*, now: datetime, connection_id: int | None = None) -> list[Job]:
    """States to be pulled now, at most one of each connection, none of a connection that is being walked."""
    being_walked = SyncState.objects.filter(connection_id=OuterRef("connection_id"), leased_until__gt=now)
    due = SyncState.objects.filter(
        ~Exists(being_walked.exclude(lease="")), due_at__lte=now, connection__standing=Standing.WORKING
    )
    quiet = Q(connection__quiet_until__gt=now) & ~Q(resource=REPLAY)
    due = due.exclude(quiet)
    if connection_id is not None:
        due = due.filter(connection_id=connection_id)
    rows = due.order_by("-asked_by_hand", "due_at", "pk").values_list(
        "pk", "connection_id", "connection__organisation_id", "asked_by_hand"
    )[:MOST_AT_ONCE]
    urgent: dict[int, Job] = {}
    usual: dict[int, Job] = {}
    for pk, connection, organisation, by_hand in rows:
        job = Job(pk=pk, connection_id=connection, organisation_id=organisation)
        if connection not in urgent:
            (urgent if by_hand else usual).setdefault(connection, job)
    return [*in_turn(urgent.values()), *in_turn(usual.values())]


def due_pushes(*, now: datetime, connection_id: int | None = None) -> list[Job]:
    """Connections with something to send."""
    waiting = outbox.claimable(now).filter(connection_id=OuterRef("pk"))
    connections = Connection.objects.callable_at(now).filter(Exists(waiting))
    if connection_id is not None:
        connections = connections.filter(pk=connection_id)
    rows = connections.order_by("pk").values_list("pk", "organisation_id")[:MOST_AT_ONCE]
    return in_turn(Job(pk=pk, connection_id=pk, organisation_id=organisation) for pk, organisation in rows)


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
