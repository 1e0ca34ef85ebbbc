"""Staff undo an edit from its line of the history: by an edit of its own, with the rules of any other."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from organiser_portal.organisations.models import User
from organiser_portal.participants.history import described
from organiser_portal.participants.models import Entry, Revision
from organiser_portal.participants.services.editing import edit_entry, locked
from organiser_portal.participants.services.errors import EntryErased, NothingToUndo
from organiser_portal.participants.services.keeping import values_before
from organiser_portal.participants.services.undoable import UNDONE, undoable


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """``words``: what was undone, "Wave B to C". ``stays``: sentences on what was not, "" for nothing."""

    entry: Entry
    words: str
    stays: str


def undo_edit(*, revision: Revision, by: User, now: datetime) -> Undone:
    """Give the fields that still have what this edit gave them the values of before; the provider is told as ever.

    Raises EntryErased, NothingToUndo, and NotOurs as ``edit_entry`` does.
    """
    with transaction.atomic():
        entry = locked(revision.entry)
        if entry.redacted:
            raise EntryErased
        later = entry.revisions.filter(pk__gt=revision.pk).select_related("by").order_by("-id")
        found = undoable(revision, entry, list(later))
        if not found.stands:
            raise NothingToUndo(found.stays)
        # Everybody reads the summary, whatever they may see.
        words = "; ".join(described(revision, sees_sensitive=False, names=found.stands))
        values = values_before(revision, found.stands)
        entry = edit_entry(entry=entry, values=values, by=by, now=now, summary=f"{UNDONE}{words}")
        return Undone(entry=entry, words=words, stays=found.stays)
