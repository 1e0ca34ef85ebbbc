"""What staff do to an entry. Each function is one transaction and takes ``now``."""

from organiser_portal.participants.services.adding import NewEntry, add_entries, add_entry
from organiser_portal.participants.services.editing import (
    edit_entry,
    hold,
    is_saved,
    mend_rejected,
    send_again,
    tell_all,
)
from organiser_portal.participants.services.errors import (
    EntryErased,
    EntryError,
    FormUsed,
    NothingToMend,
    NothingToUndo,
    NotOurs,
)
from organiser_portal.participants.services.letting_go import discard_add, discard_edit, keep_here
from organiser_portal.participants.services.settling import keep_ours, settle_typed, take_theirs
from organiser_portal.participants.services.settling_many import Recounted, settle_many, undo_many
from organiser_portal.participants.services.undoing_edits import Undone, undo_edit
from organiser_portal.participants.services.values import EntryValues

__all__ = [
    "EntryErased",
    "EntryError",
    "EntryValues",
    "FormUsed",
    "NewEntry",
    "NotOurs",
    "NothingToMend",
    "NothingToUndo",
    "Recounted",
    "Undone",
    "add_entries",
    "add_entry",
    "discard_add",
    "discard_edit",
    "edit_entry",
    "hold",
    "is_saved",
    "keep_here",
    "keep_ours",
    "mend_rejected",
    "send_again",
    "settle_many",
    "settle_typed",
    "take_theirs",
    "tell_all",
    "undo_edit",
    "undo_many",
]
