"""Held places that wait to be claimed, event by event, and until when they may be.

No provider tells a last day for claims. There is the organisation's own, where somebody has set one, and race day.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, F, OuterRef, Subquery, Sum

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
    rows = (
        ReservedGroup.objects.of(organisation)
        .listed()
        .filter(partner__isnull=False, used__lt=F("capacity"), event_listing__isnull=False)
        .order_by()
        .values(
            event=F("event_listing__event"),
            title=F("event_listing__event__name"),
            zone=F("event_listing__event__time_zone"),
            closes=F("event_listing__event__claims_close_on"),
            starts=Subquery(ahead.order_by("starts_at").values("starts_at")[:1]),
        )
        .filter(starts__isnull=False)
        .annotate(left=Sum(F("capacity") - F("used")), partners=Count("partner", distinct=True))
        .order_by("starts", "event")[:MOST]
    )
    found = [_waiting(row, now) for row in rows]
    return [each for each in found if each.days <= (SOON if each.closes else NEAR).days]


def _waiting(row: dict[str, object], now: datetime) -> Waiting:
    zone = ZoneInfo(str(row["zone"]))
    starts, closes = row["starts"], row["closes"]
    assert isinstance(starts, datetime)
    last = closes if isinstance(closes, date) else starts.astimezone(zone).date()
    return Waiting(
        event_id=int(str(row["event"])),
        name=str(row["title"]),
        left=int(str(row["left"])),
        partners=int(str(row["partners"])),
        starts=starts,
        closes=closes if isinstance(closes, date) else None,
        days=(last - now.astimezone(zone).date()).days,
    )
