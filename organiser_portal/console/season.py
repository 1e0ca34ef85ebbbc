"""How entries add up over the season, beside the same days a year before."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.db.models.functions import TruncDate

from organiser_portal.core.lines import Curve, LineChart, line_chart
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants.models import Entry

DAYS = 120
A_YEAR = timedelta(days=364)  # whole weeks: a Sunday is compared with a Sunday
ALIKE = 0.05
TWICE = 1.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """``held``: entries of these days by now, ``last``: by the same day a year before, None for no entry then."""

    chart: LineChart
    finding: str
    held: int
    last: int | None


def season(organisation: Organisation, now: datetime) -> Season | None:
    """Live entries of all races by the day they were made, added up; None when there are none. Two queries."""
    zone = ZoneInfo(organisation.time_zone)
    today = now.astimezone(zone).date()
    days = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    held = _added_up(organisation, days, zone)
    if not held[-1]:
        return None
    then = _added_up(organisation, [day - A_YEAR for day in days], zone)
    last = then[-1] or None
    curves = [Curve(label="now", values=held)]
    if last is not None:
        curves.append(Curve(label="then", kind="other", values=then))
    finding = _finding(held[-1], last)
    chart = line_chart([f"{day.day} {day:%b}" for day in days], curves, finding)
    return Season(chart=chart, finding=finding, held=held[-1], last=last)


def _added_up(organisation: Organisation, days: list[date], zone: ZoneInfo) -> list[int]:
    """How many had entered by the end of each day, since the first of these."""
    start = datetime.combine(days[0], datetime.min.time(), zone)
    end = datetime.combine(days[-1] + timedelta(days=1), datetime.min.time(), zone)
    rows = Entry.objects.of(organisation).live().filter(entered_at__gte=start, entered_at__lt=end)
    counts = dict(
        rows.annotate(day=TruncDate("entered_at", tzinfo=zone)).values_list("day").annotate(Count("id")).order_by()
    )
    return list(accumulate(counts.get(day, 0) for day in days))


def _finding(held: int, last: int | None) -> str:
    """What a person would say of the two lines."""
    people = f"{held:,} {'entry' if held == 1 else 'entries'} in {DAYS} days"
    if last is None:
        return people
    times = held / last
    if abs(times - 1) < ALIKE:
        return f"{people}, as many as a year before"
    if times >= TWICE:
        many = f"{times:.1f}".removesuffix(".0")
        return f"{people}, {'twice' if many == '2' else f'{many} times'} as many as a year before"
    return f"{people}, {abs(times - 1):.0%} {'more' if times > 1 else 'fewer'} than a year before"
