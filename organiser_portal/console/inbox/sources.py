"""Sources that need a person, are behind, or show less than they promised."""

from collections import defaultdict
from datetime import datetime

from django.db.models import Count

from organiser_portal.connections.gateway import connection_name
from organiser_portal.connections.models import Connection, RejectedRecord, Standing
from organiser_portal.console.inbox.todo import Todo, address, so_many
from organiser_portal.core import wording
from organiser_portal.organisations.models import Organisation
from organiser_portal.sync.completeness import Completeness, Reason, of_connections
from organiser_portal.sync.freshness import Freshness, freshness

STANDINGS = {
    Standing.NEEDS_ATTENTION: ("bad", "plug-connected-x", "{} needs attention", "Fix"),
    Standing.UNTESTED: ("wait", "plug-connected", "{} has not been tested yet", "Test"),
    Standing.PAUSED: ("idle", "player-pause", "{} is paused", "Open"),
}

TRIED_AGAIN = "It is tried again by itself; until then what is shown may be behind."
# Of several lists together: what is said of one of them names its own figures.
BELIEVED_LESS = "Too much of what we hold was not in the last whole answers, so nothing was taken away."
CAME_SHORT = "Not all that was promised came in the last whole walks."
OURS = "That is not the platform's doing: this portal is behind with its work. If it stays so, tell whoever runs it."


def standings(organisation: Organisation, connections: list[Connection]) -> list[Todo]:
    """Connections that nothing is read from: their key, or somebody's wish, is in the way."""
    lines = []
    for connection in connections:
        if connection.standing not in STANDINGS:
            continue
        tone, icon, title, action = STANDINGS[Standing(connection.standing)]
        lines.append(
            Todo(
                tone=tone,
                icon=icon,
                title=title.format(connection_name(connection)),
                why=connection.standing_reason or "Nothing is read from it, and nothing sent, until then.",
                action=action,
                url=address(organisation, "connections:connection-detail", connection_id=connection.pk),
            )
        )
    return lines


def stale(organisation: Organisation, now: datetime) -> list[Todo]:
    """Those at work whose figures are older than they should be."""
    return [
        Todo(
            tone="wait",
            icon="cloud-off",
            title=f"{row.name} does not answer" if row.failing else f"{row.name} waits to be read",
            why=f"{_read(row.at, now)} {_what_then(row, now)}",
            action="See runs",
            url=f"{address(organisation, 'sync:run-list')}?connection={row.connection.pk}",
        )
        for row in freshness(organisation, now=now)
        if row.state == "late"
    ]


def _what_then(row: Freshness, now: datetime) -> str:
    waits = row.next_at is not None and row.next_at > now
    return TRIED_AGAIN if row.failing or waits else OURS


def _read(at: datetime | None, now: datetime) -> str:
    return "It was never read in full." if at is None else f"Last read in full {wording.ago(at, now)}."


def not_shown(organisation: Organisation, connections: list[Connection], now: datetime) -> list[Todo]:
    """Listings that came short of what they promised, were not believed, or may not be read."""
    working = [connection for connection in connections if connection.standing == Standing.WORKING]
    alike: defaultdict[tuple[int, str], list[tuple[Completeness, Reason]]] = defaultdict(list)
    for row in of_connections(working, now=now):
        for reason in row.reasons:
            if reason.waits:
                alike[row.connection.pk, _said(reason)].append((row, reason))
    return [_missing(organisation, said, some) for (_, said), some in alike.items()]


def rejected_records(organisation: Organisation, connections: list[Connection]) -> list[Todo]:
    """Records that could not be read, by connection."""
    names = {connection.pk: connection_name(connection) for connection in connections}
    records = RejectedRecord.objects.waiting().filter(connection__organisation=organisation)
    groups = records.order_by("connection_id").values_list("connection_id").annotate(Count("id"))
    return [
        Todo(
            tone="wait",
            icon="file-alert",
            title=f"{so_many(count, 'record', 'records')} of {names[pk]} could not be read",
            why="They are kept as they came and tried again; until then they are in no list here.",
            action="See why",
            url=address(organisation, "connections:rejected-list", connection_id=pk),
            count=count,
        )
        for pk, count in groups
    ]


def _said(reason: Reason) -> str:
    if reason.run is None:
        return "may not be read"
    return "an answer was not believed" if reason.doubted else "less came than promised"


def _missing(organisation: Organisation, said: str, some: list[tuple[Completeness, Reason]]) -> Todo:
    """One line for one source, however many of its lists it is about."""
    row, reason = some[0]
    forbidden = reason.run is None
    what = f"{row.label} of {row.name}" if len(some) == 1 else f"{len(some)} lists of {row.name}"
    if len(some) > 1:
        url = address(organisation, "sync:completeness")
    elif forbidden:
        url = address(organisation, "connections:connection-detail", connection_id=row.connection.pk)
    else:
        url = address(organisation, "sync:run-detail", pk=reason.run)
    why = reason.text if len(some) == 1 or forbidden else BELIEVED_LESS if reason.doubted else CAME_SHORT
    names = "" if len(some) == 1 else f"{', '.join(each.label for each, _ in some)}. "
    return Todo(
        tone="bad" if forbidden else "wait",
        icon="lock" if forbidden else "alert-triangle",
        title=f"{what} {said}" if forbidden else f"{what}: {said}",
        why=f"{names}{why}",
        action="Decide" if reason.doubted and len(some) == 1 else "See",
        url=url,
        count=len(some),
    )
