"""Where an entry stands on its way to a provider, as the steps of a short log."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from organiser_portal.connections import gateway
from organiser_portal.connections.models import MENDABLE, UNDER_WAY, Connection, OutboundChange, PushState, Standing
from organiser_portal.participants.models import Entry
from providers.port import Action

SOON = timedelta(minutes=2)
QUICK, SLOW = 2, 30  # seconds between two looks


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    tone: str
    title: str
    at: datetime | None = None
    text: str = ""
    ahead: bool = False  # not reached yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """``poll``: seconds until the page should look again, 0 for never."""

    change: OutboundChange
    steps: tuple[Step, ...]
    poll: int
    label: str
    adding: bool

    @property
    def under_way(self) -> bool:
        return self.change.state in UNDER_WAY

    @property
    def mendable(self) -> bool:
        return self.change.state in MENDABLE

    @property
    def queued(self) -> bool:
        return self.change.state == PushState.QUEUED


def stand(entry: Entry, change: OutboundChange | None, now: datetime) -> Stand | None:
    """None when nothing about this entry was ever to be told to a provider."""
    if change is None:
        return None
    label = gateway.connection_name(change.connection)
    adding = change.action == Action.ADD_ENTRY
    steps = (_saved(change, adding), *_way(entry, change, label))
    return Stand(change=change, steps=steps, poll=_poll(entry, change, now), label=label, adding=adding)


def when_told(connection: Connection) -> str:
    """What becomes of a change that has just been saved for this connection."""
    label = gateway.connection_name(connection)
    match connection.standing:
        case Standing.WORKING:
            return f"{label} is told now."
        case Standing.PAUSED:
            return f"{label} is paused: it is told when the connection is resumed."
    return f"{label} needs attention: it is told when that is put right."


def _saved(change: OutboundChange, adding: bool) -> Step:
    who = f"by {change.created_by}" if change.created_by else ""
    return Step(tone="good", title="Saved here" if adding else "Change saved here", at=change.created_at, text=who)


def _way(entry: Entry, change: OutboundChange, label: str) -> list[Step]:
    number = Step(tone="idle", title="Confirmed", text=f"when {label} has answered", ahead=True)
    match change.state:
        case PushState.QUEUED:
            return [_waiting(change, label), number]
        case PushState.SENDING:
            return [Step(tone="move", title=f"Sending to {label}", at=change.sent_at, text=_reference(change)), number]
        case PushState.UNKNOWN:
            asked = f"before anything is sent again. No answer came from {label}."
            return [_sent(change, label), Step(tone="wait", title="Checking", text=asked), number]
        case PushState.REJECTED:
            refused = Step(tone="bad", title="Refused", at=change.settled_at, text="not tried again until you fix it")
            return [_sent(change, label), refused, number]
        case PushState.NEEDS_PERSON:
            return [_sent(change, label), Step(tone="ours", title="Needs a person", at=change.settled_at)]
        case PushState.DISCARDED:
            return [Step(tone="idle", title="Discarded", at=change.settled_at)]
    told = f"as number {entry.external_id}" if entry.external_id else ""
    return [_sent(change, label), Step(tone="good", title="Confirmed", at=change.settled_at, text=told)]


def _sent(change: OutboundChange, label: str) -> Step:
    return Step(tone="good", title=f"Sent to {label}", at=change.sent_at, text=_reference(change))


def _waiting(change: OutboundChange, label: str) -> Step:
    if change.connection.standing == Standing.PAUSED:
        return Step(tone="wait", title="Waits", text=f"{label} is paused. It goes out when the connection is resumed.")
    if change.connection.standing != Standing.WORKING:
        return Step(tone="wait", title="Waits", text=f"{label} needs attention. It goes out when that is put right.")
    if change.attempts:
        return Step(tone="wait", title=f"Tried {_times(change.attempts)}, next try", at=change.due_at)
    return Step(tone="move", title=f"Queued for {label}", text="It goes out within a minute.")


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _reference(change: OutboundChange) -> str:
    return f"reference {change.reference[:4]}…{change.reference[-4:]}"


def _poll(entry: Entry, change: OutboundChange, now: datetime) -> int:
    if change.state not in UNDER_WAY:
        # Settled after the entry was read: what it got by that is seen at the next look.
        return QUICK if entry.push_state in UNDER_WAY else 0
    held = change.connection.standing != Standing.WORKING
    later = change.due_at is not None and change.due_at > now + SOON
    return SLOW if held or later else QUICK
