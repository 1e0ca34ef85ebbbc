"""The history of an entry: one revision for every change by staff, and the whole of it as people read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from organiser_portal.connections import gateway
from organiser_portal.organisations.models import User
from organiser_portal.participants import fields
from organiser_portal.participants.models import Entry, Origin, Revision
from organiser_portal.participants.sensitive import sounds_sensitive
from providers.records import SENSITIVE_FIELDS

MOST = 50
# Stored as ids or as figures without their unit: it is enough to say that they changed.
UNREADABLE = frozenset({"race_id", "price_minor", "price_unknown", "codes", "orders", "affiliations"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One line of the history. ``channel`` 0: it was us. ``details``: what changed, if not in the title."""

    title: str
    at: datetime
    by: str
    ours: bool
    channel: int = 0
    details: tuple[str, ...] = ()


def write_revision(
    *, entry: Entry, by: User, now: datetime, summary: str = "", changes: Sequence[Mapping[str, str]] = ()
) -> None:
    """Keep who changed what. ``changes``: {"field", "old", "new"} of display text, with "label" for parts of a form."""
    revision = revision_of(entry, by=by, now=now, summary=summary)
    revision.changes = [dict(change) for change in changes]
    revision.save()


def revision_of(entry: Entry, *, by: User, now: datetime, summary: str) -> Revision:
    """One by staff, not saved yet."""
    return Revision(
        organisation=entry.organisation, entry=entry, at=now, source="staff", by=by, summary=summary[:300], changes=[]
    )


def history(entry: Entry, *, sees_sensitive: bool) -> list[Moment]:
    """Newest first, down to when the entry was first seen."""
    revisions = entry.revisions.select_related("by").order_by("-id")[: MOST + 1]
    moments = [_moment(revision, entry, sees_sensitive) for revision in revisions[:MOST]]
    return [*moments, *_beginning(entry)]


def newest_change_of_values(entry: Entry) -> Revision | None:
    """The last revision that changed a value, whoever made it."""
    return entry.revisions.exclude(changes=[]).select_related("by").order_by("-id").first()


def described(revision: Revision, *, sees_sensitive: bool) -> list[str]:
    """Each change of a revision as a few words: "Wave B to C"."""
    return [_words(change, revision.source, sees_sensitive) for change in revision.changes]


def _moment(revision: Revision, entry: Entry, sees_sensitive: bool) -> Moment:
    words = described(revision, sees_sensitive=sees_sensitive)
    title = revision.summary or (
        words[0] if len(words) == 1 else f"{len(words)} values changed" if words else "Changed"
    )
    details = words if revision.summary or len(words) > 1 else []
    ours = revision.source == "staff"
    return Moment(
        title=title,
        at=revision.at,
        by=f"by {revision.by or 'somebody who has left'}" if ours else _from(entry, revision),
        ours=ours,
        channel=0 if ours else _channel(entry),
        details=tuple(details),
    )


def _beginning(entry: Entry) -> list[Moment]:
    if entry.origin == Origin.STAFF:
        return []  # its first revision says so
    return [Moment(title="First seen", at=entry.first_seen, by=_from(entry), ours=False, channel=_channel(entry))]


def _from(entry: Entry, revision: Revision | None = None) -> str:
    label = gateway.connection_name(entry.connection) if entry.connection else "the portal"
    if revision is None or revision.run_id is None:
        return f"from {label}"
    words = "read again with the new mapping, run" if revision.source == "replay" else "run"
    return f"from {label}, {words} {revision.run_id:,}"


def _channel(entry: Entry) -> int:
    return gateway.face(entry.connection.provider).channel if entry.connection else 4


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
