"""What sold lately: entries by day and source, and the finding in a sentence."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.db.models.functions import TruncDate

from organiser_portal.connections.gateway import connection_name, face
from organiser_portal.connections.models import Connection
from organiser_portal.core.charts import DayChart, Series, day_chart
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants.models import Entry

DAYS = 28
HERE = 4  # the colour of entries that no provider holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Sales:
    """Counts are live entries by the day they were made, in the organisation's own time zone."""

    chart: DayChart
    finding: str
    today: int
    week: int
    week_before: int


def sales(organisation: Organisation, now: datetime) -> Sales | None:
    """The last four weeks; None when there is nothing to show. Two queries."""
    zone = ZoneInfo(organisation.time_zone)
    today = now.astimezone(zone).date()
    days = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    counts = _counts(organisation, days[0], zone)
    if not counts:
        return None
    totals = [sum(by_day.get(day, 0) for by_day in counts.values()) for day in days]
    week, before = sum(totals[-7:]), sum(totals[-14:-7])
    finding = _finding(week, before)
    chart = day_chart(days, _series(organisation, counts, days), finding, last_is_partial=True)
    return Sales(chart=chart, finding=finding, today=totals[-1], week=week, week_before=before)


def _counts(organisation: Organisation, first: date, zone: ZoneInfo) -> dict[int | None, dict[date, int]]:
    start = datetime.combine(first, datetime.min.time(), zone)
    rows = (
        Entry.objects.of(organisation)
        .live()
        .filter(entered_at__gte=start)
        .annotate(day=TruncDate("entered_at", tzinfo=zone))
        .values_list("connection_id", "day")
        .annotate(count=Count("id"))
        .order_by()
    )
    counts: dict[int | None, dict[date, int]] = defaultdict(dict)
    for connection_id, day, count in rows:
        counts[connection_id][day] = count
    return counts


def _series(organisation: Organisation, counts: dict[int | None, dict[date, int]], days: list[date]) -> list[Series]:
    connections = {row.pk: row for row in Connection.objects.of(organisation).defer("sealed_credentials")}
    series = []
    for connection_id, by_day in sorted(counts.items(), key=lambda item: (item[0] is None, item[0] or 0)):
        connection = connections.get(connection_id) if connection_id is not None else None
        series.append(
            Series(
                label=connection_name(connection) if connection else "Only here",
                channel=face(connection.provider).channel if connection else HERE,
                values=[by_day.get(day, 0) for day in days],
            )
        )
    return series


def _finding(week: int, before: int) -> str:
    """What a person would say of the two weeks."""
    if not week:
        return "Nobody entered in the last seven days"
    people = f"{week:,} {'entry' if week == 1 else 'entries'} in seven days"
    if not before:
        return people
    ratio = week / before
    if ratio >= 1.8:
        return f"Entries nearly doubled this week: {week:,}" if ratio < 2.2 else f"Entries took off this week: {week:,}"
    if ratio >= 1.1:
        return f"Entries are up this week: {week:,}, {before:,} the week before"
    if ratio <= 0.9:
        return f"Entries slowed this week: {week:,}, {before:,} the week before"
    return f"{people}, as in the week before"
