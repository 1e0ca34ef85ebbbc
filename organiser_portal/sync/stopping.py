"""A person stops what is being fetched. What has been stored stays, and the next run goes on from there."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from organiser_portal.connections.models import Connection, SyncState
from organiser_portal.organisations.models import User
from organiser_portal.sync.calendar import wait_for
from organiser_portal.sync.listings import cadence_of
from organiser_portal.sync.models import Outcome, SyncRun

STOPPED = "Stopped by {}. What had been fetched is kept; the next run goes on from there."


@transaction.atomic
def stop_sync(connection: Connection, *, by: User, now: datetime) -> int:
    """Take the leases back, and what waits its turn off the list until it is usually due. Returns how many listings.

    A worker in the middle of a page notices when it would store it: without its lease it writes nothing.
    """
    Connection.objects.select_for_update(no_key=True).get(pk=connection.pk)  # as whoever claims does
    on = Q(leased_until__gt=now) & ~Q(lease="") | Q(asked_by_hand=True)
    stopped = list(SyncState.objects.filter(on, connection=connection))
    for state in stopped:
        later = now + wait_for(connection, cadence_of(connection, state.resource), now=now)
        SyncState.objects.filter(pk=state.pk).update(lease="", leased_until=None, asked_by_hand=False, due_at=later)
    SyncRun.objects.filter(connection=connection, outcome=Outcome.RUNNING).update(
        outcome=Outcome.ABANDONED, finished_at=now, error_sentence=STOPPED.format(by)[:500]
    )
    return len(stopped)
