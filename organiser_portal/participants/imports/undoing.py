"""The way back: what was created here goes, what was changed is as before, what has left the portal stays."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count

from organiser_portal.connections.models import OutboundChange, PushState
from organiser_portal.organisations.models import User
from organiser_portal.participants import fields
from organiser_portal.participants.imports.rows import rewrite, stored
from organiser_portal.participants.models import Entry, Import, ImportRow, Revision, RowOutcome
from organiser_portal.participants.services import EntryError, EntryValues, edit_entry, hold
from providers.records import PERSON_FIELDS

AT_ONCE = 200
NO_LONGER_THERE = "The entry is no longer there."
CHANGED_SINCE = "Somebody has changed it since."
LEFT_THE_HOUSE = "It has been sent to the provider, and stays."


def undo_some(imported: Import, by: User, now: datetime) -> None:
    """A few rows, last first. The caller saves the import."""
    done = imported.rows.filter(outcome__in=(RowOutcome.CREATED, RowOutcome.UPDATED))
    rows = list(done.order_by("-number")[:AT_ONCE])
    entries = hold(row.entry_id for row in rows if row.entry_id)
    for row in rows:
        row.entry = entries.get(row.entry_id or 0)
    sent = _sent(entries, since=imported.created_at)
    _take_away([row for row in rows if row.outcome == RowOutcome.CREATED], sent)
    for row in rows:
        if row.outcome == RowOutcome.UPDATED:
            row.reason = _put_back(row, sent, by, now)[:300]
        row.outcome = RowOutcome.KEPT if row.reason else RowOutcome.UNDONE
        setattr(imported, row.outcome, getattr(imported, row.outcome) + 1)
    rewrite(rows)
    if len(rows) < AT_ONCE:
        imported.undoing, imported.undone_at = False, now


def _sent(entry_ids: Collection[int], *, since: datetime) -> Mapping[int, bool]:
    """Entry → whether anything of it has left, or is leaving. Those with nothing to be sent are not in it, nor is what
    was over before the import.

    The changes are held until the transaction ends, so that none leaves meanwhile.
    """
    changes = OutboundChange.objects.select_for_update().filter(entry_id__in=list(entry_ids))
    changes = changes.exclude(settled_at__lt=since).order_by("pk")
    told: dict[int, bool] = {}
    for entry_id, state, leased, attempts in changes.values_list("entry_id", "state", "leased_until", "attempts"):
        waits = state == PushState.QUEUED and leased is None and not attempts
        told[entry_id] = told.get(entry_id, False) or not waits
    return told


def _take_away(rows: Sequence[ImportRow], sent: Mapping[int, bool]) -> None:
    """Delete the entries of these rows; a row whose entry stays says why in its ``reason``."""
    worked_on = _worked_on([row.entry_id for row in rows if row.entry_id])
    free: list[int] = []
    for row in rows:
        row.reason = ""
        if row.entry is None:
            row.reason = NO_LONGER_THERE
        elif row.entry.external_id or sent.get(row.entry.pk):
            row.reason = LEFT_THE_HOUSE
        elif row.entry.pk in worked_on:
            row.reason = CHANGED_SINCE
        else:
            free.append(row.entry.pk)
            row.entry = None
    OutboundChange.objects.filter(entry_id__in=free).delete()
    Entry.objects.filter(pk__in=free).delete()


def _worked_on(entry_ids: Collection[int]) -> set[int]:
    """Those with more in their history than the import."""
    counted = Revision.objects.filter(entry_id__in=entry_ids).order_by().values("entry_id").annotate(many=Count("pk"))
    return set(counted.filter(many__gt=1).values_list("entry_id", flat=True))


def _put_back(row: ImportRow, sent: Mapping[int, bool], by: User, now: datetime) -> str:
    """Why it is not undone, "" if it is."""
    if row.entry is None:
        return NO_LONGER_THERE
    if stored(row.entry, row.after) != row.after:
        return CHANGED_SINCE
    if row.told and sent.get(row.entry.pk, True):
        return LEFT_THE_HOUSE
    old: dict[str, Any] = {name: fields.from_stored(name, value) for name, value in row.before.items()}
    values = EntryValues(
        person={name: value for name, value in old.items() if name in PERSON_FIELDS},
        own={name: value for name, value in old.items() if name not in PERSON_FIELDS},
    )
    try:
        with transaction.atomic():
            edit_entry(entry=row.entry, values=values, by=by, now=now)
    except EntryError as error:
        return str(error)
    return ""
