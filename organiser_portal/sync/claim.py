"""Who works on a listing: claimed by one conditional update, written only with the lease in hand, freed by time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from organiser_portal.connections.models import Connection, SyncState
from organiser_portal.sync.limits import LEASE, REPLAY
from organiser_portal.sync.models import Outcome, SyncRun
from organiser_portal.sync.workers import is_dead, new_token

GONE_AWAY = "The worker that ran this went away. The next run goes on from there."


class LeaseLost(Exception):
    """Somebody else holds the lease by now. What this worker was about to write is not written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The right to write one state, and the state as it was when it was claimed."""

    state: SyncState
    token: str


def claim(state_id: int, *, now: datetime, whatever_the_hour: bool = False) -> Claim | None:
    """Take the state if it is due, free, and nothing else is being walked with its key. None: it is not ours.

    Nor while the provider wants to be left alone, unless it is not called anyway.

    ``whatever_the_hour``: due or not. A run that a dead worker left behind is closed as abandoned.
    """
    state = SyncState.objects.select_related("connection").filter(pk=state_id).first()
    if state is None:
        return None
    sharing = Connection.objects.with_the_key_of(state.connection)
    free_abandoned(SyncState.objects.filter(connection__in=sharing), now=now)
    token = new_token()
    with transaction.atomic():
        # Two claims with the same key must not pass each other.
        kin = list(sharing.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
        claimable = _claimable(now, kin)
        claimable = claimable if whatever_the_hour else claimable.filter(due_at__lte=now)
        before = SyncState.objects.select_related("connection__organisation").get(pk=state_id)
        taken = claimable.filter(pk=state_id).update(
            lease=token, leased_until=now + LEASE, asked_by_hand=False, last_attempt_at=now
        )
    return Claim(state=before, token=token) if taken else None


def _claimable(now: datetime, kin: Collection[int]) -> QuerySet[SyncState]:
    """``kin``: the connections with the same key. A replay calls nobody, so only its own connection waits for it."""
    # No joins: the conditions must be checked on the very row that is updated.
    walked = SyncState.objects.filter(leased_until__gt=now).exclude(lease="")
    sister = walked.filter(connection_id=OuterRef("connection_id"))
    calls = walked.filter(connection_id__in=kin).exclude(resource=REPLAY)
    ours = Connection.objects.filter(pk=OuterRef("connection_id"))
    may_call = (~Exists(calls) & Exists(ours.callable_at(now))) | (Q(resource=REPLAY) & Exists(ours.at_work()))
    return SyncState.objects.filter(Q(lease="") | Q(leased_until__lte=now), ~Exists(sister), may_call)


def renew(mine: Claim, *, now: datetime, **columns: Any) -> None:
    """Write these columns and keep the lease; LeaseLost if it is not ours any more."""
    held = SyncState.objects.filter(pk=mine.state.pk, lease=mine.token)
    if not held.update(leased_until=now + LEASE, **columns):
        raise LeaseLost(f"state {mine.state.pk}")


def settle(mine: Claim, *, due_at: datetime | None, **columns: Any) -> None:
    """Write how it ended and give the lease back. Who asked again in the meantime keeps the time they asked for."""
    held = SyncState.objects.filter(pk=mine.state.pk, lease=mine.token)
    asked = Q(asked_by_hand=True)
    if due_at is not None:
        asked |= ~Q(due_at=mine.state.due_at) & Q(due_at__lt=due_at)
    due = Case(When(asked, then=F("due_at")), default=Value(due_at))
    if not held.update(lease="", leased_until=None, due_at=due, **columns):
        raise LeaseLost(f"state {mine.state.pk}")


def free_abandoned(states: QuerySet[SyncState], *, now: datetime) -> int:
    """Take back the leases that ran out, or whose process is known to be dead, and close what they left running."""
    freed = 0
    leased = states.exclude(lease="").values_list("pk", "lease", "leased_until", "connection_id", "resource")
    for pk, lease, until, connection_id, resource in leased:
        if until is not None and until > now and not is_dead(lease):
            continue
        with transaction.atomic():
            if SyncState.objects.filter(pk=pk, lease=lease).update(lease="", leased_until=None):
                close_abandoned(connection_id, resource, now=now)
                freed += 1
    return freed


def close_abandoned(connection_id: int, resource: str, *, now: datetime, run_id: int | None = None) -> None:
    """Runs that nobody is running any more; ``run_id``: only this one."""
    running = SyncRun.objects.filter(connection_id=connection_id, resource=resource, outcome=Outcome.RUNNING)
    if run_id is not None:
        running = running.filter(pk=run_id)
    running.update(outcome=Outcome.ABANDONED, finished_at=now, error_sentence=GONE_AWAY)
