"""How a partner's places at its next event are claimed, and where the last week's pace leads."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Min, QuerySet
from django.db.models.functions import TruncDate

from organiser_portal.core.lines import Curve, LineChart, line_chart
from organiser_portal.events.forecast import Forecast, forecast
from organiser_portal.events.models import Event
from organiser_portal.partners.models import Partner, ReservedGroup
from organiser_portal.partners.picture import entries_through

MOST_DAYS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """``chart`` None where no entry of these places is seen: then there is no curve to draw."""

    finding: str
    detail: str
    chart: LineChart | None


def pace(partner: Partner, now: datetime) -> Pace | None:
    """None without places at an event that is still to come. Two queries."""
    groups, starts = _next_groups(partner, now)
    event = groups[0].event_listing.event if groups and groups[0].event_listing else None
    if event is None or starts is None:
        return None
    zone = ZoneInfo(event.time_zone)
    today = now.astimezone(zone).date()
    held, used = sum(group.capacity for group in groups), sum(group.used for group in groups)
    counts = _by_day(partner, groups, zone)
    end = event.claims_close_on or starts.astimezone(zone).date()
    week = [counts.get(today - timedelta(days=back), 0) for back in range(7, -1, -1)]
    ahead = forecast(week, held=used, today=today, end=end, limit=held) if used < held and counts else None
    finding = _finding(event, held, used, ahead)
    detail = _detail(event, end, sum(week[-7:]), sum(counts.values()))
    return Pace(finding=finding, detail=detail, chart=_chart(counts, today, ahead, held, finding) if counts else None)


def _next_groups(partner: Partner, now: datetime) -> tuple[list[ReservedGroup], datetime | None]:
    """Those at the next event at which any place is held, and when it starts."""
    listed: QuerySet[Any] = partner.groups.listed().filter(event_listing__isnull=False, capacity__gt=0)
    dated = listed.annotate(starts=Min("event_listing__listings__starts_at")).filter(starts__gte=now)
    rows = list(dated.select_related("event_listing__event").order_by("starts", "pk"))
    next_ones = [row for row in rows if _event_of(row) == _event_of(rows[0])]
    return next_ones, rows[0].starts if rows else None


def _event_of(group: ReservedGroup) -> int | None:
    return group.event_listing.event_id if group.event_listing else None


def _by_day(partner: Partner, groups: Sequence[ReservedGroup], zone: ZoneInfo) -> Mapping[date, int]:
    entries = entries_through(partner).select_related(None).filter(status="live", tie__group__in=groups)
    days = entries.annotate(day=TruncDate("entered_at", tzinfo=zone)).values_list("day")
    return dict(days.annotate(Count("id")).order_by())


def _chart(counts: Mapping[date, int], today: date, ahead: Forecast | None, held: int, finding: str) -> LineChart:
    first = max(min(min(counts), today), today - timedelta(days=MOST_DAYS))
    past = [first + timedelta(days=n) for n in range((today - first).days + 1)]
    known = sorted(counts)
    sums = [0, *accumulate(counts[day] for day in known)]
    claimed: list[int | None] = [sums[bisect_right(known, day)] for day in past]
    days = [*past, *(ahead.days[1:] if ahead else ())]
    curves = [Curve(label="claimed", values=[*claimed, *([None] * (len(days) - len(past)))])]
    if ahead:
        early: list[int | None] = [None] * (len(past) - 1)
        curves.append(Curve(label="forecast", kind="ahead", values=[*early, *(min(held, at) for at in ahead.values)]))
    return line_chart([f"{day.day} {day:%b}" for day in days], curves, finding, limit=held)


def _finding(event: Event, held: int, used: int, ahead: Forecast | None) -> str:
    """What a person would say of it."""
    if used >= held:
        return f"All {held:,} places at {event} are claimed"
    if ahead is None:
        return f"{used:,} of {held:,} places at {event} claimed"
    if ahead.full_on or ahead.last >= held:
        return f"On course to use all {held:,} places at {event}"
    return f"On course to use {ahead.last:,} of {held:,} places at {event}: {held - ahead.last:,} would come back"


def _detail(event: Event, end: date, lately: int, seen: int) -> str:
    last = "Claims end" if event.claims_close_on else "The event is"
    people = "entry" if seen == 1 else "entries"
    return f"{seen:,} {people} seen, {lately:,} of them in seven days. {last} on {end:%a} {end.day} {end:%b}."
