"""Staff settle a conflict of one entry: keep ours, take theirs, or type a third value."""

from datetime import datetime
from typing import Any

from django.db import transaction

from organiser_portal.connections.models import OutboundChange, PushState
from organiser_portal.organisations.models import User
from organiser_portal.participants import fields, search
from organiser_portal.participants.conflicts import follow
from organiser_portal.participants.history import write_revision
from organiser_portal.participants.merge import as_json
from organiser_portal.participants.models import Entry
from organiser_portal.participants.modes import EditMode, capabilities, edit_mode, pushed_fields
from organiser_portal.participants.services.editing import edit_entry, locked
from organiser_portal.participants.services.keeping import changed
from organiser_portal.participants.services.outbox import current_change, queue_edit, rewrite
from organiser_portal.participants.services.overriding import back_to_theirs, provider_value, stand_by_ours
from organiser_portal.participants.services.values import EntryValues
from providers.port import Action


def take_theirs(*, entry: Entry, name: str, by: User, now: datetime) -> Entry:
    """Back to the provider's value: the override goes, and the conflict with it. Without an override, nothing."""
    with transaction.atomic():
        entry = locked(entry)
        if name not in entry.overrides:
            return entry
        found = back_to_theirs(entry, name)
        send_no_more(entry, name, now=now)
        search.refresh(entry)
        entry.save(update_fields=[name, "overrides", "conflicts", "sort_name", "search_text"])
        follow(entry.organisation_id, {entry.pk: entry.conflicts})
        write_revision(
            entry=entry, by=by, now=now, summary="Back to the provider's value", changed=changed(entry, [found])
        )
        return entry


def keep_ours(*, entry: Entry, name: str, by: User, now: datetime) -> Entry:
    """Settle a conflict for our value, and tell the provider where it takes edits. Without a conflict, nothing."""
    with transaction.atomic():
        entry = locked(entry)
        if name not in entry.conflicts or name not in entry.overrides:
            return entry
        theirs = stand_by_ours(entry, name)
        tell(entry, name, theirs=theirs, by=by, now=now)
        entry.save(update_fields=["overrides", "conflicts", "push_state"])
        follow(entry.organisation_id, {entry.pk: entry.conflicts})
        write_revision(entry=entry, by=by, now=now, summary=f"Kept our value: {fields.label(name)}")
        return entry


def settle_typed(*, entry: Entry, name: str, value: Any, by: User, now: datetime) -> Entry:
    """Settle a conflict with a value as a form has cleaned it; it may turn out to be one of the two. Raises EntryError.

    Without a conflict, nothing: somebody else has settled it.
    """
    with transaction.atomic():
        entry = locked(entry)
        if name not in entry.conflicts:
            return entry
        if as_json(value) == provider_value(entry, name):
            return take_theirs(entry=entry, name=name, by=by, now=now)
        if value == getattr(entry, name):
            return keep_ours(entry=entry, name=name, by=by, now=now)
        return edit_entry(entry=entry, values=EntryValues(person={name: value}), by=by, now=now)


def tell(entry: Entry, name: str, *, theirs: Any, by: User, now: datetime) -> bool:
    """Queue our value for a provider that takes it; False where there is nobody to tell. The caller saves."""
    if not capabilities(entry).edit_entry:
        return False
    if edit_mode(entry, current_change(entry)) is not EditMode.PUSH or name not in pushed_fields(entry):
        return False
    queue_edit(entry=entry, was={name: theirs}, by=by, now=now)
    return True


def send_no_more(entry: Entry, name: str, *, now: datetime) -> None:
    """What still waits to be sent of this field says what the provider has, and when undone leaves it so."""
    if not capabilities(entry).edit_entry:
        return
    queued = OutboundChange.objects.filter(
        entry_id=entry.pk, action=Action.EDIT_ENTRY.value, state=PushState.QUEUED, organisation=entry.organisation
    )
    for change in queued:
        if name in change.values.get("fields", ()):
            was = {**change.values.get("was", {}), name: as_json(getattr(entry, name))}
            change.values = {**change.values, "was": was}
            rewrite(change, entry=entry, was={}, now=now)
