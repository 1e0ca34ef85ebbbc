"""Places of one race that partners hold and nobody has claimed."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from organiser_portal.connections.gateway import connection_name, face
from organiser_portal.connections.models import Connection
from organiser_portal.connections.told import told_at
from organiser_portal.core.bars import Segment
from organiser_portal.events.models import Race, TicketType
from organiser_portal.partners.models import ReservedGroup
from providers.records import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """``left`` places of ``partners`` partners at one connection, as it told ``at``."""

    name: str
    channel: int
    left: int
    partners: int
    at: datetime | None

    @property
    def segment(self) -> Segment:
        return Segment(value=self.left, channel=self.channel, hatched=True)

    @property
    def in_words(self) -> str:
        return f"{self.name} {self.left:,} held and not claimed"


def held_of(race: Race) -> tuple[list[Held], int]:
    """By connection; and how many places are held that may be for other races of the event as well. Three queries.

    A group is a race's when all of its tickets are.
    """
    tickets = set(TicketType.objects.filter(listing__race=race).values_list("connection_id", "external_id"))
    groups = ReservedGroup.objects.listed().filter(event_listing__event=race.event_id, partner__isnull=False)
    here: dict[Connection, list[ReservedGroup]] = defaultdict(list)
    several = 0
    for group in groups.select_related("connection").defer("connection__sealed_credentials").order_by("connection"):
        theirs = [(group.connection_id, str(ticket)) in tickets for ticket in group.ticket_ids]
        if theirs and all(theirs):
            here[group.connection].append(group)
        elif any(theirs):
            several += group.left
    ages = told_at(here, Kind.RESERVED_GROUP)
    found = [_held(connection, some, ages.get(connection.pk)) for connection, some in here.items()]
    return [held for held in found if held.left], several


def _held(connection: Connection, groups: list[ReservedGroup], at: datetime | None) -> Held:
    return Held(
        name=connection_name(connection),
        channel=face(connection.provider).channel,
        left=sum(group.left for group in groups),
        partners=len({group.partner_id for group in groups if group.left}),
        at=at,
    )
