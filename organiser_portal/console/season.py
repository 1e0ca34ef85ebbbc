"""How entries add up over the season, source by source, beside the same days a year before."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.db.models.functions import TruncDate

from organiser_portal.connections.gateway import connection_name, face
from organiser_portal.connections.models import Connection
from organiser_portal.console.sales import HERE
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
    """Live entries of all races by the day they were made, added up; None when there are none. Three queries."""
    zone = ZoneInfo(organisation.time_zone)
    today = now.astimezone(zone).date()
    days = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    sources = _added_up(organisation, days, zone)
    held = _together(sources, days)
    if not held[-1]:
        return None
    then = _together(_added_up(organisation, [day - A_YEAR for day in days], zone), days)
    last = then[-1] or None
    curves = [Curve(label="now", values=held), *_curves(organisation, sources)]
    if last is not None:
        curves.append(Curve(label="then", kind="other", values=then))
    finding = _finding(held[-1], last)
    chart = line_chart([f"{day.day} {day:%b}" for day in days], curves, finding)
    return Season(chart=chart, finding=finding, held=held[-1], last=last)


type BySource = Mapping[int | None, Sequence[int]]
"""Connection's key (None: at no provider) → how many of its entries there were by the end of each day."""


def _added_up(organisation: Organisation, days: list[date], zone: ZoneInfo) -> BySource:
    start = datetime.combine(days[0], datetime.min.time(), zone)
    end = datetime.combine(days[-1] + timedelta(days=1), datetime.min.time(), zone)
    rows = Entry.objects.of(organisation).live().filter(entered_at__gte=start, entered_at__lt=end)
    counts: dict[int | None, dict[date, int]] = defaultdict(dict)
    made = rows.annotate(day=TruncDate("entered_at", tzinfo=zone)).values_list("connection_id", "day")
    for connection, day, count in made.annotate(Count("id")).order_by("connection_id"):
        counts[connection][day] = count
    return {key: list(accumulate(by_day.get(day, 0) for day in days)) for key, by_day in counts.items()}


def _together(sources: BySource, days: Sequence[date]) -> list[int]:
    return [sum(values) for values in zip(*sources.values(), strict=True)] or [0] * len(days)


def _curves(organisation: Organisation, sources: BySource) -> list[Curve]:
    """One for each source; none where there is only one, for it would be the whole."""
    connections = {row.pk: row for row in Connection.objects.of(organisation).defer("sealed_credentials")}
    return [
        _curve(connections.get(key) if key else None, values) for key, values in sources.items() if len(sources) > 1
    ]


def _curve(connection: Connection | None, values: Sequence[int]) -> Curve:
    if connection is None:
        return Curve(label="Only here", short="here", kind="source", channel=HERE, values=values)
    provider = face(connection.provider)
    name = connection_name(connection)
    return Curve(label=name, short=provider.mark, kind="source", channel=provider.channel, values=values)


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
