"""Changes of ours that a provider refused or does not allow, or that only a person can finish."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from organiser_portal.connections.gateway import connection_name, face
from organiser_portal.connections.models import Connection, OutboundChange, PushState, Standing
from organiser_portal.console.inbox.todo import NAMED, Todo, address, so_many
from organiser_portal.core import keyset, wording
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants import fields
from organiser_portal.participants.models import Entry
from organiser_portal.sync.outgoing import questions


def refused(organisation: Organisation) -> list[Todo]:
    """What a provider said no to: one line, however many."""
    changes = OutboundChange.objects.of(organisation).filter(state=PushState.REJECTED).order_by("-id")
    count = keyset.count(changes)
    if not count.number:
        return []
    latest = list(changes.select_related("connection").defer("connection__sealed_credentials")[:NAMED])
    people = _people([change.entry_id for change in latest])
    labels = sorted({face(change.connection.provider).label for change in latest})
    why = " ".join(f"{people.get(change.entry_id, 'Somebody')}{_objection(change)}" for change in latest)
    alone = address(organisation, "participants:entry-edit", pk=latest[0].entry_id)
    return [
        Todo(
            tone="bad",
            icon="x",
            title=f"{' and '.join(labels)} refused {_how_many(changes, count)}",
            why=f"{why} Nothing is lost.",
            action="Fix it" if count.number == 1 else f"Fix {count.number:,}",
            url=alone if count.number == 1 else _outbound(organisation, "rejected"),
            count=count.number,
        )
    ]


def _how_many(changes: QuerySet[OutboundChange], count: keyset.Count) -> str:
    """ "4 entries"; "5 changes of 4 entries" where one has several: the list behind it is of changes."""
    entries = keyset.count(changes.order_by().values("entry_id").distinct())
    of_entries = so_many(entries, "entry", "entries")
    return of_entries if entries == count else f"{so_many(count, 'change', 'changes')} of {of_entries}"


def hand_work(organisation: Organisation) -> list[Todo]:
    """What no API can do, or what nobody knows the outcome of."""
    changes = OutboundChange.objects.of(organisation).filter(state=PushState.NEEDS_PERSON).order_by("-id")
    count = keyset.count(changes)
    if not count.number:
        return []
    why = (changes.values_list("message", flat=True).first() or "The answer was not clear enough to go on alone.")[:200]
    title = f"{so_many(count, 'change', 'changes')} to settle by hand"
    url = _outbound(organisation, "needs_person")
    return [Todo(tone="ours", icon="hand-stop", title=title, why=why, action="Settle", url=url, count=count.number)]


def denied(organisation: Organisation, connections: list[Connection]) -> list[Todo]:
    """What waits because a provider does not allow it, by connection. It is tried ever more seldom."""
    working = {connection.pk: connection for connection in connections if connection.standing == Standing.WORKING}
    changes = OutboundChange.objects.of(organisation).denied().filter(connection__in=working)
    groups = changes.order_by("connection_id").values_list("connection_id").annotate(Count("id"))
    return [_denied(organisation, working[pk], count) for pk, count in groups]


def _denied(organisation: Organisation, connection: Connection, count: int) -> Todo:
    label = face(connection.provider).label
    return Todo(
        tone="bad",
        icon="lock",
        title=f"{connection_name(connection)} does not allow {so_many(count, 'change', 'changes')}",
        why=f"Its key may not do this: have {label} allow it, or enter another key, and test it. They go out then.",
        action="Fix",
        url=address(organisation, "connections:connection-detail", connection_id=connection.pk),
        count=count,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTheirWay:
    """``held_up``: nothing of it goes out before somebody sees to the connection."""

    text: str
    held_up: bool


def on_their_way(organisation: Organisation, now: datetime) -> OnTheirWay | None:
    """One sentence about the changes that a provider does not have yet; None when there are none."""
    waiting = OutboundChange.objects.of(organisation).under_way()
    oldest = waiting.order_by("created_at").values_list("created_at", flat=True).first()
    if oldest is None:
        return None
    many = so_many(keyset.count(waiting), "change", "changes")
    held_up = not waiting.filter(connection__standing=Standing.WORKING).exists()
    stands = "held up" if held_up else "on the way"
    return OnTheirWay(text=f"{many} {stands}, the oldest for {wording.span(now - oldest)}", held_up=held_up)


def _people(entry_ids: list[int]) -> dict[int, str]:
    rows = Entry.objects.filter(pk__in=entry_ids).values_list("pk", "first_name", "last_name")
    return {pk: f"{first} {last}".strip() or "somebody" for pk, first, last in rows}


def _objection(change: OutboundChange) -> str:
    """ ", e-mail: is not valid.": the first of them, and what it is about where that does not speak for itself."""
    asked = questions(change)
    for name, texts in change.field_errors.items():
        about = fields.about(name, asked)
        for text in texts:
            return f"{f', {about}' if about else ''}: {str(text).rstrip('.')}."
    return f": {(change.message or 'no reason given').rstrip('.')}."


def _outbound(organisation: Organisation, state: str) -> str:
    return f"{address(organisation, 'sync:outbound-list')}?state={state}"
