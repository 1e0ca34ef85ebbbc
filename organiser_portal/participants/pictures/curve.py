"""How a race filled up: entries held day by day, last time's beside it, and where the last week's pace leads."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.db.models.functions import TruncDate

from organiser_portal.core import wording
from organiser_portal.core.lines import Curve, LineChart, line_chart
from organiser_portal.events.forecast import Forecast, forecast
from organiser_portal.events.models import Race
from organiser_portal.participants.models import Entry

MOST_DAYS = 120
YEAR_APART = timedelta(days=200)  # what is nearer than that is another race of the season, not its last edition


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesCurve:
    chart: LineChart
    finding: str
    detail: str


def sales_curve(race: Race, now: datetime, *, limit: int | None) -> SalesCurve | None:
    """Live entries by the day they were made, in the event's zone; ``limit``: places there are. Three queries.

    None where nobody has entered yet.
    """
    zone = ZoneInfo(race.event.time_zone)
    today = now.astimezone(zone).date()
    start = race.starts_at.astimezone(zone).date() if race.starts_at else None
    counts = _by_day(race, zone)
    if not counts:
        return None
    until = min(today, start) if start else today
    first = max(min(min(counts), until), until - timedelta(days=MOST_DAYS))  # clocks differ: some are of tomorrow
    past = [first + timedelta(days=n) for n in range((until - first).days + 1)]
    held = _held(counts, past)
    ahead = None
    if start and start > today:
        week = [counts.get(today - timedelta(days=back), 0) for back in range(7, -1, -1)]
        ahead = forecast(week, held=held[-1], today=today, end=start, limit=limit)
    days = [*past, *(ahead.days[1:] if ahead else ())]
    edition = _last_edition(race, zone, start, days)
    curves = [Curve(label="now" if ahead else "in all", values=_padded(held, len(days)))]
    if ahead:
        early: list[int | None] = [None] * (len(past) - 1)
        curves.append(Curve(label="forecast", kind="ahead", values=[*early, *ahead.values]))
    if edition:
        curves.append(Curve(label=f"in {edition[0]}", kind="other", values=edition[1]))
    finding = _finding(held[-1], ahead, limit)
    names = [f"{day.day} {day:%b}" for day in days]
    chart = line_chart(names, curves, finding, limit=limit)
    return SalesCurve(chart=chart, finding=finding, detail=_detail(held[-1], ahead))


def _by_day(race: Race, zone: ZoneInfo) -> dict[date, int]:
    rows = Entry.objects.filter(race=race).live().annotate(day=TruncDate("entered_at", tzinfo=zone))
    return dict(rows.values_list("day").annotate(Count("id")).order_by())


def _held(counts: dict[date, int], days: list[date]) -> list[int]:
    """How many had entered by the end of each day."""
    known = sorted(counts)
    sums = [0, *accumulate(counts[day] for day in known)]
    return [sums[bisect_right(known, day)] for day in days]


def _padded(values: list[int], length: int) -> list[int | None]:
    return [*values, *([None] * (length - len(values)))]


def _last_edition(
    race: Race, zone: ZoneInfo, start: date | None, days: list[date]
) -> tuple[int, list[int | None]] | None:
    """The year and how many it held as many days before its start: the latest race of that name well before."""
    if start is None or race.starts_at is None:
        return None
    earlier = Race.objects.filter(organisation=race.organisation_id, name=race.name)
    last = earlier.filter(starts_at__lt=race.starts_at - YEAR_APART).order_by("-starts_at").first()
    counts = _by_day(last, zone) if last else {}
    if last is None or last.starts_at is None or not counts:
        return None
    then = last.starts_at.astimezone(zone).date()
    return then.year, list(_held(counts, [then - (start - day) for day in days]))


def _finding(held: int, ahead: Forecast | None, limit: int | None) -> str:
    if ahead is None:
        return f"{held:,} entered" if limit is None else f"{held:,} entered, {limit:,} places"
    if limit is not None and held >= limit:
        return "Every place is taken"
    if ahead.full_on:
        return f"Full by {_named(ahead.full_on)} at this week's pace"
    if limit is None:
        return f"On course for {ahead.last:,}"
    return f"On course for {ahead.last:,}: {limit - ahead.last:,} under the limit"


def _detail(held: int, ahead: Forecast | None) -> str:
    if ahead is None:
        return "Live entries that we see, by the day they were made."
    more = wording.grouped(ahead.last - held)
    return f"{held:,} seen now, {more} more in the {len(ahead.days) - 1} days left if it goes on like the last seven."


def _named(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"
