"""A person believes a whole walk that was refused as implausible: the list is read again, and counts this time."""

from datetime import datetime

from django.db import transaction

from organiser_portal.connections.gateway import connection_name
from organiser_portal.connections.models import SyncState
from organiser_portal.organisations import audit
from organiser_portal.organisations.models import User
from organiser_portal.sync import asking
from organiser_portal.sync.doubt import ACCEPTED, is_in_doubt
from organiser_portal.sync.models import SyncRun


class NotInDoubt(Exception):
    """A later walk has settled it, or somebody has accepted it already. ``str()`` is a sentence for the organiser."""

    def __init__(self) -> None:
        super().__init__("This run is not in doubt any more. Look at the newest one.")


def accept(run: SyncRun, *, by: User, now: datetime) -> None:
    """Have the list read again as soon as a worker is free, and believed. Raises NotInDoubt, and NotAtWork."""
    with transaction.atomic():
        doubted = SyncRun.objects.filter(pk=run.pk, error_kind="")
        if not is_in_doubt(run) or not doubted.update(error_kind=ACCEPTED):
            raise NotInDoubt
        SyncState.objects.filter(connection_id=run.connection_id, resource=run.resource).update(full_due=True)
        audit.record(
            organisation=run.organisation,
            actor=by,
            action="run.accepted",
            subject=connection_name(run.connection),
            run=run.pk,
            listing=run.resource,
            refused_because=run.error_sentence,
        )
        asking.sync_now(run.connection, now=now, resource=run.resource)
