"""What needs a person, each with one obvious thing to do. Nothing is stored: when the fact is gone, so is the to-do."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min
from django.urls import reverse

from organiser_portal.connections.gateway import connection_name, face
from organiser_portal.connections.models import Connection, OutboundChange, PushState, RejectedRecord, Standing
from organiser_portal.events.models import Race
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants.models import Entry

NAMED = 3  # how many people one line names
TRIES = 3  # failures in a row before a source counts as silent


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """One line of the inbox. ``tone`` is one of the page's: bad, wait, ours, idle."""

    tone: str
    icon: str
    title: str
    why: str
    action: str
    url: str
    count: int = 1


def todos(organisation: Organisation) -> list[Todo]:
    """Everything that waits for somebody, the most pressing first. A bounded number of queries."""
    connections = list(Connection.objects.of(organisation).defer("sealed_credentials").prefetch_related("sync_states"))
    return [
        *_refused(organisation),
        *_hand_work(organisation),
        *_connections(organisation, connections),
        *_silent(organisation, connections),
        *_conflicts(organisation),
        *_rejected_records(organisation, connections),
        *_same_races(organisation),
    ]


def _people(entry_ids: list[int]) -> dict[int, str]:
    rows = Entry.objects.filter(pk__in=entry_ids).values_list("pk", "first_name", "last_name")
    return {pk: f"{first} {last}".strip() or "somebody" for pk, first, last in rows}


def _refused(organisation: Organisation) -> list[Todo]:
    changes = OutboundChange.objects.of(organisation).filter(state=PushState.REJECTED).order_by("-id")
    count = changes.count()
    if not count:
        return []
    latest = list(changes.select_related("connection").defer("connection__sealed_credentials")[:NAMED])
    people = _people([change.entry_id for change in latest])
    labels = sorted({face(change.connection.provider).label for change in latest})
    why = " ".join(f"{people.get(change.entry_id, 'Somebody')}: {_objection(change)}" for change in latest)
    first = latest[0].entry_id
    url = _url(organisation, "participants:entry-edit", pk=first) if count == 1 else _outbound(organisation, "rejected")
    title = f"{' and '.join(labels)} refused {_so_many(count, 'entry', 'entries')}"
    return [
        Todo(
            tone="bad",
            icon="x",
            title=title,
            why=f"{why} Nothing is lost.",
            action=f"Fix {count}",
            url=url,
            count=count,
        )
    ]


def _objection(change: OutboundChange) -> str:
    for texts in change.field_errors.values():
        for text in texts:
            return f"{str(text).rstrip('.')}."
    return f"{(change.message or 'no reason given').rstrip('.')}."


def _hand_work(organisation: Organisation) -> list[Todo]:
    changes = OutboundChange.objects.of(organisation).filter(state=PushState.NEEDS_PERSON).order_by("-id")
    count = changes.count()
    if not count:
        return []
    why = (changes.values_list("message", flat=True).first() or "The answer was not clear enough to go on alone.")[:200]
    title = f"{_so_many(count, 'change', 'changes')} to settle by hand"
    url = _outbound(organisation, "needs_person")
    return [Todo(tone="ours", icon="hand-stop", title=title, why=why, action="Settle", url=url, count=count)]


def _connections(organisation: Organisation, connections: list[Connection]) -> list[Todo]:
    texts = {
        Standing.NEEDS_ATTENTION: ("bad", "plug-connected-x", "{} needs attention", "Mend"),
        Standing.UNTESTED: ("wait", "plug-connected", "{} has not been tested yet", "Test"),
        Standing.PAUSED: ("idle", "player-pause", "{} is paused", "Open"),
    }
    lines = []
    for connection in connections:
        if connection.standing not in texts:
            continue
        tone, icon, title, action = texts[Standing(connection.standing)]
        lines.append(
            Todo(
                tone=tone,
                icon=icon,
                title=title.format(connection_name(connection)),
                why=connection.standing_reason or "Nothing is read from it, and nothing sent, until then.",
                action=action,
                url=_url(organisation, "connections:connection-detail", connection_id=connection.pk),
            )
        )
    return lines


