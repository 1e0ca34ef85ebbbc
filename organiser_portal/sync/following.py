"""A listing that is asked for event by event is due as soon as one more event is heard of.

Entries tell of events, in whatever order the listings of a first load come through. Until its next turn, hours later,
nobody would know the tickets of an event that was heard of after they had been asked for.
"""

from datetime import datetime

from organiser_portal.connections import gateway
from organiser_portal.connections.models import Connection, SyncState
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
