"""The queue of outbound changes as people see it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from organiser_portal.connections import gateway
from organiser_portal.connections.models import OutboundChange, PushState
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants.models import Entry
from organiser_portal.sync.outbox import WAITING
from providers.port import Action

MENDABLE = (PushState.REJECTED, PushState.NEEDS_PERSON)
RETRIABLE = (*WAITING, *MENDABLE)
TABS = (
    ("", "All"),
    ("under-way", "On their way"),
    ("rejected", "Refused"),
    ("needs_person", "Need a person"),
    ("unknown", "Being checked"),
    ("confirmed", "Confirmed"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One change. ``entry`` None: it is not there any more."""

    change: OutboundChange
    entry: Entry | None
    face: gateway.Face
    connection_name: str
    verb: str
    may_retry: bool
    may_discard: bool


def selected(organisation: Organisation, *, state: str, connection: str) -> QuerySet[OutboundChange]:
    """Narrowed by what the address says; words it does not know narrow nothing."""
    rows = OutboundChange.objects.of(organisation).select_related("connection", "created_by")
    if connection.isdecimal():
        rows = rows.filter(connection_id=int(connection))
    if state == "under-way":
        return rows.under_way()
    return rows.filter(state=state) if state in PushState.values else rows


def lines(changes: Iterable[OutboundChange]) -> list[Line]:
    """With their entries, in one query."""
    rows = list(changes)
    entries = Entry.objects.select_related("race").in_bulk([change.entry_id for change in rows])
    return [_line(change, entries.get(change.entry_id)) for change in rows]


def count_under_way(rows: Sequence[Line]) -> int:
    return sum(line.change.state in (*WAITING, PushState.SENDING) for line in rows)


def _line(change: OutboundChange, entry: Entry | None) -> Line:
    return Line(
        change=change,
        entry=entry,
        face=gateway.face(change.connection.provider),
        connection_name=gateway.connection_name(change.connection),
        verb="Add" if change.action == Action.ADD_ENTRY else "Edit",
        may_retry=change.state in RETRIABLE,
        may_discard=change.state in MENDABLE and entry is not None,
    )
