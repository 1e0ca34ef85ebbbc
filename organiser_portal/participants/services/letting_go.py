"""What staff do with a change that a provider refused, other than mending it."""

from datetime import datetime
from typing import Any

from django.db import transaction

from organiser_portal.connections.gateway import connection_name
from organiser_portal.connections.models import MENDABLE, OutboundChange, PushState
from organiser_portal.organisations.models import User
from organiser_portal.participants import fields, search
from organiser_portal.participants.conflicts import follow
from organiser_portal.participants.history import write_revision
from organiser_portal.participants.models import Entry
from organiser_portal.participants.services.editing import edit_entry, locked
from organiser_portal.participants.services.errors import NothingToMend
from organiser_portal.participants.services.keeping import changed
from organiser_portal.participants.services.outbox import current_change
from organiser_portal.participants.services.overriding import provider_value
from organiser_portal.participants.services.values import Difference, EntryValues
from providers.port import Action
from providers.records import EntryStatus


def keep_here(*, entry: Entry, values: EntryValues, by: User, now: datetime) -> Entry:
    """The entry that a provider would not take stays in our lists alone, as typed. Raises NothingToMend."""
    with transaction.atomic():
        entry = locked(entry)
        refused = _discard(entry, Action.ADD_ENTRY, now)
        entry.connection, entry.listing, entry.push_state = None, None, ""
        entry.save(update_fields=["connection", "listing", "push_state"])
        summary = f"Kept only here, not at {connection_name(refused.connection)}"
        write_revision(entry=entry, by=by, now=now, summary=summary)
        return edit_entry(entry=entry, values=values, by=by, now=now)


def discard_add(*, entry: Entry, by: User, now: datetime) -> Entry:
    """The entry was not to be: it holds no place any more. Nothing is deleted. Raises NothingToMend."""
    with transaction.atomic():
        entry = locked(entry)
        _discard(entry, Action.ADD_ENTRY, now)
        entry.connection, entry.push_state, entry.status = None, "", EntryStatus.WITHDRAWN.value
        entry.save(update_fields=["connection", "push_state", "status"])
        write_revision(entry=entry, by=by, now=now, summary="Discarded: no provider took it")
        return entry


def discard_edit(*, entry: Entry, by: User, now: datetime) -> Entry:
    """Put the values back that the provider still has. Raises NothingToMend."""
    with transaction.atomic():
        entry = locked(entry)
        was: dict[str, Any] = _discard(entry, Action.EDIT_ENTRY, now).values.get("was", {})
        found = [
            Difference(name=name, old=getattr(entry, name), new=_stood(entry, name, stored))
            for name, stored in was.items()
        ]
        for each in found:
            setattr(entry, each.name, each.new)
            entry.overrides.pop(each.name, None)
            entry.conflicts.pop(each.name, None)
        search.refresh(entry)
        entry.push_state = PushState.CONFIRMED
        entry.save(update_fields=[*was, "overrides", "conflicts", "push_state", "sort_name", "search_text"])
        follow(entry.organisation_id, {entry.pk: entry.conflicts})
        write_revision(entry=entry, by=by, now=now, summary="Discarded the change", changed=changed(entry, found))
        return entry


def _stood(entry: Entry, name: str, stored: Any) -> Any:
    """What the provider has by now, which may have moved on from what it had before the edit."""
    return fields.from_stored(name, provider_value(entry, name, otherwise=stored))


def _discard(entry: Entry, action: Action, now: datetime) -> OutboundChange:
    refused = current_change(entry)
    if refused is None or refused.action != action or refused.state not in MENDABLE:
        raise NothingToMend
    over = {"state": PushState.DISCARDED, "settled_at": now, "due_at": None}
    if not OutboundChange.objects.filter(pk=refused.pk, state=refused.state).update(**over):
        raise NothingToMend
    if action is Action.ADD_ENTRY:  # what was to follow it has nothing to follow
        OutboundChange.objects.filter(entry_id=entry.pk, state=PushState.QUEUED).update(**over)
    return refused
