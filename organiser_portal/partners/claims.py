"""Held places that wait to be claimed, event by event, and until when they may be.

No provider tells a last day for claims. There is the organisation's own, where somebody has set one, and race day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum

from organiser_portal.events.models import Race
from organiser_portal.organisations.models import Organisation
from organiser_portal.partners.batches import NEAR
from organiser_portal.partners.models import ReservedGroup

SOON = timedelta(days=14)
MOST = 20  # events: beyond these are races months away


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """``left`` places of one event, held for ``partners`` partners. ``closes``: the organisation's own last day.

    ``days`` until that day ends the claims, less than nought once it has; until race day where there is none.
    """

    event_id: int
    name: str
    left: int
    partners: int
    starts: datetime
    closes: date | None
    days: int

    @property
    def over(self) -> bool:
        """Claims have ended, and places are still held."""
        return self.closes is not None and self.days < 0


def unclaimed(organisation: Organisation, now: datetime) -> list[Waiting]:
    """Events ahead whose last day for claims is near or over, or that are near themselves; the nearest first.

    One query.
    """
    ahead = Race.objects.filter(event=OuterRef("event_listing__event"), starts_at__gte=now)
    held: QuerySet[Any] = ReservedGroup.objects.of(organisation).listed()
    rows = (
        held.filter(partner__isnull=False, used__lt=F("capacity"), event_listing__isnull=False)
        .order_by()
        .values(
            event=F("event_listing__event"),
            title=F("event_listing__event__name"),
            zone=F("event_listing__event__time_zone"),
            closes=F("event_listing__event__claims_close_on"),
            starts=Subquery(ahead.order_by("starts_at").values("starts_at")[:1]),
        )
        .filter(starts__isnull=False)
        .annotate(places=Sum(F("capacity") - F("used")), partners=Count("partner", distinct=True))
        .order_by("starts", "event")[:MOST]
    )
    found = [_waiting(row, now) for row in rows]
    return [each for each in found if each.days <= (SOON if each.closes else NEAR).days]


def _waiting(row: Mapping[str, Any], now: datetime) -> Waiting:
    zone, closes = ZoneInfo(row["zone"]), row["closes"]
    last = closes or row["starts"].astimezone(zone).date()
    return Waiting(
        event_id=row["event"],
        name=row["title"],
        left=row["places"],
        partners=row["partners"],
        starts=row["starts"],
        closes=closes,
        days=(last - now.astimezone(zone).date()).days,
    )
