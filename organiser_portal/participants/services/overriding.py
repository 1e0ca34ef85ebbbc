"""Our value over a provider's: put there, kept, or taken back. On the entry in hand; the caller saves it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from organiser_portal.organisations.models import User
from organiser_portal.participants import fields
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


def back_to_theirs(entry: Entry, name: str) -> Difference:
    """The override goes, and the conflict with it. Returns what changed."""
    old = getattr(entry, name)
    new = fields.from_stored(name, provider_value(entry, name))
    setattr(entry, name, new)
    entry.overrides.pop(name)
    entry.conflicts.pop(name, None)
    return Difference(name=name, old=old, new=new)


def stand_by_ours(entry: Entry, name: str) -> Any:
    """Ours over what they say now: it sticks until they change it once more. Returns theirs, as stored JSON."""
    theirs = entry.conflicts.pop(name)["theirs"]
    entry.overrides[name]["provider_value"] = theirs
    return theirs
