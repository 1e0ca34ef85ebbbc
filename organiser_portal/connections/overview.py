"""A connection as the pages show it: how it stands at this moment, what it holds, what it can do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from organiser_portal.connections import gateway, polling
from organiser_portal.connections.models import (
    IS_DENIED,
    UNDER_WAY,
    Connection,
    OutboundChange,
    RejectedRecord,
    Standing,
    SyncState,
)
from organiser_portal.connections.trail import secrets_changed_at
from organiser_portal.organisations.models import Organisation
from providers.port import ConnectionField

# Standing as shown → state of the freshness ring.
RINGS = {
    "untested": "never",
    "working": "ok",
    "needs_attention": "refused",
    "paused": "paused",
    "syncing": "running",
    "stumbled": "ok",
    "denied": "refused",
    "late": "late",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One listing of the provider and where we are with it."""

    label: str
    state: SyncState


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """``shown`` is a standing or, where the key is accepted and that is not all, "syncing", "denied", "late" or
    "stumbled". ``under_way``: changes that wait or are being sent, of which ``denied`` are not allowed.
    ``waits_until``: the provider has asked not to be called before.
    """

    connection: Connection
    face: gateway.Face
    name: str
    shown: str
    ring: str
    left: float
    listings: tuple[Listing, ...]
    under_way: int
    rejected: int
    denied: int
    waits_until: datetime | None

    @property
    def looked_at(self) -> datetime | None:
        """Since when all of it is known; None while a listing was never seen in full."""
        seen = [listing.state.last_success_at for listing in self.listings]
        return min((at for at in seen if at), default=None) if all(seen) else None

    @property
    def needs_a_person(self) -> bool:
        """Whether the provider refuses the key, or something that is asked of it with this key."""
        held = any(listing.state.held_reason for listing in self.listings)
        return self.shown == "needs_attention" or held or bool(self.denied)

    @property
    def denials(self) -> list[tuple[str, str]]:
        """What the provider does not let this key read: the listings of one reason together, and the reason."""
        alike: dict[str, list[str]] = {}
        for listing in self.listings:
            if listing.state.held_reason:
                alike.setdefault(listing.state.held_reason, []).append(listing.label)
        return [(", ".join([labels[0], *map(str.lower, labels[1:])]), reason) for reason, labels in alike.items()]

    @property
    def failing(self) -> list[Listing]:
        """Those of which the last look failed."""
        return [listing for listing in self.listings if listing.state.fails]

    @property
    def all_fail(self) -> bool:
        return len(self.failing) == len(self.listings)

    @property
    def tries(self) -> int:
        """How many in a row have failed."""
        return max((listing.state.failures for listing in self.failing), default=0)

    @property
    def tried_at(self) -> datetime | None:
        """When the first of those that fail is looked at again."""
        return min((listing.state.due_at for listing in self.failing if listing.state.due_at), default=None)

    @property
    def stumbled(self) -> bool:
        """Whether a last look failed that calls for nobody yet: it mends itself mostly."""
        return self.shown in ("stumbled", "syncing") and bool(self.failing)

    @property
    def asks(self) -> str:
        """How often, as set for the connection."""
        minutes = {**polling.DEFAULTS, **self.connection.polling}
        return polling.told(*(timedelta(minutes=minutes[phase]) for phase in polling.DEFAULTS))


def cards(organisation: Organisation, *, now: datetime) -> list[Card]:
    """Every connection of the organisation, in four queries."""
    connections = Connection.objects.of(organisation).prefetch_related("sync_states")
    under_way, rejected = _under_way(OutboundChange.objects.of(organisation)), _rejected(organisation)
    return [
        card(
            connection,
            now=now,
            under_way=under_way.get(connection.pk, (0, 0)),
            rejected=rejected.get(connection.pk, 0),
        )
        for connection in connections
    ]


