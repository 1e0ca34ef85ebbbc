"""A conflict as people read it: ours and theirs, who and when, and what stood there before both."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from organiser_portal.participants import fields
from organiser_portal.participants.models import Entry
from organiser_portal.participants.patterns import WORDS, pattern
from providers.records import SENSITIVE_FIELDS


@dataclass(frozen=True, slots=True, kw_only=True)
class BothSides:
    """A field that has changed on both sides. ``run``: the sync run that brought theirs, where one is known.

    ``hidden``: medical or emergency data, and this person sees none: then the values are "".
    """

    name: str
    label: str
    ours: str
    theirs: str
    base: str
    by: str
    changed_at: datetime
    seen_at: datetime
    run: int | None
    differs: str
    hidden: bool


def both_sides(entry: Entry, name: str, *, sees_sensitive: bool) -> BothSides:
    """The entry's conflict on this field, which must be open."""
    held: Mapping[str, Any] = entry.conflicts[name]
    override: Mapping[str, Any] = entry.overrides.get(name, {})
    hidden = name in SENSITIVE_FIELDS and not sees_sensitive
    ours, theirs, base = ("" if hidden else fields.text(name, held[side]) for side in ("ours", "theirs", "base"))
    return BothSides(
        name=name,
        label=fields.label(name),
        ours=ours,
        theirs=theirs,
        base=base,
        by=str(override.get("by") or "somebody"),
        changed_at=datetime.fromisoformat(override.get("at") or held["at"]),
        seen_at=datetime.fromisoformat(held["at"]),
        run=held.get("run"),
        differs="" if hidden else WORDS[pattern(held["ours"], held["theirs"])],
        hidden=hidden,
    )
