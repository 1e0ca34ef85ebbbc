"""The queue of outbound changes as people see it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Min, QuerySet

from organiser_portal.connections import gateway
from organiser_portal.connections.models import Connection, OutboundChange, PushState, Standing
from organiser_portal.core import wording
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants import fields
from organiser_portal.participants.models import Entry
from organiser_portal.sync.outbox import WAITING
from organiser_portal.sync.quiet import asked_to_wait
from providers.port import Action
from providers.records import SENSITIVE_FIELDS

MENDABLE = (PushState.REJECTED, PushState.NEEDS_PERSON)
SOON = timedelta(minutes=2)
RETRIABLE = (*WAITING, *MENDABLE)
TABS = (
    ("", "All"),
    ("under-way", "On their way"),
    ("rejected", "Refused"),
    ("needs_person", "Need a person"),
    ("unknown", "Being checked"),
    ("confirmed", "Confirmed"),
    ("discarded", "Discarded"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One change. ``entry`` None: it is not there any more; ``next_at`` None: it is not tried again by itself."""

    change: OutboundChange
    entry: Entry | None
    face: gateway.Face
    connection_name: str
    verb: str
    may_retry: bool
    may_discard: bool
    may_undo: bool
    next_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What waits for one connection. ``oldest``: when the first of it was saved; ``why`` it waits, or ""."""

    face: gateway.Face
    connection_id: int
    connection_name: str
    count: int
    oldest: datetime
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One field that an edit tells. ``words`` without a value where that is not for everybody's eyes, or too long."""

    label: str
    words: str


def lines(changes: Iterable[OutboundChange]) -> list[Line]:
    """With their entries, in one query."""
    rows = list(changes)
    entries = Entry.objects.select_related("race").in_bulk([change.entry_id for change in rows])
    return [_line(change, entries.get(change.entry_id)) for change in rows]


def told(change: OutboundChange) -> list[Told]:
    """Field by field what an edit tells; nothing of an add, which tells everything."""
    now, was = change.values.get("person", {}), change.values.get("was", {})
    return [
        Told(label=fields.label(name), words=_words(name, was.get(name), now.get(name)))
        for name in change.values.get("fields", ())
    ]


def objections(change: OutboundChange) -> list[tuple[str, list[str]]]:
    """What the provider said against single fields, and the message does not; "" is the whole, or speaks for itself."""
    asked = questions(change)
    named = [(fields.about(name, asked), list(texts)) for name, texts in change.field_errors.items()]
    untold = [(name, texts) for name, texts in named if not all(text in change.message for text in texts)]
    return [(name[:1].upper() + name[1:], texts) for name, texts in untold]


def questions(change: OutboundChange) -> dict[str, str]:
    """Id → what each question asks that this change answers."""
    return {answer["question_id"]: answer["label"] for answer in change.values.get("answers", ())}


def _words(name: str, was: Any, now: Any) -> str:
    if name not in fields.PERSON or name in SENSITIVE_FIELDS:
        return "changed"
    old, new = fields.text(name, was), fields.text(name, now)
    if not old:
        return new
    return f"{old} to {new}" if new else f"{old} taken away"


def count_under_way(rows: Sequence[Line]) -> int:
    return sum(line.change.state in (*WAITING, PushState.SENDING) for line in rows)


def queues(organisation: Organisation, *, now: datetime) -> list[Queue]:
    """One for each connection for which something waits or is being sent, the longest waiting first."""
    waiting = OutboundChange.objects.of(organisation).under_way().order_by()
    told = waiting.values("connection").annotate(count=Count("pk"), oldest=Min("created_at"), due=Min("due_at"))
    rows = {row["connection"]: row for row in told}
    connections = Connection.objects.of(organisation).select_related("organisation").in_bulk(rows)
    found = [_queue(connections[pk], row, _last_said(waiting, pk), now) for pk, row in rows.items()]
    return sorted(found, key=lambda queue: queue.oldest)


def _last_said(waiting: QuerySet[OutboundChange], connection_id: int) -> str:
    """What came of the last try of those that wait for one connection."""
    tried = waiting.filter(connection=connection_id, attempts__gt=0).exclude(message="")
    return tried.order_by("-sent_at").values_list("message", flat=True).first() or ""


def _queue(connection: Connection, row: Mapping[str, Any], said: str, now: datetime) -> Queue:
    return Queue(
        face=gateway.face(connection.provider),
        connection_id=connection.pk,
        connection_name=gateway.connection_name(connection),
        count=row["count"],
        oldest=row["oldest"],
        why=_why(connection, row["due"], said, now),
    )


def _why(connection: Connection, due: datetime | None, said: str, now: datetime) -> str:
    if held := held_up(connection) or asked_to_wait(connection, now=now):
        return held
    later = due is not None and due > now + SOON
    zone = ZoneInfo(connection.organisation.time_zone)
    following = f"The next try is {wording.day_and_time(due, now, zone)}." if due and later else ""
    return " ".join(filter(None, [said, following]))


def held_up(connection: Connection) -> str:
    """Why nothing at all goes out to this connection; "" if it may."""
    match connection.standing:
        case Standing.WORKING:
            return ""
        case Standing.PAUSED:
            return "The connection is paused. It goes out when that is resumed."
    return "The connection needs attention. It goes out when that is put right."


def _line(change: OutboundChange, entry: Entry | None) -> Line:
    return Line(
        change=change,
        entry=entry,
        face=gateway.face(change.connection.provider),
        connection_name=gateway.connection_name(change.connection),
        verb="Add" if change.action == Action.ADD_ENTRY else "Edit",
        may_retry=change.state in RETRIABLE,
        may_discard=change.state in MENDABLE and entry is not None,
        may_undo=change.state == PushState.QUEUED and entry is not None,
        next_at=None if held_up(change.connection) or change.state in MENDABLE else change.due_at,
    )
