"""What staff do with a change that a provider refused, other than mending it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from organiser_portal.connections.gateway import connection_name
from organiser_portal.connections.models import MENDABLE, OutboundChange
from organiser_portal.organisations.models import User
from organiser_portal.participants.history import write_revision
from organiser_portal.participants.models import Entry
from organiser_portal.participants.services.editing import edit_entry, locked
from organiser_portal.participants.services.errors import NothingToMend
from organiser_portal.participants.services.outbox import current_change, let_followers_go, let_go
from organiser_portal.participants.services.putting_back import put_back
from organiser_portal.participants.services.values import EntryValues
from providers.port import Action
from providers.records import EntryStatus


def keep_here(*, entry: Entry, values: EntryValues, by: User, now: datetime) -> Entry:
    """The entry that a provider would not take stays in our lists alone, as typed. Raises NothingToMend."""
    with transaction.atomic():
        entry = locked(entry)
        refused = _discard_add(entry, now)
        entry.connection, entry.listing, entry.push_state = None, None, ""
        entry.save(update_fields=["connection", "listing", "push_state"])
        summary = f"Kept only here, not at {connection_name(refused.connection)}"
        write_revision(entry=entry, by=by, now=now, summary=summary)
        return edit_entry(entry=entry, values=values, by=by, now=now)


def discard_add(*, entry: Entry, by: User, now: datetime) -> Entry:
    """The entry was not to be: it holds no place any more. Nothing is deleted. Raises NothingToMend."""
    with transaction.atomic():
        entry = locked(entry)
        _discard_add(entry, now)
        entry.connection, entry.push_state, entry.status = None, "", EntryStatus.WITHDRAWN.value
        entry.save(update_fields=["connection", "push_state", "status"])
        write_revision(entry=entry, by=by, now=now, summary="Discarded: no provider took it")
        return entry


def discard_edit(*, entry: Entry, by: User, now: datetime, change: OutboundChange | None = None) -> Entry:
    """Put the values back that the provider still has. Raises NothingToMend.

    ``change``: which of several that were refused; else the one that tells how the entry stands.
    """
    with transaction.atomic():
        entry = locked(entry)
        refused = change or current_change(entry)
        refused, was = _discarded(refused, Action.EDIT_ENTRY, now)
        back = put_back(entry, refused, was)
        write_revision(entry=entry, by=by, now=now, summary="Discarded the change", changed=back)
        return entry


def _discard_add(entry: Entry, now: datetime) -> OutboundChange:
    refused, _ = _discarded(current_change(entry), Action.ADD_ENTRY, now)
    let_followers_go(refused, now=now)
    return refused


def _discarded(
    change: OutboundChange | None, action: Action, now: datetime
) -> tuple[OutboundChange, Mapping[str, Any]]:
    """The change, and what it alone told with the values before."""
    if change is None or change.action != action or change.state not in MENDABLE:
        raise NothingToMend
    was = let_go(change, now=now)
    if was is None:
        raise NothingToMend
    return change, was
