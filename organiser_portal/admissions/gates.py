"""Where there are gates: which providers have them, which events, and how the reading of them stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, QuerySet, Subquery

from organiser_portal.admissions.models import GateAction
from organiser_portal.connections import gateway
from organiser_portal.connections.models import AttemptState, Connection, SyncState
from organiser_portal.connections.operations import operations_of
from organiser_portal.events.models import EventListing, Listing
from organiser_portal.organisations.models import Organisation
from providers.operations import Operation, Verb
from providers.port import Provider
from providers.records import Kind

POLL_SECONDS = 5
WAITS_FOR_A_WORKER = timedelta(minutes=10)  # afterwards nobody believes that one comes
AHEAD, OVER = "ahead", "over"
WHEN = ((AHEAD, "Today and coming"), (OVER, "Over"))


class NoSuchOperation(LookupError):
    """The provider cannot do this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How fresh the admissions of a connection are. ``held``: why they are not read, "" if they are."""

    connection: Connection
    name: str
    at: datetime | None
    running: bool
    held: str


def providers_with_gates() -> list[type[Provider]]:
    """Those that tell who was let in."""
    kinds = gateway.provider_classes()
    return [kind for kind in kinds if any(each.kind is Kind.ADMISSION for each in kind.resources)]


def gates_of(organisation: Organisation) -> "QuerySet[EventListing]":
    """Every event with a gate, with ``starts`` and ``ends``: the first and the last start of its races."""
    providers = [kind.key for kind in providers_with_gates()]
    events = EventListing.objects.filter(organisation=organisation, connection__provider__in=providers)
    races = Listing.objects.filter(event_listing=OuterRef("pk"), starts_at__isnull=False).values("starts_at")
    return (
        events.filter(gone_at=None, stub=False)
        .select_related("event", "connection")
        .annotate(starts=Subquery(races.order_by("starts_at")[:1]), ends=Subquery(races.order_by("-starts_at")[:1]))
    )


def operation_at(connection: Connection, verb: Verb) -> Operation:
    """Raises NoSuchOperation."""
    try:
        return operations_of(connection)[verb]
    except KeyError:
        raise NoSuchOperation(verb.value) from None


def readings(connections: Iterable[Connection], *, now: datetime) -> list[Reading]:
    """One for each connection that tells of admissions. One query."""
    known = {each.pk: each for each in connections}
    states = SyncState.objects.filter(connection__in=known)
    return [
        _reading(known[state.connection_id], state, now)
        for state in states.order_by("connection__provider", "connection_id")
        if state.resource in _resources(known[state.connection_id], [Kind.ADMISSION])
    ]


def poll_seconds(gates: Iterable[EventListing], known: Iterable[Reading], *, now: datetime) -> int:
    """Seconds until the page looks again; 0: nothing is on, and nobody runs today."""
    gates = list(gates)
    if any(reading.running for reading in known) or any(is_on(gate, now) for gate in gates):
        return POLL_SECONDS
    busy = GateAction.objects.filter(
        event_listing__in=gates, state=AttemptState.SENDING, at__gt=now - WAITS_FOR_A_WORKER
    )
    return POLL_SECONDS if busy.exists() else 0


def is_on(gate: EventListing, now: datetime) -> bool:
    """Whether one of its races starts today, or one did and another will; by the calendar of the event."""
    starts, ends = getattr(gate, "starts", None), getattr(gate, "ends", None)
    if starts is None or ends is None:
        return False
    zone = ZoneInfo(gate.event.time_zone)
    return bool(starts.astimezone(zone).date() <= now.astimezone(zone).date() <= ends.astimezone(zone).date())


def _reading(connection: Connection, state: SyncState, now: datetime) -> Reading:
    held = state.held_reason or connection.standing_reason
    leased = bool(state.lease) and state.leased_until is not None and state.leased_until > now
    asked = state.asked_by_hand and state.due_at is not None and timedelta() <= now - state.due_at < WAITS_FOR_A_WORKER
    return Reading(
        connection=connection,
        name=gateway.connection_name(connection),
        at=state.last_success_at,
        running=leased or (asked and not held),
        held=held,
    )


def _resources(connection: Connection, kinds: Sequence[Kind]) -> set[str]:
    return {each.key for each in gateway.face(connection.provider).resources if each.kind in kinds}
