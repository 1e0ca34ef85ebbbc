"""Per listing: how many there are said to be, how many were seen and are held, and why the rest cannot be seen."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, Q, Subquery

from organiser_portal.connections import gateway
from organiser_portal.connections.models import Connection, RejectedRecord, Standing, SyncState
from organiser_portal.events.figures import entries_at, with_ages
from organiser_portal.events.models import Listing
from organiser_portal.sync.coverage import Coverage, counted_only
from organiser_portal.sync.doubt import ACCEPTED
from organiser_portal.sync.limits import REPLAY
from organiser_portal.sync.models import Outcome, Owed, SyncRun
from organiser_portal.sync.progress import resource_label
from providers.records import Kind

# What a provider's own sentence is looked up by, where its API does not show all there is of a kind.
LISTS: Mapping[Kind, str] = {
    Kind.ENTRY: "list_entries",
    Kind.RACE: "list_races",
    Kind.EVENT: "list_races",
    Kind.RESERVED_GROUP: "list_invited",
}
ENDED = (Outcome.SUCCEEDED, Outcome.SHORT, Outcome.IMPLAUSIBLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why something cannot be seen, in a sentence.

    ``waits``: it is not how things are but what has happened, and somebody should look. ``rejected``: the records are
    listed. ``run`` says more, and was ``doubted`` if it was not believed.
    """

    text: str
    waits: bool = False
    rejected: bool = False
    run: int | None = None
    doubted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """One listing of one connection, or one race at it. ``says`` None: it does not say; ``seen`` None: never whole.

    ``unfinished``: it was never yet read to the end, so that nobody knows what it says.
    """

    connection: Connection
    label: str
    says: int | None
    seen: int | None
    held: int
    at: datetime | None
    reasons: tuple[Reason, ...]
    unfinished: bool = False

    @property
    def face(self) -> gateway.Face:
        return gateway.face(self.connection.provider)

    @property
    def name(self) -> str:
        return gateway.connection_name(self.connection)

    @property
    def missing(self) -> int:
        return max(0, (self.says or 0) - self.held)

    @property
    def sentence(self) -> str:
        """ "says 1,500; 1,488 seen when all were last read, 1,480 held, 20 not visible to us"."""
        differs = self.seen is not None and self.seen != self.held
        seen = f"{self.seen:,} seen when all were last read, " if differs else ""
        if self.unfinished and self.says is None:
            return f"{self.held:,} held so far"
        if self.says is None:
            return f"{seen}{self.held:,} held; it does not say how many there are"
        if self.missing:
            return f"says {self.says:,}; {seen}{self.held:,} held, {self.missing:,} not visible to us"
        if self.held == self.says:
            return f"says {self.says:,}, and all are held"
        said = f"says {self.says:,}" if self.seen is None else f"said {self.says:,} when all were last read"
        return f"{said}; {self.held:,} held, {self.held - self.says:,} more"


def of_connections(connections: Collection[Connection], *, now: datetime) -> list[Completeness]:
    """Every listing of these, in the order of a cycle, and entries that are only counted. Five queries at most."""
    found = _States(connections)
    counted = counted_only([each.pk for each in connections if _only_counts(each)], now)
    lines: list[Completeness] = []
    for each in connections:
        lines += _of_lists(each, found)
        if each.pk in counted and counted[each.pk].says:
            lines.append(_counted(each, counted[each.pk], found.counted_at(each)))
    return lines


def _of_lists(connection: Connection, found: "_States") -> list[Completeness]:
    return [
        Completeness(
            connection=connection,
            label=resource_label(connection, state.resource),
            says=found.says(state),
            seen=found.seen(state),
            held=state.held,
            at=found.seen_at(state),
            reasons=(*found.reasons(state), *(_of_standing(connection) if place == 0 else [])),
            unfinished=found.run(state) is None,
        )
        for place, state in enumerate(found.of(connection))
    ]


def _only_counts(connection: Connection) -> bool:
    """Says how many have entered, but not who."""
    able = gateway.face(connection.provider).capabilities
    return not able.lists_entries and LISTS[Kind.ENTRY] in able.cannot


def _counted(connection: Connection, coverage: Coverage, at: datetime | None) -> Completeness:
    return Completeness(
        connection=connection,
        label="Entries of the races to come",
        says=coverage.says,
        seen=None,
        held=coverage.seen,
        at=at,
        reasons=tuple(_by_nature(connection, Kind.ENTRY)),
    )


def of_race(listings: Iterable[Listing]) -> list[Completeness]:
    """One race at each of its providers: its own count against the entries we hold. The listings need connections."""
    rows = with_ages(listings)
    found = _States({each.connection for each in rows})
    held = entries_at([each.pk for each in rows])
    return [_at(each, held.get(each.pk, 0), found) for each in rows]


