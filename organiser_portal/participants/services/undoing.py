"""Staff take back what they saved, as long as it has not left: nobody outside has seen it."""

from datetime import datetime

from django.db import transaction

from organiser_portal.connections.models import OutboundChange, PushState
from organiser_portal.organisations.models import User
from organiser_portal.participants.history import write_revision
from organiser_portal.participants.models import Entry
from organiser_portal.participants.services.editing import locked
from organiser_portal.participants.services.errors import EntryErased, TooLateToUndo
from organiser_portal.participants.services.outbox import let_followers_go, let_go
from organiser_portal.participants.services.putting_back import put_back
from providers.port import Action
from providers.records import EntryStatus

UNDONE = "Undone before it was sent."


def undo(*, entry: Entry, change: OutboundChange, by: User, now: datetime) -> Entry:
    """Put the entry back to how it was before ``change``, but for what a later change tells as well.

    An add leaves an entry that holds no place; nothing is deleted. Raises TooLateToUndo, EntryErased.
    """
    with transaction.atomic():
        entry = locked(entry)
        if entry.redacted:
            raise EntryErased
        was = let_go(change, now=now, message=UNDONE) if change.state == PushState.QUEUED else None
        if was is None:
            raise TooLateToUndo
        if change.action == Action.ADD_ENTRY:
            let_followers_go(change, now=now, message=UNDONE)
            _unmade(entry)
            write_revision(entry=entry, by=by, now=now, summary="Undone: never sent, holds no place")
        else:
            back = put_back(entry, change, was)
            write_revision(entry=entry, by=by, now=now, summary="Undone before it was sent", changed=back)
        return entry


def _unmade(entry: Entry) -> None:
    entry.connection, entry.push_state, entry.status = None, "", EntryStatus.WITHDRAWN.value
    entry.save(update_fields=["connection", "push_state", "status"])
