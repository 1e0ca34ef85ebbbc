"""Staff take back what they saved, as long as it has not left: nobody outside has seen it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from organiser_portal.connections.models import OutboundChange, PushState
from organiser_portal.organisations.models import User
from organiser_portal.participants import fields, search
from organiser_portal.participants.conflicts import follow
from organiser_portal.participants.history import Changed, write_revision
from organiser_portal.participants.models import Entry
from organiser_portal.participants.services.editing import locked
from organiser_portal.participants.services.errors import EntryErased, TooLateToUndo
from organiser_portal.participants.services.keeping import changed
from organiser_portal.participants.services.overriding import provider_value
from organiser_portal.participants.services.values import Difference
from providers.port import Action
from providers.records import EntryStatus

UNDONE = "Undone before it was sent."


def undo(*, entry: Entry, change: OutboundChange, by: User, now: datetime) -> Entry:
    """Put the entry back to how it was before ``change``, with all that the change had taken in since.

    An add leaves an entry that holds no place; nothing is deleted. Raises TooLateToUndo, EntryErased.
    """
    with transaction.atomic():
        entry = locked(entry)
        if entry.redacted:
            raise EntryErased
        _take_back(entry, change, now)
        if change.action == Action.ADD_ENTRY:
            _unmade(entry)
            write_revision(entry=entry, by=by, now=now, summary="Undone: never sent, holds no place")
        else:
            back = _put_back(entry, change.values.get("was", {}))
            write_revision(entry=entry, by=by, now=now, summary="Undone before it was sent", changed=back)
        return entry


def _take_back(entry: Entry, change: OutboundChange, now: datetime) -> None:
    """What follows an add that never was has nothing to follow."""
    waiting = OutboundChange.objects.filter(entry_id=entry.pk, state=PushState.QUEUED)
    over = {"state": PushState.DISCARDED, "settled_at": now, "due_at": None, "message": UNDONE}
    if not waiting.filter(pk=change.pk).update(**over):
        raise TooLateToUndo
    if change.action == Action.ADD_ENTRY:
        waiting.update(**over)


def _unmade(entry: Entry) -> None:
    entry.connection, entry.push_state, entry.status = None, "", EntryStatus.WITHDRAWN.value
    entry.save(update_fields=["connection", "push_state", "status"])


def _put_back(entry: Entry, was: Mapping[str, Any]) -> Changed:
    """``was``: field → value before, as stored; what the provider has said since stands above it."""
    found = [
        Difference(name=name, old=getattr(entry, name), new=_stood(entry, name, stored)) for name, stored in was.items()
    ]
    for each in found:
        setattr(entry, each.name, each.new)
        entry.overrides.pop(each.name, None)
        entry.conflicts.pop(each.name, None)
    search.refresh(entry)
    left = OutboundChange.objects.filter(entry_id=entry.pk).exclude(state=PushState.DISCARDED)
    entry.push_state = left.order_by("-pk").values_list("state", flat=True).first() or ""
    entry.save(update_fields=[*was, "overrides", "conflicts", "push_state", "sort_name", "search_text"])
    follow(entry.organisation_id, {entry.pk: entry.conflicts})
    return changed(entry, found)


def _stood(entry: Entry, name: str, stored: Any) -> Any:
    return fields.from_stored(name, provider_value(entry, name, otherwise=stored))
