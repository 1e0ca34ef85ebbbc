"""Clicks, results and money per day: the same figures whichever report asks for them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from providers.sandbox.dice import Dice
from providers.sandbox.trackier.objects import Affiliate, Campaign, Conversion, Json, Link, Network, local


@dataclass(slots=True, kw_only=True)
class Figures:
    clicks: int = 0
    conversions: int = 0
    pending: int = 0
    payout: Decimal = Decimal(0)
    revenue: Decimal = Decimal(0)

    def add(self, other: "Figures") -> None:
        self.clicks += other.clicks
        self.conversions += other.conversions
        self.pending += other.pending
        self.payout += other.payout
        self.revenue += other.revenue


@dataclass(frozen=True, slots=True, kw_only=True)
class Daily:
    """What one partner did at one campaign on one day."""

    affiliate: Affiliate
    campaign: Campaign
    day: date
    figures: Figures


type Accepts = Callable[[Link], bool]


class Ledger:
    def __init__(self, network: Network, seed: int, zone: str) -> None:
        self._network = network
        self._seed = seed
        self._zone = zone

    def daily(self, start: date, end: date, accepts: Accepts = lambda _: True) -> list[Daily]:
        """Only days on which something happened."""
        links = {key: link for key, link in self._network.links.items() if accepts(link)}
        rows: dict[tuple[str, str, date], Daily] = {}
        for link, when, clicks in self._clicks(links.values(), start, end):
            self._row(rows, link.affiliate, link.campaign, when).figures.clicks = clicks
        for conversion, when in self._conversions(start, end):
            if (conversion.affiliate.id, conversion.campaign.id) in links:
                row = self._row(rows, conversion.affiliate, conversion.campaign, when)
                row.figures.add(_counted(conversion))
        return list(rows.values())

    def _clicks(self, links: Iterable[Link], start: date, end: date) -> Iterator[tuple[Link, date, int]]:
        for link in links:
            when = max(start, local(link.created, self._zone).date())
            while when <= end:
                dice = Dice(self._seed, (int(link.id[-10:], 16) << 12) ^ when.toordinal())
                if dice.per_mille(300):
                    yield link, when, 1 + dice.below(40)
                when += timedelta(days=1)

    def _conversions(self, start: date, end: date) -> Iterator[tuple[Conversion, date]]:
        for conversion in self._network.conversions.values():
            when = local(conversion.created, self._zone).date()
            if start <= when <= end:
                yield conversion, when

    def _row(
        self, rows: dict[tuple[str, str, date], Daily], affiliate: Affiliate, campaign: Campaign, when: date
    ) -> Daily:
        empty = Daily(affiliate=affiliate, campaign=campaign, day=when, figures=Figures())
        return rows.setdefault((affiliate.id, campaign.id, when), empty)


def _counted(conversion: Conversion) -> Figures:
    if conversion.status != "approved":
        return Figures(pending=int(conversion.status == "pending"))
    return Figures(conversions=1, payout=conversion.payout, revenue=conversion.revenue)


def summed(rows: Iterable[Daily]) -> Figures:
    total = Figures()
    for row in rows:
        total.add(row.figures)
    return total


def day_stats(found: Figures, *, revenue: bool, sparse: bool = True) -> Json:
    """A day-stats object. A day without earnings has no payout at all."""
    shown: Json = {"clicks": found.clicks, "impressions": 0, "conversions": found.conversions}
    if found.payout or not sparse:
        shown["payout"] = found.payout
    if revenue:
        shown["revenue"] = found.revenue
    countries = {"GB": found.clicks} if found.clicks else []
    return shown | {"meta": {"country": countries, "device": [], "os": [], "referer": []}}


def by_day(rows: Iterable[Daily], *, revenue: bool) -> Json:
    """``stats`` and ``total``; ``stats`` is [] where there are none."""
    days: dict[str, Figures] = {}
    for row in rows:
        days.setdefault(row.day.isoformat(), Figures()).add(row.figures)
    total = Figures()
    for found in days.values():
        total.add(found)
    stats = {when: day_stats(found, revenue=revenue) for when, found in sorted(days.items())}
    return {"stats": stats or [], "total": day_stats(total, revenue=revenue, sparse=False)}
