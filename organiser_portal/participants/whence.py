"""Where each value of an entry is from: which provider and run, or whom, and since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from organiser_portal.connections.gateway import connection_name
from organiser_portal.participants import fields
from organiser_portal.participants.history import MOST
from organiser_portal.participants.models import Entry, Origin, Revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Whence:
    """ "From a platform, run 12", and when; ``at`` None where that is further back than the history was read."""

    words: str
    at: datetime | None


class Origins:
    """Of every value of one entry. ``revisions``: its newest, newest first."""

    def __init__(self, entry: Entry, revisions: Sequence[Revision]) -> None:
        self._entry = entry
        self._is_whole = len(revisions) < MOST
        self._source = connection_name(entry.connection) if entry.connection else ""
        self._newest: dict[str, Revision] = {}
        for revision in reversed(revisions):
            for change in revision.changes:
                name = str(change["field"])
                self._newest |= {name: revision, name.partition(".")[0]: revision}

    def of(self, *names: str) -> Whence:
        """Of these columns together, of which the newest counts; an item is named as in history: "answers.17"."""
        overridden = [self._entry.overrides[name] for name in names if name in self._entry.overrides]
        if overridden:
            newest = max(overridden, key=lambda each: str(each["at"]))
            at = datetime.fromisoformat(newest["at"])
            return Whence(words=f"Ours, set here by {newest.get('by') or 'somebody'}", at=at)
        told = [self._newest[name] for name in names if name in self._newest]
        return self._by(max(told, key=lambda each: each.pk), names) if told else self._from_the_beginning(names)

    def of_item(self, column: str, key: str) -> Whence:
        """Of one answer, product or membership: from its own line of the history, else from its column's."""
        name = f"{column}.{key}"
        known = self._newest.get(name) or self._read_whole(column)
        return self._by(known, (column,)) if known else self._from_the_beginning((column,))

    def _read_whole(self, column: str) -> Revision | None:
        """A provider's revision names the column; staff's names its items, which says nothing of the others."""
        revision = self._newest.get(column)
        return revision if revision and revision.source != "staff" else None

    def _by(self, revision: Revision, names: Sequence[str]) -> Whence:
        if revision.source == "staff":
            who = revision.by or "somebody who has left"
            agreed = bool(self._entry.external_id and self._source) and not set(names) & set(fields.OWN)
            return Whence(words=f"Set here by {who}{f', as {self._source} has it' if agreed else ''}", at=revision.at)
        again = "read again with the new mapping, " if revision.source == "replay" else ""
        run = f", {again}run {revision.run_id:,}" if revision.run_id else ""
        return Whence(words=f"From {self._source or 'the portal'}{run}", at=revision.at)

    def _from_the_beginning(self, names: Sequence[str]) -> Whence:
        entry = self._entry
        if entry.origin == Origin.STAFF:
            return Whence(words=f"Typed here by {entry.created_by or 'somebody who has left'}", at=entry.entered_at)
        if set(names) <= set(fields.OWN) - {"status"}:
            return Whence(words="Ours", at=None)
        if not self._is_whole:
            return Whence(words=f"From {self._source}", at=None)
        return Whence(words=f"From {self._source}, since it was first seen", at=entry.first_seen)
