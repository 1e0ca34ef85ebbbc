"""What an edit to this entry comes to: a change sent on, an override kept here, or simply a change."""

from enum import StrEnum

from organiser_portal.connections.gateway import provider_class
from organiser_portal.connections.models import MENDABLE, OutboundChange, PushState
from organiser_portal.participants.models import Entry
from providers.port import Action, Capabilities


class EditMode(StrEnum):
    HERE = "here"  # no provider knows the entry: an edit is just an edit
    PUSH = "push"  # the provider is told
    OVERRIDE = "override"  # the provider cannot be told: our value stands over theirs
    ERASED = "erased"  # the person is gone: nothing may be written


def edit_mode(entry: Entry, newest: OutboundChange | None) -> EditMode:
    """``newest``: the entry's newest outbound change, if there ever was one."""
    if entry.redacted:
        return EditMode.ERASED
    if entry.connection is None:
        return EditMode.HERE
    if _still_ours(newest):
        return EditMode.PUSH
    if not entry.external_id and (newest is None or newest.state == PushState.DISCARDED):
        return EditMode.HERE
    return EditMode.PUSH if capabilities(entry).edit_entry else EditMode.OVERRIDE


def status_is_ours(entry: Entry, mode: EditMode) -> bool:
    """Whether staff say if this entry holds a place: where no sync would ever tell us."""
    return mode is EditMode.HERE or (mode is EditMode.PUSH and not capabilities(entry).lists_entries)


def speaks_again(entry: Entry) -> bool:
    """Whether the next pull says what the provider has: until it says what we say, our value stands over it."""
    return bool(entry.external_id) and not entry.redacted and capabilities(entry).lists_entries


def capabilities(entry: Entry) -> Capabilities:
    """What the provider of this entry can do; nothing at all for an entry kept only here."""
    return provider_class(entry.connection.provider).capabilities if entry.connection else Capabilities()


def pushed_fields(entry: Entry) -> frozenset[str]:
    """The columns whose changes are worth telling the provider."""
    return capabilities(entry).entry_fields | {"answers", "orders", "affiliations"}


def _still_ours(newest: OutboundChange | None) -> bool:
    """An add that has not left, or came back refused, takes any edit in."""
    waiting = (PushState.QUEUED, *MENDABLE)
    return newest is not None and newest.action == Action.ADD_ENTRY and newest.state in waiting