def _at(listing: Listing, held: int, found: "_States") -> Completeness:
    entries = [state for state in found.of(listing.connection) if found.kind(state) is Kind.ENTRY]
    reasons = [reason for state in entries for reason in found.reasons(state)]
    reasons = reasons if entries else _by_nature(listing.connection, Kind.ENTRY)
    read_at = max((state.last_success_at for state in entries if state.last_success_at), default=None)
    return Completeness(
        connection=listing.connection,
        label=listing.name or listing.external_id,
        says=listing.sold,
        seen=None,
        held=held,
        at=listing.as_of if listing.sold is not None else read_at,
        reasons=(*reasons, *_of_standing(listing.connection)),
    )


class _States:
    """What is known of the listings of some connections."""

    def __init__(self, connections: Collection[Connection]) -> None:
        self._kinds = {
            (each.pk, resource.key): resource.kind
            for each in connections
            for resource in gateway.face(each.provider).resources
        }
        states = SyncState.objects.filter(connection__in=[each.pk for each in connections]).exclude(resource=REPLAY)
        newest = SyncRun.objects.filter(
            _whole(connections),
            connection_id=OuterRef("connection_id"),
            resource=OuterRef("resource"),
            outcome__in=ENDED,
            resumed=False,
        ).exclude(owes=Owed.REST)
        newest = newest.order_by("-id")
        self._states: defaultdict[int, list[SyncState]] = defaultdict(list)
        for state in states.annotate(whole_run=Subquery(newest.values("pk")[:1])).order_by("pk"):
            self._states[state.connection_id].append(state)
        # What an annotation adds to a row, its class does not know of.
        whole = {state.pk: getattr(state, "whole_run", None) for rows in self._states.values() for state in rows}
        runs = SyncRun.objects.in_bulk([pk for pk in whole.values() if pk])
        self._runs = {state: runs[pk] for state, pk in whole.items() if pk in runs}
        rejected = RejectedRecord.objects.waiting().filter(connection__in=list(self._states)).order_by()
        counted = rejected.values_list("connection_id", "resource").annotate(Count("id"))
        self._rejected = {(pk, resource): number for pk, resource, number in counted}
        self._connections = {each.pk: each for each in connections}

    def of(self, connection: Connection) -> list[SyncState]:
        return self._states[connection.pk]

    def kind(self, state: SyncState) -> Kind | None:
        return self._kinds.get((state.connection_id, state.resource))

    def run(self, state: SyncState) -> SyncRun | None:
        """The last whole walk that ended properly."""
        return self._runs.get(state.pk)

    def says(self, state: SyncState) -> int | None:
        run = self.run(state)
        return run.promised if run else state.promised

    def seen(self, state: SyncState) -> int | None:
        run = self.run(state)
        return run.seen_in_all if run else None

    def seen_at(self, state: SyncState) -> datetime | None:
        """When the walk ended that the figures are of."""
        run = self.run(state)
        return run.finished_at if run and run.finished_at else state.last_success_at

    def counted_at(self, connection: Connection) -> datetime | None:
        """When its races were last read, which bear the counts."""
        read = [state.last_success_at for state in self.of(connection) if self.kind(state) is Kind.RACE]
        return max((at for at in read if at), default=None)

    def reasons(self, state: SyncState) -> list[Reason]:
        connection, run = self._connections[state.connection_id], self.run(state)
        number = self._rejected.get((state.connection_id, state.resource), 0)
        kind = self.kind(state)
        return [
            *(_by_nature(connection, kind) if kind else []),
            *([Reason(text=state.held_reason, waits=True)] if state.held_reason else []),
            *([Reason(text=f"{number:,} could not be read.", rejected=True)] if number else []),
            *(_of_run(run) if run else [Reason(text="Never yet read to the end.")]),
        ]


def _whole(connections: Iterable[Connection]) -> Q:
    """Walks that were to see everything: asked to, or of a listing of which every walk does."""
    whole = Q(full=True)
    for face in {each.provider: gateway.face(each.provider) for each in connections}.values():
        always = [resource.key for resource in face.resources if resource.full_every_hours is None]
        whole |= Q(connection__provider=face.key, resource__in=always)
    return whole


def _by_nature(connection: Connection, kind: Kind) -> list[Reason]:
    sentence = gateway.face(connection.provider).capabilities.cannot.get(LISTS.get(kind, ""))
    return [Reason(text=sentence)] if sentence else []


def _of_run(run: SyncRun) -> list[Reason]:
    if run.outcome == Outcome.IMPLAUSIBLE and run.error_kind != ACCEPTED:
        return [
            Reason(
                text=f"The last whole answer was not believed: {run.error_sentence}",
                waits=True,
                run=run.pk,
                doubted=True,
            )
        ]
    if run.promised is not None and run.promised > run.seen_in_all:
        short = run.promised - run.seen_in_all
        were = "was" if short == 1 else "were"
        told = f"{short:,} {were} promised and did not come in the last whole walk."
        return [Reason(text=told, waits=True, run=run.pk)]
    return []


def _of_standing(connection: Connection) -> list[Reason]:
    match connection.standing:
        case Standing.PAUSED:
            return [Reason(text="The connection is paused, so the figures are as they were.")]
        case Standing.NEEDS_ATTENTION:
            return [Reason(text=connection.standing_reason or "The connection needs attention.")]
    return []