def _silent(organisation: Organisation, connections: list[Connection]) -> list[Todo]:
    return [
        Todo(
            tone="wait",
            icon="cloud-off",
            title=f"{connection_name(connection)} does not answer",
            why="It failed several times in a row. What is shown here may be behind what it holds; tries go on.",
            action="See runs",
            url=f"{_url(organisation, 'sync:run-list')}?connection={connection.pk}",
        )
        for connection in connections
        if connection.standing == Standing.WORKING and _is_silent(connection)
    ]


def _is_silent(connection: Connection) -> bool:
    return any(state.failures >= TRIES for state in connection.sync_states.all())


def _conflicts(organisation: Organisation) -> list[Todo]:
    rows = list(
        Entry.objects.of(organisation)
        .exclude(conflicts={})
        .order_by("sort_name")
        .values_list("pk", "first_name", "last_name")[:100]
    )
    if not rows:
        return []
    names = ", ".join(f"{first} {last}".strip() for _, first, last in rows[:NAMED])
    more = f" and {len(rows) - NAMED} more" if len(rows) > NAMED else ""
    title = f"{_so_many(len(rows), 'entry', 'entries')} changed here and at the provider"
    url = _url(organisation, "participants:entry-detail", pk=rows[0][0])
    return [
        Todo(
            tone="ours",
            icon="git-compare",
            title=title,
            why=f"{names}{more}.",
            action="Choose",
            url=url,
            count=len(rows),
        )
    ]


def _rejected_records(organisation: Organisation, connections: list[Connection]) -> list[Todo]:
    by_id = {connection.pk: connection for connection in connections}
    groups = (
        RejectedRecord.objects.filter(connection__organisation=organisation, resolved_at=None)
        .values("connection_id")
        .annotate(count=Count("id"), latest=Max("last_seen"))
        .order_by("connection_id")
    )
    return [
        Todo(
            tone="wait",
            icon="file-alert",
            title=_unreadable(group["count"], connection_name(by_id[group["connection_id"]])),
            why="They are kept as they came and tried again; until then these people are in no list here.",
            action="See why",
            url=_url(organisation, "connections:rejected-list", connection_id=group["connection_id"]),
            count=group["count"],
        )
        for group in groups
    ]


def _same_races(organisation: Organisation) -> list[Todo]:
    """Races with one name and one start at two platforms: probably one race, and only a person can say so."""
    twins = list(
        Race.objects.of(organisation)
        .exclude(starts_at=None)
        .values("name", "starts_at")
        .annotate(
            sources=Count("listings__connection", distinct=True), races=Count("id", distinct=True), first=Min("id")
        )
        .filter(sources__gt=1, races__gt=1)
        .order_by("starts_at", "name")
    )
    if not twins:
        return []
    names = [twin["name"] for twin in twins]
    one = len(twins) == 1
    title = f"{names[0]} seems" if one else f"{len(twins)} races seem"
    return [
        Todo(
            tone="idle",
            icon="link",
            title=f"{title} to be sold on two platforms",
            why=f"{', '.join(names[:NAMED])}{', …' if len(names) > NAMED else ''}: same name, same start. "
            "Linked, they stand in one list.",
            action="Link" if one else f"Link {len(twins)}",
            url=_url(organisation, "events:race-link", pk=twins[0]["first"]),
            count=len(twins),
        )
    ]


def _unreadable(count: int, source: str) -> str:
    return f"{_so_many(count, 'record', 'records')} of {source} could not be read"


def on_their_way(organisation: Organisation, now: datetime) -> str:
    """One sentence about the changes that are being sent; "" when there are none."""
    waiting = OutboundChange.objects.of(organisation).under_way()
    oldest = waiting.order_by("created_at").values_list("created_at", flat=True).first()
    if oldest is None:
        return ""
    age = now - oldest
    since = f"{int(age.total_seconds())} s" if age < timedelta(minutes=2) else f"{int(age.total_seconds() // 60)} min"
    return f"{_so_many(waiting.count(), 'change', 'changes')} on the way, the oldest for {since}"


def _so_many(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _url(organisation: Organisation, name: str, **kwargs: object) -> str:
    return reverse(name, kwargs={"organisation": organisation.slug, **kwargs})


def _outbound(organisation: Organisation, state: str) -> str:
    return f"{_url(organisation, 'sync:outbound-list')}?state={state}"
