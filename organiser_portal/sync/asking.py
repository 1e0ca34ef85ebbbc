"""A person asks for a sync, or for what waits to be sent. The same path as by the clock: a row falls due."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Q

from organiser_portal.connections.models import Connection, OutboundChange, Standing, SyncState
from organiser_portal.sync.limits import REPLAY
from organiser_portal.sync.outbox import WAITING
from organiser_portal.sync.quiet import soonest
from organiser_portal.sync.tasks import dispatch_now


class NotAtWork(Exception):
    """The connection is paused, parked or untested. ``str()`` is a sentence for the organiser."""


def sync_now(connection: Connection, *, now: datetime, resource: str = "") -> int:
    """Have everything (or one listing) of the connection walked as soon as a worker is free. Returns how many.

    If the provider has asked us to wait, then when that is over.

    What is being walked at this moment is not walked again. Raises NotAtWork.
    """
    _check(connection)
    with transaction.atomic():
        states = SyncState.objects.filter(Q(lease="") | Q(leased_until__lte=now), connection=connection)
        states = states.filter(resource=resource) if resource else states.exclude(resource=REPLAY)
        asked = states.update(due_at=soonest(connection, now=now), asked_by_hand=True)
        transaction.on_commit(partial(dispatch_now, connection.pk))
    return asked


def push_now(connection: Connection) -> None:
    """Send what is due without waiting for the minute; what a failure put off stays put off."""
    transaction.on_commit(partial(dispatch_now, connection.pk))


def send_all_now(connection: Connection, *, now: datetime) -> int:
    """Everything that waits falls due, whatever put it off, as soon as the provider may be called. Returns how many."""
    waiting = OutboundChange.objects.filter(connection=connection, state__in=WAITING)
    return waiting.update(due_at=soonest(connection, now=now))


def _check(connection: Connection) -> None:
    if connection.standing != Standing.WORKING:
        why = connection.standing_reason or "Test it first."
        raise NotAtWork(f"This connection is not at work, so nothing can be fetched. {why}")
