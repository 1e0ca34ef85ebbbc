"""A provider that asks us to wait, or refuses a key, means the key, not the one call: nothing of the connection calls
before then.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from organiser_portal.connections import gateway
from organiser_portal.connections.models import Connection, OutboundChange, Standing, SyncState
from organiser_portal.core import wording
from organiser_portal.sync.limits import REPLAY
from organiser_portal.sync.outbox import WAITING


def keep_quiet(connection: Connection, *, until: datetime) -> None:
    """Put off every listing and every change that waits; what is due later anyway stays as it is."""
    with transaction.atomic():
        rows = Connection.objects.filter(pk=connection.pk)
        rows.filter(Q(quiet_until=None) | Q(quiet_until__lt=until)).update(quiet_until=until)
        states = SyncState.objects.filter(connection=connection, due_at__lt=until)
        states.exclude(resource=REPLAY).update(due_at=until)
        changes = OutboundChange.objects.filter(connection=connection, state__in=WAITING)
        changes.filter(Q(due_at=None) | Q(due_at__lt=until)).update(due_at=until)


def park(connection: Connection, *, reason: str, now: datetime) -> None:
    """No more calls until a person has tested the connection again."""
    Connection.objects.filter(pk=connection.pk, standing=Standing.WORKING).update(
        standing=Standing.NEEDS_ATTENTION, standing_reason=reason[:500], standing_since=now
    )


def soonest(connection: Connection, *, now: datetime) -> datetime:
    """When it may be called: now, or later."""
    return max(now, connection.quiet_until or now)


def seconds_left(connection: Connection, *, now: datetime) -> float:
    """How long not to call yet; 0: one may."""
    return (soonest(connection, now=now) - now).total_seconds()


def asked_to_wait(connection: Connection, *, now: datetime) -> str:
    """The sentence for whoever wants a call made now; "" when it may be."""
    if connection.quiet_until is None or connection.quiet_until <= now:
        return ""
    until = wording.day_and_time(connection.quiet_until, now, ZoneInfo(connection.organisation.time_zone))
    return f"{gateway.face(connection.provider).label} asks us not to call before {until}."