def card(
    connection: Connection, *, now: datetime, under_way: tuple[int, int] | None = None, rejected: int | None = None
) -> Card:
    """One connection. Counts that are not given are asked for; of changes also how many are denied."""
    states = {state.resource: state for state in connection.sync_states.all()}
    face = gateway.face(connection.provider)
    shown = shown_standing(Standing(connection.standing), states.values(), now=now)
    changes, denied = under_way or _under_way(connection.outbound_changes.all()).get(connection.pk, (0, 0))
    denied = denied if connection.standing == Standing.WORKING else 0  # else there is more in the way than that
    shown = "denied" if denied and shown == Standing.WORKING.value else shown
    return Card(
        connection=connection,
        face=face,
        name=gateway.connection_name(connection),
        shown=shown,
        ring=RINGS[shown],
        left=time_left(states.values(), now=now),
        listings=tuple(
            Listing(label=each.label, state=states[each.key]) for each in face.resources if each.key in states
        ),
        under_way=changes,
        denied=denied,
        rejected=connection.rejected_records.waiting().count() if rejected is None else rejected,
        waits_until=connection.waits_until(now),
    )


def shown_standing(standing: Standing, states: Iterable[SyncState], *, now: datetime) -> str:
    """A parked connection is parked, whatever its listings say. One that works may be busy, not be allowed all it
    asks for, or not answered: once or twice, or so often that somebody should know.
    """
    if standing != Standing.WORKING:
        return standing.value
    held = list(states)
    if any(state.is_leased(now) for state in held):
        return "syncing"
    if any(state.held_reason for state in held):
        return "denied"
    if any(state.keeps_failing for state in held):
        return "late"
    return "stumbled" if any(state.fails for state in held) else standing.value


def time_left(states: Iterable[SyncState], *, now: datetime) -> float:
    """How much of the wait until the next look is left, 0 to 100."""
    waits = [
        (state.due_at - now) / (state.due_at - state.last_attempt_at)
        for state in states
        if state.due_at and state.last_attempt_at and state.due_at > state.last_attempt_at
    ]
    return max(0.0, min(100.0, 100 * min(waits, default=0.0)))


def _under_way(changes: QuerySet[OutboundChange]) -> dict[int, tuple[int, int]]:
    """Connection id → how many of these changes are under way, and how many of those are not allowed."""
    groups = changes.filter(state__in=UNDER_WAY).order_by().values("connection_id")
    counts = groups.annotate(all=Count("id"), denied=Count("id", filter=IS_DENIED))
    return {row["connection_id"]: (row["all"], row["denied"]) for row in counts}


def _rejected(organisation: Organisation) -> dict[int, int]:
    records = RejectedRecord.objects.waiting().filter(connection__organisation=organisation)
    return dict(records.order_by().values_list("connection_id").annotate(Count("id")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One value of a connection as a page may show it: of a secret only that it is there, and since when."""

    label: str
    value: str = ""
    secret: bool = False
    changed_at: datetime | None = None


def settings_of(connection: Connection) -> list[Setting]:
    """What the connection was given. An unknown provider has no settings to show."""
    try:
        fields = gateway.provider_class(connection.provider).connection_fields
    except gateway.UnknownProvider:
        return []
    changed = secrets_changed_at(connection)
    return [
        Setting(
            label=each.label,
            value=_shown_value(each, connection),
            secret=each.secret,
            changed_at=changed.get(each.name),
        )
        for each in fields
        if not each.advanced or each.name in connection.settings
    ]


def facts_of(connection: Connection, settings: Iterable[Setting]) -> list[tuple[str, str]]:
    """What the last test told of the account and no setting says already."""
    said = {(each.label.lower(), each.value) for each in settings}
    facts = [(str(label), str(value)) for label, value in connection.account.get("facts", ())]
    return [(label, value) for label, value in facts if (label.lower(), value) not in said]


def _shown_value(each: ConnectionField, connection: Connection) -> str:
    if each.secret:
        return "Set" if each.name in connection.secret_names else ""
    value = str(connection.settings.get(each.name, ""))
    return dict(each.choices).get(value, value)
