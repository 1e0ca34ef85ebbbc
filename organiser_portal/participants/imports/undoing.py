"""The way back: what was created here goes, what was changed is as before, what has left the portal stays."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from organiser_portal.connections.models import OutboundChange, PushState
from organiser_portal.organisations.models import User
from organiser_portal.participants import fields
from organiser_portal.participants.imports.committing import stored
from organiser_portal.participants.models import Entry, Import, ImportRow, RowOutcome
from organiser_portal.participants.services import EntryError, EntryValues, edit_entry
from organiser_portal.participants.services.outbox import current_change
from providers.records import PERSON_FIELDS

AT_ONCE = 100
CHANGED_SINCE = "Somebody has changed it since."
LEFT_THE_HOUSE = "It has been sent to the provider, and stays."


def undo_some(imported: Import, by: User, now: datetime) -> None:
    """A few rows, last first. The caller saves the import."""
    open_rows = imported.rows.filter(outcome__in=(RowOutcome.CREATED, RowOutcome.UPDATED))
    rows = list(open_rows.select_related("entry").order_by("-number")[:AT_ONCE])
    for row in rows:
        row.reason = _undo(row, by, now)[:300]
        row.outcome = RowOutcome.KEPT if row.reason else RowOutcome.UNDONE
        setattr(imported, row.outcome, getattr(imported, row.outcome) + 1)
    ImportRow.objects.bulk_update(rows, ["outcome", "reason", "entry"])
    if len(rows) < AT_ONCE:
        imported.undoing, imported.undone_at = False, now


def _undo(row: ImportRow, by: User, now: datetime) -> str:
    """Why it is not undone, "" if it is."""
    if row.entry is None:
        return "The entry is no longer there."
    return _take_away(row, row.entry) if row.outcome == RowOutcome.CREATED else _put_back(row, row.entry, by, now)


def _take_away(row: ImportRow, entry: Entry) -> str:
    if entry.revisions.count() > 1:
        return CHANGED_SINCE
    if entry.external_id or not _unsend(entry):
        return LEFT_THE_HOUSE
    entry.delete()
    row.entry = None
    return ""


def _unsend(entry: Entry) -> bool:
    """Take back what waits to be sent. False: some of it has left, or is leaving."""
    waiting = Q(leased_until=None, attempts=0, state=PushState.QUEUED)
    changes = OutboundChange.objects.filter(organisation=entry.organisation, entry_id=entry.pk)
    with transaction.atomic():
        if changes.exclude(waiting).exists():
            return False
        changes.filter(waiting).delete()
        if changes.exists():
            transaction.set_rollback(True)
            return False
    return True


def _put_back(row: ImportRow, entry: Entry, by: User, now: datetime) -> str:
    if stored(entry, row.after) != row.after:
        return CHANGED_SINCE
    if row.told:
        newest = current_change(entry)
        if newest is None or newest.state != PushState.QUEUED or newest.leased_until:
            return LEFT_THE_HOUSE
    old: dict[str, Any] = {name: fields.from_stored(name, value) for name, value in row.before.items()}
    values = EntryValues(
        person={name: value for name, value in old.items() if name in PERSON_FIELDS},
        own={name: value for name, value in old.items() if name not in PERSON_FIELDS},
    )
    try:
        with transaction.atomic():
            edit_entry(entry=entry, values=values, by=by, now=now)
    except EntryError as error:
        return str(error)
    return ""
