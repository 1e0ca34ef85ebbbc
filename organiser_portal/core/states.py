"""The look of every state: tone, icon, word and a sentence. Keyed by the stored value, so that no room is imported."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """``tone`` is one of good, wait, bad, move, ours, idle; ``icon`` a name from the sprite."""

    tone: str
    icon: str
    word: str
    sentence: str = ""


PUSH = {
    "queued": Look("idle", "clock", "Queued", "Saved here, waits for its turn."),
    "sending": Look("move", "arrow-up", "Sending", "On its way to the provider."),
    "confirmed": Look("good", "check", "Confirmed", "The provider has it and gave it a number."),
    "rejected": Look("bad", "x", "Refused", "The provider said no. The reason stands on the field."),
    "unknown": Look("wait", "question-mark", "Checking", "Sent, no clear answer. We check before anything else."),
    "needs_person": Look("ours", "hand-stop", "Needs a person", "No API can do it, or two answers disagree."),
    "discarded": Look("idle", "trash", "Discarded", "Taken back here before it was sent."),
}
STANDING = {
    "untested": Look("idle", "circle-dashed", "Untested", "Nobody has tested the key yet."),
    "working": Look("good", "check", "Working", "The key is accepted."),
    "needs_attention": Look("bad", "x", "Needs attention", "Nothing is fetched or sent until a person acts."),
    "paused": Look("idle", "player-pause", "Paused", "Paused by staff. Figures stay as they were."),
    "syncing": Look("move", "refresh", "Syncing", "A run is under way."),
    "stumbled": Look("idle", "rotate-clockwise", "Trying again", "The key is accepted; the last look failed."),
    "denied": Look("bad", "lock", "Not allowed all", "The key is accepted, but may not do all that is asked for."),
    "late": Look("wait", "alert-triangle", "Not answering", "It mends itself; we keep trying."),
}
RUN = {
    "running": Look("move", "refresh", "Running", "Under way now."),
    "succeeded": Look("good", "check", "Complete", "Ended properly."),
    "short": Look("wait", "alert-triangle", "Ended short", "Fewer records than promised; it will be walked whole."),
    "implausible": Look("bad", "shield-x", "Not believed", "It would have removed too much, so nothing was removed."),
    "failed": Look("bad", "x", "Failed", "What was stored before the fault is kept."),
    "abandoned": Look("idle", "player-stop", "Abandoned", "The worker went away; the next run goes on from there."),
}
ENTRY = {
    "live": Look("good", "check", "Live", "Holds a place."),
    "cancelled": Look("idle", "x", "Cancelled", "Holds no place."),
    "transferred": Look("idle", "switch-horizontal", "Transferred", "The place went to somebody else."),
    "deferred": Look("idle", "calendar", "Deferred", "The place was moved to another year."),
    "refunded": Look("idle", "rotate-clockwise", "Refunded", "Paid back; holds no place."),
    "withdrawn": Look("idle", "hand-stop", "Withdrawn", "Took themselves out; holds no place."),
}
LISTING = {
    "open": Look("good", "check", "Open", "Takes entries."),
    "full": Look("bad", "users", "Full", "Every place is taken."),
    "closed": Look("idle", "lock", "Closed", "Takes no more entries."),
    "unknown": Look("idle", "question-mark", "Not said", "The provider does not say whether it is open."),
}
# An open set: these are only the words met so far, and any other is shown as it came.
APPLICATION = {
    "pending": Look("wait", "hourglass", "Pending"),
    "submitted": Look("wait", "hourglass", "Submitted"),
    "approved": Look("good", "check", "Approved"),
    "accepted": Look("good", "check", "Accepted"),
    "successful": Look("good", "check", "Successful"),
    "rejected": Look("bad", "x", "Rejected"),
    "declined": Look("bad", "x", "Declined"),
    "unsuccessful": Look("bad", "x", "Unsuccessful"),
    "withdrawn": Look("idle", "hand-stop", "Withdrawn"),
}
UNREADABLE = {
    "waits": Look("wait", "alert-triangle", "Waits", "Could not be read, and is tried again."),
    "read": Look("good", "check", "Read by now", "It is in its list here."),
    "gone": Look("idle", "eye-off", "No longer listed", "It could not be read, and is not there any more."),
}
KINDS = {
    "push": PUSH,
    "standing": STANDING,
    "run": RUN,
    "entry": ENTRY,
    "listing": LISTING,
    "application": APPLICATION,
    "unreadable": UNREADABLE,
}
TONE_ICONS = {
    "good": "check",
    "wait": "alert-triangle",
    "bad": "alert-circle",
    "move": "info-circle",
    "ours": "ballpen",
    "idle": "info-circle",
}
# Freshness: classes of ring and chip, and the icon before the words.
FRESHNESS = {
    "ok": ("", ""),
    "running": ("is-move is-running", ""),
    "late": ("is-wait is-late", "alert-triangle"),
    "refused": ("is-bad is-late", "x"),
    "paused": ("is-idle is-late", "player-pause"),
    "never": ("is-idle is-late", "circle-dashed"),
}


def look(kind: str, value: str) -> Look:
    """How ``value`` of ``kind`` looks; a value nobody has met is shown as it came. KeyError: no such kind."""
    known = KINDS[kind].get(value.lower())
    return known or Look("idle", "circle-dashed", value.replace("_", " ").capitalize())


def tone_of_level(level_tag: str) -> str:
    """The tone of one of Django's messages."""
    return {"success": "good", "warning": "wait", "error": "bad"}.get(level_tag, "move")


def icon_of_tone(tone: str) -> str:
    """The icon that goes with a tone where nothing more telling is at hand."""
    return TONE_ICONS.get(tone, "info-circle")
