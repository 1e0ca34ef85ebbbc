"""Places and money of the partners on one page, in two queries however many partners there are."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from organiser_portal.core.exact import ExactSum
from organiser_portal.partners.models import Conversion, Partner, ReservedGroup
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
    places: Places = field(default_factory=Places)
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


def figures_of(partners: Iterable[Partner]) -> dict[int, Figures]:
    """Partner's key → its figures, also for those without any."""
    keys = [partner.pk for partner in partners]
    places = places_of(ReservedGroup.objects.filter(partner__in=keys))
    money = _money(keys)
    return {key: Figures(places=places.get(key, Places()), money=tuple(money.get(key, ()))) for key in keys}


def filling(partners: QuerySet[Partner]) -> Filling | None:
    """None when none of them has places. One query."""
    each = list(places_of(ReservedGroup.objects.filter(partner__in=partners.order_by().values("pk"))).values())
    holding = [places for places in each if places.held]
    if not holding:
        return None
    total = Places(held=sum(places.held for places in holding), used=sum(places.used for places in holding))
    return Filling(places=total, holding=len(holding), behind=sum(places.behind for places in holding))


def places_of(groups: QuerySet[ReservedGroup]) -> dict[int, Places]:
    """Partner's key → the places of its listed groups."""
    rows = groups.filter(gone_at=None).order_by().values_list("partner_id").annotate(Sum("capacity"), Sum("used"))
    return {key: Places(held=held or 0, used=used or 0) for key, held, used in rows if key is not None}


def _money(keys: list[int]) -> dict[int, list[Money]]:
    approved, pending = Q(status=ConversionStatus.APPROVED.value), Q(status=ConversionStatus.PENDING.value)
    rows = (
        Conversion.objects.filter(approved | pending, partner__in=keys, gone_at=None)
        .values_list("partner_id", "currency")
        .annotate(
            results=Count("id", filter=approved),
            earned=ExactSum("payout", filter=approved),
            pending_results=Count("id", filter=pending),
            undecided=ExactSum("payout", filter=pending),
        )
        .order_by("partner_id", "currency")
    )
    found: dict[int, list[Money]] = defaultdict(list)
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
