"""The history of an entry as people read it: who or which run changed what and when, and what of it can be undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from organiser_portal.connections import gateway
from organiser_portal.participants.history import described
from organiser_portal.participants.models import Entry, Origin, Revision
from organiser_portal.participants.services.undoable import UNDONE, undoable


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One line of the history. ``channel`` 0: it was us. ``details``: what changed, if not in the title.

    ``run``: the sync run that brought it. ``undoes``: the revision that can be undone; ``stays``: why all or some of it
    cannot, "" where there is nothing to say.
    """

    title: str
    at: datetime
    by: str
    ours: bool
    channel: int = 0
    details: tuple[str, ...] = ()
    run: int | None = None
    undoes: int | None = None
    stays: str = ""


def timeline(entry: Entry, revisions: Sequence[Revision], *, sees_sensitive: bool) -> list[Moment]:
    """Newest first, down to when the entry was first seen. ``revisions``: the newest of the entry, newest first."""
    moments = [_moment(revision, entry, revisions[:place], sees_sensitive) for place, revision in enumerate(revisions)]
    return [*moments, *_beginning(entry)]


def _moment(revision: Revision, entry: Entry, later: Sequence[Revision], sees_sensitive: bool) -> Moment:
    words = described(revision, sees_sensitive=sees_sensitive)
    title = revision.summary or (
        words[0] if len(words) == 1 else f"{len(words)} values changed" if words else "Changed"
    )
    ours = revision.source == "staff"
    is_told = title in words or revision.summary.startswith(UNDONE)
    found = undoable(revision, entry, later)
    return Moment(
        title=title,
        at=revision.at,
        by=f"by {revision.by or 'somebody who has left'}" if ours else _from(entry, revision),
        ours=ours,
        channel=0 if ours else _channel(entry),
        details=() if is_told else tuple(words),
        run=revision.run_id,
        undoes=revision.pk if found.stands else None,
        stays=found.stays,
    )


def _beginning(entry: Entry) -> list[Moment]:
    if entry.origin == Origin.STAFF:
        return []  # its first revision says so
    return [Moment(title="First seen", at=entry.first_seen, by=_from(entry), ours=False, channel=_channel(entry))]


def _from(entry: Entry, revision: Revision | None = None) -> str:
    label = gateway.connection_name(entry.connection) if entry.connection else "the portal"
    again = revision is not None and revision.source == "replay"
    return f"from {label}, read again with the new mapping" if again else f"from {label}"


def _channel(entry: Entry) -> int:
    return gateway.face(entry.connection.provider).channel if entry.connection else 4
