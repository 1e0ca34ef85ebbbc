"""Places and money of partners, in a few queries however many partners there are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum

from organiser_portal.core.exact import ExactSum
from organiser_portal.events.models import Event
from organiser_portal.partners.models import Conversion, EntryTie, Partner, ReservedGroup
from providers.partner_records import ConversionStatus

LINE = 0.7
"""Share of its places that a partner should have used; below it stands out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """In one currency ("" where the provider does not say which): what is approved, and what nobody has decided yet."""

    currency: str
    results: int
    earned: Decimal
    pending_results: int
    pending: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    held: int = 0
    used: int = 0

    @property
    def left(self) -> int:
        """Nought when more are used than held."""
        return max(0, self.held - self.used)

    @property
    def percent(self) -> int | None:
        """Of the places held, rounded; None without places."""
        return round(100 * self.used / self.held) if self.held else None

    @property
    def behind(self) -> bool:
        return bool(self.held) and self.used < LINE * self.held


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """``claimed``: when a place was last taken, as the entries we see say; None without any."""

    places: Places = field(default_factory=Places)
    claimed: datetime | None = None
    money: tuple[Money, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """How full all the partners of a list are: ``holding`` of them have places, ``behind`` of those use too few."""

    places: Places
    holding: int
    behind: int

    @property
    def finding(self) -> str:
        """What a person would say of it."""
        share = round(LINE * 100)
        if not self.behind:
            return f"Every partner with places has used {share}% of them or more"
        of = f"{self.behind:,} of {self.holding:,} partners" if self.holding > 1 else "The one partner"
        return f"{of} with places {'has' if self.behind == 1 else 'have'} used under {share}%"


def figures_of(partners: Iterable[Partner], *, event: Event | None = None) -> dict[int, Figures]:
    """Partner's key → its figures, also for those without any. ``event``: of places only those held there."""
    keys = [partner.pk for partner in partners]
    places = places_of(_groups(event).filter(partner__in=keys))
    claims = EntryTie.objects.filter(partner__in=keys, entry__gone_at=None)
    if event:
        claims = claims.filter(entry__race__event=event)
    newest = dict(claims.order_by().values_list("partner_id").annotate(Max("entry__entered_at")))
    money = _money(Conversion.objects.filter(partner__in=keys), "partner_id")
    return {
        key: Figures(places=places.get(key, Places()), claimed=newest.get(key), money=tuple(money.get(key, ())))
        for key in keys
    }


def filling(partners: QuerySet[Partner], *, event: Event | None = None) -> Filling | None:
    """None when none of them has places. One query."""
    groups = _groups(event).filter(partner__in=partners.order_by().values("pk"))
    holding = [places for places in places_of(groups).values() if places.held]
    if not holding:
        return None
    total = Places(held=sum(places.held for places in holding), used=sum(places.used for places in holding))
    return Filling(places=total, holding=len(holding), behind=sum(places.behind for places in holding))


def money_of_all(partners: QuerySet[Partner]) -> list[Money]:
    """One for each currency: they are never added together. One query."""
    conversions = Conversion.objects.filter(partner__in=partners.order_by().values("pk"))
    return [money for each in _money(conversions, "organisation_id").values() for money in each]


def places_of(groups: QuerySet[ReservedGroup]) -> dict[int, Places]:
    """Partner's key → the places of its listed groups."""
    rows = groups.filter(gone_at=None).order_by().values_list("partner_id").annotate(Sum("capacity"), Sum("used"))
    return {key: Places(held=held or 0, used=used or 0) for key, held, used in rows if key is not None}


def _groups(event: Event | None) -> QuerySet[ReservedGroup]:
    groups = ReservedGroup.objects.listed()
    return groups.filter(event_listing__event=event) if event else groups


def _money(conversions: QuerySet[Conversion], by: str) -> Mapping[Any, list[Money]]:
    approved, pending = Q(status=ConversionStatus.APPROVED.value), Q(status=ConversionStatus.PENDING.value)
    rows = (
        conversions.filter(approved | pending, gone_at=None)
        .order_by()
        .values_list(by, "currency")
        .annotate(
            results=Count("id", filter=approved),
            earned=ExactSum("payout", filter=approved),
            pending_results=Count("id", filter=pending),
            undecided=ExactSum("payout", filter=pending),
        )
        .order_by(by, "currency")
    )
    found: dict[Any, list[Money]] = defaultdict(list)
    for key, currency, results, earned, waiting, undecided in rows:
        found[key].append(
            Money(
                currency=currency,
                results=results,
                earned=earned or Decimal(0),
                pending_results=waiting,
                pending=undecided or Decimal(0),
            )
        )
    return found
