"""Races that fill up: each provider's own count against its own capacity. Two providers are never added up."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from organiser_portal.connections.gateway import connection_name, face
from organiser_portal.core.bars import Segment
from organiser_portal.events.figures import entries_at
from organiser_portal.events.models import Listing
from organiser_portal.organisations.models import Organisation

SHOWN = 7
ALL_BUT_FULL = 0.95
FILLING = 0.85


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """One listing on its way to full. ``left`` is the provider's to sell; ``seen`` of ``sold`` are known here."""

    race_id: int
    name: str
    source: str
    time_zone: str
    starts_at: datetime | None
    sold: int
    capacity: int
    seen: int
    channel: int

    @property
    def left(self) -> int:
        return max(0, self.capacity - self.sold)

    @property
    def share(self) -> float:
        return self.sold / self.capacity if self.capacity else 1.0

    @property
    def tone(self) -> str:
        return "bad" if self.share >= ALL_BUT_FULL else "wait" if self.share >= FILLING else ""

    @property
    def segments(self) -> list[Segment]:
        unseen = max(0, self.sold - self.seen)
        return [
            Segment(value=min(self.seen, self.sold), channel=self.channel),
            Segment(value=unseen, channel=self.channel, hatched=True),
        ]


def filling(organisation: Organisation, now: datetime) -> list[Filling]:
    """The fullest races still to come, fullest first. Two queries: only theirs are the entries that are counted."""
    rows = list(
        Listing.objects.of(organisation)
        .filter(gone_at=None, race__starts_at__gte=now, capacity__gt=0, sold__isnull=False)
        .select_related("race__event", "connection")
        .defer("description", "connection__sealed_credentials")
        .order_by(F("sold") * -1.0 / F("capacity"), "id")[:SHOWN]
    )
    seen = entries_at([row.pk for row in rows])
    return [_filling(row, seen.get(row.pk, 0)) for row in rows]


def _filling(listing: Listing, seen: int) -> Filling:
    return Filling(
        race_id=listing.race_id,
        name=listing.race.name,
        source=connection_name(listing.connection),
        time_zone=listing.race.event.time_zone,
        starts_at=listing.race.starts_at,
        sold=listing.sold or 0,
        capacity=listing.capacity or 0,
        seen=seen,
        channel=face(listing.connection.provider).channel,
    )


def finding(rows: list[Filling]) -> str:
    """The heading: which races are all but full."""
    tight = list(dict.fromkeys(row.name for row in rows if row.share >= ALL_BUT_FULL))
    if not tight:
        return "No race is close to full"
    if len(tight) == 1:
        return f"{tight[0]} is all but full"
    if len(tight) == 2:
        return f"{tight[0]} and {tight[1]} are all but full"
    return f"{tight[0]}, {tight[1]} and {len(tight) - 2} more are all but full"
