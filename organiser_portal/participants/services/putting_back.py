"""The values of before come back to an entry whose change is let go."""

from collections.abc import Mapping
from typing import Any

from organiser_portal.connections.models import OutboundChange, PushState
from organiser_portal.participants import fields, search
from organiser_portal.participants.conflicts import follow
from organiser_portal.participants.history import Changed
from organiser_portal.participants.merge import as_json
from organiser_portal.participants.mirror import push_state
from organiser_portal.participants.models import Entry
from organiser_portal.participants.modes import speaks_again
from organiser_portal.participants.services.keeping import changed
from organiser_portal.participants.services.overriding import provider_value
from organiser_portal.participants.services.values import Difference
from providers.records import PERSON_FIELDS


def put_back(entry: Entry, change: OutboundChange, was: Mapping[str, Any]) -> Changed:
    """``was``: field → value before, as stored. Saves the entry, which shows how it stands from now on."""
    waited_for = _waited_for(entry)
    ours = {name: old for name, old in was.items() if name in waited_for or not _theirs_already(entry, change, name)}
    found = [_back(entry, name, stored, stays_ours=name in waited_for) for name, stored in ours.items()]
    search.refresh(entry)
    entry.push_state = push_state(entry)
    entry.save(update_fields=[*ours, "overrides", "conflicts", "push_state", "sort_name", "search_text"])
    follow(entry.organisation_id, {entry.pk: entry.conflicts})
    return changed(entry, found)


def _waited_for(entry: Entry) -> set[str]:
    """The fields that an earlier change is still to tell."""
    over = (PushState.CONFIRMED, PushState.DISCARDED)
    changes = OutboundChange.objects.filter(entry_id=entry.pk).exclude(state__in=over)
    return {name for change in changes for name in change.values.get("fields", ())}


def _theirs_already(entry: Entry, change: OutboundChange, name: str) -> bool:
    """A pull has spoken since: it says something else than the change does, or agrees with what had been sent."""
    if name not in PERSON_FIELDS or name in entry.overrides or not speaks_again(entry):
        return False
    told = change.values.get("person", {}).get(name)
    return change.attempts > 0 or told != (as_json(getattr(entry, name)) or "")


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
