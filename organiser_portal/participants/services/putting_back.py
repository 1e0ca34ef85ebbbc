"""The values of before come back to an entry whose change is let go."""

from collections.abc import Mapping
from typing import Any

from organiser_portal.connections.models import OutboundChange, PushState
from organiser_portal.participants import fields, search
from organiser_portal.participants.conflicts import follow
from organiser_portal.participants.history import Changed
from organiser_portal.participants.mirror import push_state
from organiser_portal.participants.models import Entry
from organiser_portal.participants.services.keeping import changed
from organiser_portal.participants.services.overriding import provider_value
from organiser_portal.participants.services.values import Difference


def put_back(entry: Entry, was: Mapping[str, Any]) -> Changed:
    """``was``: field → value before, as stored. Saves the entry, which shows how it stands from now on."""
    waited_for = _waited_for(entry)
    found = [_back(entry, name, stored, stays_ours=name in waited_for) for name, stored in was.items()]
    search.refresh(entry)
    entry.push_state = push_state(entry)
    entry.save(update_fields=[*was, "overrides", "conflicts", "push_state", "sort_name", "search_text"])
    follow(entry.organisation_id, {entry.pk: entry.conflicts})
    return changed(entry, found)


def _waited_for(entry: Entry) -> set[str]:
    """The fields that an earlier change is still to tell."""
    over = (PushState.CONFIRMED, PushState.DISCARDED)
    changes = OutboundChange.objects.filter(entry_id=entry.pk).exclude(state__in=over)
    return {name for change in changes for name in change.values.get("fields", ())}


def _back(entry: Entry, name: str, stored: Any, *, stays_ours: bool) -> Difference:
    """To what an earlier edit of ours made it, else to what the provider has by now, which may have moved on."""
    old = getattr(entry, name)
    if stays_ours:
        if name in entry.overrides:
            entry.overrides[name]["value"] = stored
    else:
        stored = provider_value(entry, name, otherwise=stored)
        entry.overrides.pop(name, None)
        entry.conflicts.pop(name, None)
    setattr(entry, name, fields.from_stored(name, stored))
    return Difference(name=name, old=old, new=getattr(entry, name))
