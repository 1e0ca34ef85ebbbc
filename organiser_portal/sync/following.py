"""A listing is due before its time when something else made it old.

One that is asked for event by event, as soon as one more event is heard of: entries tell of events, in whatever order
the listings of a first load come through. Until its next turn, hours later, nobody would know the tickets of an event
that was heard of after they had been asked for. The one that counts, when entries were added there from here. And those
that were denied, when one of them is allowed again, or a change is; and so are the changes that were denied.
"""

from datetime import datetime

from django.db.models import Q

from organiser_portal.connections import gateway
from organiser_portal.connections.cadence import SHORTEST
from organiser_portal.connections.models import Connection, OutboundChange, SyncState
from organiser_portal.connections.told import counting
from organiser_portal.sync.quiet import soonest
from organiser_portal.sync.stores import MODELS
from providers.records import Kind


def have_followers_due(connection: Connection, *, now: datetime) -> int:
    """Returns how many listings were put forward. One that failed or is held waits for its own time."""
    following: dict[Kind, list[str]] = {}
    for resource in gateway.provider_class(connection.provider).resources:
        if resource.of_each is not None:
            following.setdefault(resource.of_each, []).append(resource.key)
    return sum(_put_forward(connection, kind, keys, now) for kind, keys in following.items())


def _put_forward(connection: Connection, kind: Kind, keys: list[str], now: datetime) -> int:
    held = MODELS[kind]._default_manager.filter(connection=connection, gone_at=None)
    newest = held.order_by("-first_seen").values_list("first_seen", flat=True).first()
    waiting = SyncState.objects.filter(connection=connection, resource__in=keys, failures=0, due_at__gt=now)
    return waiting.filter(last_success_at__lt=newest).update(due_at=now) if newest else 0


def have_denied_due(connection: Connection, *, now: datetime) -> int:
    """What was denied is let in: somebody has seen to the rights of the key. Returns how many were put forward."""
    listings = SyncState.objects.filter(connection=connection, due_at__gt=now).exclude(held_reason="")
    changes = OutboundChange.objects.filter(connection=connection, due_at__gt=now).denied()
    return listings.update(due_at=now) + changes.put_forward(now)


def have_counts_due(connection: Connection, *, now: datetime) -> int:
    """What was added is in the provider's own count, which may close a race. Returns how many were put forward.

    As soon as it may be asked for again; what is being read at this moment may have been counted before the adds.
    """
    moved = 0
    for resource in counting(connection.provider):
        states = SyncState.objects.filter(connection=connection, resource=resource.key, failures=0, asked_by_hand=False)
        for pk, asked in states.values_list("pk", "last_attempt_at"):
            soon = max(soonest(connection, now=now), asked + SHORTEST[resource.cadence] if asked else now)
            later = Q(due_at__gt=soon) | (~Q(lease="") & Q(due_at__lt=soon))
            moved += SyncState.objects.filter(later, pk=pk).update(due_at=soon)
    return moved
