"""How full a race, or the places held in it, will be at the pace of the last week. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """``days`` and ``values``: from today to the end. ``full_on``: when the limit is reached, None if it is not."""

    days: tuple[date, ...]
    values: tuple[int, ...]
    full_on: date | None

    @property
    def last(self) -> int:
        return self.values[-1]


def forecast(by_day: Sequence[int], *, held: int, today: date, end: date, limit: int | None) -> Forecast | None:
    """``by_day``: entries of the last days, today being the last and only part of a day; ``held``: how many there are.

    None when there is nothing ahead, or not a week behind to go by.
    """
    whole = by_day[-WEEK - 1 : -1]
    if end <= today or len(whole) < WEEK:
        return None
    pace = sum(whole) / WEEK
    days = tuple(today + timedelta(days=ahead) for ahead in range((end - today).days + 1))
    values = tuple(held + round(pace * ahead) for ahead in range(len(days)))
    return Forecast(days=days, values=values, full_on=_full_on(held, pace, today, end, limit))


def _full_on(held: int, pace: float, today: date, end: date, limit: int | None) -> date | None:
    if limit is None or held >= limit or not pace:
        return None
    reached = today + timedelta(days=ceil((limit - held) / pace))
    return reached if reached <= end else None
