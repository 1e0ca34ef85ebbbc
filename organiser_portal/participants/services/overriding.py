"""Our value over a provider's: put there, taken back, and decided when both sides have changed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from organiser_portal.organisations.models import User
from organiser_portal.participants import fields, search
from organiser_portal.participants.history import write_revision
from organiser_portal.participants.merge import as_json
from organiser_portal.participants.models import Entry
from organiser_portal.participants.services.values import Difference


def put_over(entry: Entry, found: Sequence[Difference], *, by: User, now: datetime) -> None:
    """Remember what the provider says under each changed field. Typing its own value again drops the override."""
    for each in found:
        theirs = provider_value(entry, each.name, otherwise=as_json(each.old))
        entry.conflicts.pop(each.name, None)
        if as_json(each.new) == theirs:
            entry.overrides.pop(each.name, None)
            continue
        entry.overrides[each.name] = {
            "value": as_json(each.new),
            "provider_value": theirs,
            "by": str(by),
            "by_id": by.pk,
            "at": now.isoformat(),
        }


def provider_value(entry: Entry, name: str, *, otherwise: Any = None) -> Any:
    """What the provider says of a field now, as stored JSON."""
    if name in entry.conflicts:
        return entry.conflicts[name]["theirs"]
    override: Mapping[str, Any] | None = entry.overrides.get(name)
    return override["provider_value"] if override else otherwise


def take_theirs(*, entry: Entry, name: str, by: User, now: datetime) -> Entry:
    """Back to the provider's value: the override goes, and the conflict with it. Without an override, nothing."""
    with transaction.atomic():
        entry = _locked(entry)
        if name not in entry.overrides:
            return entry
        old = getattr(entry, name)
        new = fields.from_stored(name, provider_value(entry, name))
        setattr(entry, name, new)
        entry.overrides.pop(name)
        entry.conflicts.pop(name, None)
        search.refresh(entry)
        entry.save(update_fields=[name, "overrides", "conflicts", "sort_name", "search_text"])
        old_text, new_text = (fields.history_text(name, value) for value in (old, new))
        change = {"field": name, "old": old_text, "new": new_text}
        write_revision(entry=entry, by=by, now=now, summary="Back to the provider's value", changes=[change])
        return entry


def keep_ours(*, entry: Entry, name: str, by: User, now: datetime) -> Entry:
    """Settle a conflict for our value. It sticks until the provider's value changes once more."""
    with transaction.atomic():
        entry = _locked(entry)
        if name not in entry.conflicts or name not in entry.overrides:
            return entry
        entry.overrides[name]["provider_value"] = entry.conflicts.pop(name)["theirs"]
        entry.save(update_fields=["overrides", "conflicts"])
        write_revision(entry=entry, by=by, now=now, summary=f"Kept our value: {fields.label(name)}")
        return entry


def _locked(entry: Entry) -> Entry:
    return Entry.objects.select_for_update().get(pk=entry.pk)
