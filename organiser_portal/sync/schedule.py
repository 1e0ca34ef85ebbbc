"""When a listing is asked for again. Pure: time, dates and chance come in.

The nearer a race, the oftener; after a failure, ever more seldom up to six hours; when the provider named a time, then.
What is not allowed may be at any moment, when somebody has seen to it: it is asked for no more seldom than if it were.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from organiser_portal.connections.cadence import SHORTEST
from providers.port import Cadence

LONGEST_BACK_OFF = timedelta(hours=6)
FIRST_BACK_OFF = timedelta(minutes=1)
FIRST_HELD = timedelta(minutes=15)  # nobody gives a right back within a minute
LONGEST_UNNAMED = timedelta(minutes=15)  # where we are asked to wait and not told how long, the whole key rests
LONGEST_DENIED = timedelta(hours=1)  # of what is to be sent; allowed, it would have left at once
RACE_WEEK = timedelta(days=7)


class Phase(StrEnum):
    """How near the next race is. The values are the keys of ``Connection.polling``."""

    USUAL = "usual"
    RACE_WEEK = "race_week"
    RACE_DAY = "race_day"


USUAL_MINUTES: Mapping[Phase, int] = {Phase.USUAL: 240, Phase.RACE_WEEK: 15, Phase.RACE_DAY: 1}


class Ending(StrEnum):
    """How an attempt ended, as far as the next one is concerned."""

    DONE = "done"
    SHORT = "short"  # saw less than promised
    CONTINUES = "continues"  # its time was up; goes on where it stopped
    LIMITED = "limited"  # the provider asks us to wait
    HELD = "held"  # the key is good, this is not allowed
    PARKED = "parked"  # the connection waits for a person
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When the next attempt is due, and the failures in a row that it will be told of."""

    at: datetime
    failures: int


def phase(race_starts: Iterable[datetime], *, now: datetime, zone: tzinfo) -> Phase:
    """Race day is the calendar day of any race where it is run; race week the seven days before."""
    today = now.astimezone(zone).date()
    ahead = [_days_ahead(start, today, zone) for start in race_starts]
    if any(days == timedelta() for days in ahead):
        return Phase.RACE_DAY
    near = any(timedelta() < days <= RACE_WEEK for days in ahead)
    return Phase.RACE_WEEK if near else Phase.USUAL


def _days_ahead(start: datetime, today: date, zone: tzinfo) -> timedelta:
    return start.astimezone(zone).date() - today


def interval(cadence: Cadence, *, polling: Mapping[str, object], phase: Phase) -> timedelta:
    """How long to wait after a good walk. ``polling``: minutes by phase; what it does not say is as usual."""
    return max(timedelta(minutes=_minutes(polling.get(phase.value), USUAL_MINUTES[phase])), SHORTEST[cadence])


def _minutes(value: object, usual: int) -> float:
    try:
        minutes = float(str(value))
    except ValueError:
        return usual
    return minutes if 0 < minutes < float("inf") else usual


def back_off(failures: int, *, jitter: float, first: timedelta = FIRST_BACK_OFF) -> timedelta:
    """One minute, doubling to six hours, stretched or shrunk by a quarter. ``jitter`` from 0 to 1."""
    doubled = first * (1 << min(max(failures, 1) - 1, 20))
    return min(min(doubled, LONGEST_BACK_OFF) * (0.75 + jitter / 2), LONGEST_BACK_OFF)


def rest(times: int, *, jitter: float) -> timedelta:
    """How long a key rests that was asked to wait, and not told how long. ``times`` from 1: what has failed otherwise
    may be among them, and is not to keep everything else of the key from being called for hours.
    """
    return min(back_off(times, jitter=jitter), LONGEST_UNNAMED)


def denied_for(tries: int, *, jitter: float) -> timedelta:
    """How long what may not be sent waits. ``tries`` from 1."""
    return min(back_off(tries, jitter=jitter, first=FIRST_HELD), LONGEST_DENIED)


def next_due(
    ending: Ending,
    *,
    now: datetime,
    interval: timedelta,
    failures: int,
    jitter: float,
    retry_after: float | None = None,
) -> Due:
    """``failures``: in a row, before this attempt. ``retry_after``: seconds, as the provider asked."""
    match ending:
        case Ending.DONE:
            return Due(at=now + interval, failures=0)
        case Ending.SHORT:
            return Due(at=now + min(interval, back_off(failures + 1, jitter=jitter)), failures=failures + 1)
        case Ending.CONTINUES:
            return Due(at=now, failures=0)
        case Ending.LIMITED if retry_after is not None:
            return Due(at=now + timedelta(seconds=retry_after), failures=failures)
        case Ending.LIMITED:
            return Due(at=now + rest(failures + 1, jitter=jitter), failures=failures + 1)
        case Ending.PARKED:
            return Due(at=now, failures=failures)  # the standing of the connection keeps it from being handed out
        case Ending.HELD:
            pause = back_off(failures + 1, jitter=jitter, first=FIRST_HELD)
            return Due(at=now + min(pause, max(interval, FIRST_HELD)), failures=failures + 1)
        case _:
            return Due(at=now + back_off(failures + 1, jitter=jitter), failures=failures + 1)


def full_walk_due(*, asked: bool, every_hours: int | None, last_full_at: datetime | None, now: datetime) -> bool:
    """Whether the next walk is a whole one. ``every_hours`` None: every walk is whole without being asked."""
    if asked or every_hours is None:
        return asked
    return last_full_at is None or now - last_full_at >= timedelta(hours=every_hours)
