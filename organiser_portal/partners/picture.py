"""What a partner's page shows over time and of people: the entries that came through it, day by day, and as a list."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncDate

from organiser_portal.core.charts import DayChart, Series, day_chart
from organiser_portal.core.exact import ExactSum
from organiser_portal.organisations.models import Organisation
from organiser_portal.partners.models import Campaign, Conversion, DayStat, Partner
from providers.partner_records import ConversionStatus

DAYS = 28
MOST_CAMPAIGNS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Lately:
    """The last four weeks: ``finding`` in a sentence, and the columns."""

    finding: str
    chart: DayChart


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusLine:
    """Results of one status in one currency. ``payout`` is in major units, None when none of them tells one."""

    status: str
    label: str
    currency: str
    count: int
    payout: Any


def entries_through(partner: Partner) -> QuerySet[Any]:
    """Entries tied to the partner. By name: the participants are a sibling of this room."""
    entries = apps.get_model("participants", "Entry")._default_manager
    found: QuerySet[Any] = entries.filter(
        organisation_id=partner.organisation_id, tie__partner=partner, gone_at=None
    ).select_related("race", "tie__group")
    return found


def lately(partner: Partner, channel: int, now: datetime) -> Lately | None:
    """Places claimed and results by day, in the organisation's own time zone; None without either."""
    days, zone = _last_days(partner.organisation, now)
    claimed = _claimed(partner, days[0], zone)
    told = DayStat.objects.between(days[0], days[-1]).filter(partner=partner)
    whole = told.filter(campaign_external_id="")
    # A provider tells a day as a whole, campaign by campaign, or both.
    results, clicks = _results(whole if whole.exists() else told)
    return _drawn(days, claimed, results, clicks, channel)


def lately_at(campaign: Campaign, channel: int, now: datetime) -> Lately | None:
    """A campaign's results by day; None without any. From its conversions where the provider tells no days of it."""
    days, zone = _last_days(campaign.organisation, now)
    results, clicks = _results(DayStat.objects.between(days[0], days[-1]).filter(campaign=campaign))
    return _drawn(days, Counter(), results or _credited(campaign, days[0], zone), clicks, channel)


def _last_days(organisation: Organisation, now: datetime) -> tuple[list[date], ZoneInfo]:
    zone = ZoneInfo(organisation.time_zone)
    today = now.astimezone(zone).date()
    return [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)], zone


def _drawn(
    days: list[date], claimed: Counter[date], results: Counter[date], clicks: int, channel: int
) -> Lately | None:
    told = [("Places claimed", channel, claimed), ("Results", channel % 8 + 1 if claimed else channel, results)]
    series = [
        Series(label=label, channel=colour, values=[by_day[day] for day in days])
        for label, colour, by_day in told
        if by_day.total()
    ]
    if not series and not clicks:
        return None
    finding = _finding(claimed.total(), results.total(), clicks)
    return Lately(finding=finding, chart=day_chart(days, series, finding, last_is_partial=True))


def by_status(*, partner: Partner | None = None, campaign: Campaign | None = None) -> list[StatusLine]:
    """Of the one or the other, what is approved first."""
    conversions = Conversion.objects.filter(gone_at=None)
    mine = conversions.filter(partner=partner) if partner else conversions.filter(campaign=campaign)
    rows = mine.order_by().values_list("status", "currency").annotate(Count("id"), ExactSum("payout"))
    order = [status.value for status in (ConversionStatus.APPROVED, ConversionStatus.PENDING)]
    lines = [
        StatusLine(status=status, label=status.capitalize(), currency=currency, count=count, payout=payout)
        for status, currency, count, payout in rows
    ]
    return sorted(lines, key=lambda line: (line.status not in order, line.status, line.currency))


def campaigns_of(partner: Partner) -> list[tuple[Campaign, int]]:
    """The connection's campaigns with how many of their results this partner brought; the most fruitful first."""
    counts = Counter(
        dict(
            Conversion.objects.that_count()
            .filter(partner=partner, campaign__isnull=False)
            .order_by()
            .values_list("campaign_id")
            .annotate(Count("id"))
        )
    )
    campaigns = Campaign.objects.listed().filter(connection=partner.connection_id).order_by("name", "pk")
    shown = [(campaign, counts[campaign.pk]) for campaign in campaigns[:MOST_CAMPAIGNS]]
    return sorted(shown, key=lambda pair: -pair[1])


def _claimed(partner: Partner, first: date, zone: ZoneInfo) -> Counter[date]:
    start = datetime.combine(first, datetime.min.time(), zone)
    rows = (
        entries_through(partner)
        .select_related(None)
        .filter(entered_at__gte=start)
        .annotate(day=TruncDate("entered_at", tzinfo=zone))
        .order_by()
        .values_list("day")
        .annotate(Count("id"))
    )
    return Counter(dict(rows))


def _results(days: QuerySet[DayStat]) -> tuple[Counter[date], int]:
    """By day, and the clicks in all."""
    told = list(days.order_by().values_list("day").annotate(Sum("conversions"), Sum("clicks")))
    return Counter({day: results for day, results, _ in told}), sum(clicks for *_, clicks in told)


def _credited(campaign: Campaign, first: date, zone: ZoneInfo) -> Counter[date]:
    start = datetime.combine(first, datetime.min.time(), zone)
    rows = (
        Conversion.objects.that_count()
        .filter(campaign=campaign, happened_at__gte=start)
        .annotate(day=TruncDate("happened_at", tzinfo=zone))
        .order_by()
        .values_list("day")
        .annotate(Count("id"))
    )
    return Counter(dict(rows))


def _finding(claimed: int, results: int, clicks: int) -> str:
    parts = []
    if claimed:
        parts.append(f"{claimed:,} {'place' if claimed == 1 else 'places'} claimed")
    if results or clicks:
        through = f" from {clicks:,} clicks" if clicks else ""
        parts.append(f"{results:,} {'result' if results == 1 else 'results'}{through}")
    return f"{' and '.join(parts)} in four weeks"
