"""The whole of what a provider declares, as the page of a connection's abilities shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from organiser_portal.connections import gateway, polling
from organiser_portal.connections.cadence import SHORTEST
from organiser_portal.connections.gaps import Gap, gaps
from organiser_portal.connections.models import Connection
from organiser_portal.connections.operations import operations_of
from organiser_portal.core.wording import span
from organiser_portal.organisations.roles import Role
from providers.operations import Operation, Verb
from providers.port import Cadence, Capabilities, ConnectionField, Resource
from providers.records import PERSON_FIELDS

# Who may use an operation. What is not here changes what others rely on, and is for managers.
WHO: Mapping[Verb, Role] = {Verb.REDEEM: Role.EDITOR}
ENTRIES = Role.EDITOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One listing. ``asked``: how often; ``whole``: how much of it each time, and when what is gone is found."""

    label: str
    asked: str
    whole: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """One thing that can be done there. ``needs`` must be filled in, ``takes`` may be; ``locked``: (what, why not)."""

    label: str
    who: str
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    locked: tuple[tuple[str, str], ...] = ()
    consequence: str = ""
    repeatable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """``asks``: the connection's own fields. Empty all through for a provider that nobody knows any more."""

    readings: tuple[Reading, ...] = ()
    doings: tuple[Doing, ...] = ()
    gaps: tuple[Gap, ...] = ()
    asks: tuple[ConnectionField, ...] = ()

    @property
    def summary(self) -> str:
        """ "2 listings are read and 5 things can be done there. 9 cannot." """
        reads = f"{len(self.readings)} listing{' is' if len(self.readings) == 1 else 's are'} read"
        does = f"{len(self.doings) or 'no'} thing{'' if len(self.doings) == 1 else 's'} can be done there"
        return f"{reads}, and {does}. {len(self.gaps)} cannot, and something else happens instead."


def declared(connection: Connection) -> Declared:
    """From the provider's class alone; nothing is called."""
    try:
        kind = gateway.provider_class(connection.provider)
    except gateway.UnknownProvider:
        return Declared()
    soonest = min((each.cadence for each in kind.resources), key=list(SHORTEST).index, default=Cadence.SLOW)
    asks, operations = _asked(connection.polling, soonest), operations_of(connection)
    return Declared(
        readings=tuple(_reading(each, connection.polling) for each in kind.resources),
        doings=(*_of_entries(kind.capabilities), *(_doing(each) for each in operations.values())),
        gaps=tuple(gaps(kind.capabilities, kind.resources, operations, asks=asks)),
        asks=kind.connection_fields,
    )


def _reading(resource: Resource, minutes: Mapping[str, int]) -> Reading:
    hours = resource.full_every_hours
    whole = (
        "The whole list every time. What is no longer on it is marked as gone."
        if hours is None
        else f"What has changed since. The whole list every {span(timedelta(hours=hours))}, to see what is gone."
    )
    return Reading(label=resource.label, asked=_asked(minutes, resource.cadence), whole=whole)


def _asked(minutes: Mapping[str, int], cadence: Cadence) -> str:
    """As set for the connection, no oftener than is worth it."""
    waits = {**polling.DEFAULTS, **minutes}
    usual, week, day = (max(timedelta(minutes=waits[phase]), SHORTEST[cadence]) for phase in polling.DEFAULTS)
    return polling.told(usual, week, day)


def _of_entries(able: Capabilities) -> list[Doing]:
    needed = tuple(name.replace("_", " ").capitalize() for name in PERSON_FIELDS if name in able.needed_to_add)
    offered = (
        (able.add_entry, Doing(label="Add an entry", who=ENTRIES.noun, needs=needed)),
        (able.edit_entry, Doing(label="Edit an entry", who=ENTRIES.noun)),
    )
    return [doing for is_offered, doing in offered if is_offered]


def _doing(operation: Operation) -> Doing:
    return Doing(
        label=operation.label,
        who=WHO.get(operation.verb, Role.MANAGER).noun,
        needs=tuple(each.label for each in operation.fields if each.required and not each.locked),
        takes=tuple(each.label for each in operation.fields if not each.required and not each.locked),
        locked=tuple((each.label, each.locked) for each in operation.fields if each.locked),
        consequence=operation.consequence,
        repeatable=operation.repeatable,
    )
