"""What could not be read is in no list of ours; that it is listed no more is known when a walk that named everything
did not come by it.
"""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from organiser_portal.connections.models import RejectedRecord, SyncState
from organiser_portal.sync.retire import SeenIds
from providers.pages import mark_of
from providers.records import Kind


def unheard(state: SyncState, kind: Kind, *, since: datetime) -> QuerySet[RejectedRecord]:
    """What of this listing waits to be read, and did not come since then."""
    waiting = RejectedRecord.objects.waiting().filter(connection_id=state.connection_id, resource=state.resource)
    return waiting.filter(kind=kind.value, last_seen__lt=since)


def let_go(
    records: QuerySet[RejectedRecord], seen: SeenIds, *, only: Collection[int] | None = None, now: datetime
) -> list[int]:
    """These wait no longer. What was named all the same is as we hold it, so it has been put back and can be read.

    ``only``: of what was not named, these marks alone. Returns the marks of the others, which go on waiting.
    """
    told = list(records.values_list("pk", "external_id"))
    unnamed = seen.absent(external_id for _, external_id in told)
    named = [pk for pk, external_id in told if external_id not in unnamed]
    absent = {pk: mark_of(external_id) for pk, external_id in told if external_id in unnamed}
    stay = {pk: mark for pk, mark in absent.items() if only is not None and mark not in only}
    records.filter(pk__in=named).update(resolved_at=now)
    records.exclude(pk__in=stay).update(gone_at=now)
    return list(stay.values())
