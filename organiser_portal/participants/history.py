"""What a revision of an entry keeps, and how each change is said."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from organiser_portal.organisations.models import User
from organiser_portal.participants import fields
from organiser_portal.participants.models import Entry, Revision
from organiser_portal.participants.sensitive import sounds_sensitive
from providers.records import SENSITIVE_FIELDS

MOST = 50
# Stored as ids or as figures without their unit: it is enough to say that they changed.
UNREADABLE = frozenset({"race_id", "price_minor", "price_unknown", "codes", "orders", "affiliations"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What changed, as a revision keeps it.

    ``said``: {"field", "old", "new"} of display text, with "label" for parts of a form. ``before`` and ``after``:
    stored values by the same field names, without those that are never copied into history.
    """

    said: Sequence[Mapping[str, str]] = ()
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


NOTHING = Changed()


def write_revision(*, entry: Entry, by: User, now: datetime, summary: str = "", changed: Changed = NOTHING) -> None:
    """Keep who changed what."""
    revision_of(entry, by=by, now=now, summary=summary, changed=changed).save()


def revision_of(entry: Entry, *, by: User | None, now: datetime, summary: str, changed: Changed = NOTHING) -> Revision:
    """One by staff, not saved yet."""
    return Revision(
        organisation_id=entry.organisation_id,
        entry=entry,
        at=now,
        source="staff",
        by=by,
        summary=summary[:300],
        changes=[dict(change) for change in changed.said],
        before=dict(changed.before),
        after=dict(changed.after),
    )


def newest_revisions(entry: Entry) -> list[Revision]:
    """Newest first, and no more of them than anybody reads. One query."""
    return list(entry.revisions.select_related("by").order_by("-id")[:MOST])


def newest_change_of_values(entry: Entry) -> Revision | None:
    """The last revision that changed a value, whoever made it."""
    return entry.revisions.exclude(changes=[]).select_related("by").order_by("-id").first()


def columns_emptied(entry: Entry) -> set[str]:
    """The columns of which staff have ever taken something away. One query."""
    told = entry.revisions.filter(source="staff").values_list("changes", flat=True)
    lines = (line for changes in told for line in changes)
    return {str(line["field"]).partition(".")[0] for line in lines if line.get("old") and not line.get("new")}


def described(revision: Revision, *, sees_sensitive: bool, names: Collection[str] | None = None) -> list[str]:
    """Each change of a revision as a few words: "Wave B to C"; only those of the fields ``names``, where given."""
    return [
        _words(change, revision.source, sees_sensitive)
        for change in revision.changes
        if names is None or change["field"] in names
    ]


def _words(change: Mapping[str, Any], source: str, sees_sensitive: bool) -> str:
    name = str(change.get("field", ""))
    label = str(change.get("label") or fields.label(name.split(".")[0]))
    old, new = (str(change.get(side) or "") for side in ("old", "new"))
    if name == "gone_at":
        return "No longer listed" if new else "Listed again"
    if not _shown(name, label, source, sees_sensitive) or "…" in (old, new):
        return f"{label} changed"
    if source != "staff":
        old, new = fields.text(name, old), fields.text(name, new)
    if not old:
        return f"{label}: {new}"
    return f"{label} {old} to {new}" if new else f"{label} {old} taken away"


def _shown(name: str, label: str, source: str, sees_sensitive: bool) -> bool:
    if name in UNREADABLE and source != "staff":
        return False
    if name == "answers":
        return sees_sensitive
    return sees_sensitive or (name not in SENSITIVE_FIELDS and not sounds_sensitive(label))
