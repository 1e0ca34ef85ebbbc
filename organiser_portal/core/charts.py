"""Stacked columns by day, drawn as SVG on the server: widths in percent, heights in pixels, no script and no style."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, log10

from organiser_portal.core.bars import percent

TOP = 4  # pixels left free above the plot
HEIGHT = 200  # pixels of the plot; below it stand the days
BELOW = 28  # pixels for the days
GAP = 0.16  # share of a day's room left empty
GUTTER = 0.05  # share of the width kept for the figures of the lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One source, a value per day. ``channel`` 1 to 8 is its colour."""

    label: str
    channel: int
    values: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One rectangle: ``y`` and ``height`` in pixels, 2 decimals."""

    channel: int
    y: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One day: where it stands ("12.5%"), its blocks, its values by series, and whether its name stands below.

    ``second``: every other name, for which a phone has no room.
    """

    day: date
    x: str
    middle: str
    blocks: tuple[Block, ...]
    values: tuple[int, ...]
    named: bool
    second: bool
    partial: bool

    @property
    def name(self) -> str:
        return f"{self.day.day} {self.day:%b}"

    @property
    def total(self) -> int:
        return sum(self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A line across, and where its figure stands in the gutter."""

    value: int
    y: float
    text_y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DayChart:
    """All that ``components/day_chart.html`` draws, in pixels from the top but for ``width`` (of a column, percent)."""

    label: str
    series: tuple[Series, ...]
    columns: tuple[Column, ...]
    ticks: tuple[Tick, ...]
    width: str
    height: int = TOP + HEIGHT + BELOW
    day_y: int = TOP + HEIGHT + 18


def day_chart(days: Sequence[date], series: Sequence[Series], label: str, *, last_is_partial: bool = False) -> DayChart:
    """Stack the series day by day. ``label`` is the finding, for those who cannot see the chart."""
    room = (1 - GUTTER) / max(1, len(days))
    highest = max((sum(values) for values in zip(*(s.values for s in series), strict=True)), default=0)
    step = nice_step(highest)
    top = max(1, ceil(highest / step)) * step
    named = max(1, ceil(len(days) / 9))
    columns = tuple(
        Column(
            day=day,
            x=percent(GUTTER + (at + GAP / 2) * room),
            middle=percent(GUTTER + (at + 0.5) * room),
            blocks=_stack([(s.channel, s.values[at]) for s in series], top),
            values=tuple(s.values[at] for s in series),
            named=at % named == named // 2,
            second=at // named % 2 == 1,
            partial=last_is_partial and at == len(days) - 1,
        )
        for at, day in enumerate(days)
    )
    ticks = tuple(_tick(value, top) for value in range(0, top + 1, step))
    width = percent(room * (1 - GAP))
    return DayChart(label=label, series=tuple(series), columns=columns, ticks=ticks, width=width)


def _tick(value: int, top: int) -> Tick:
    y = round(TOP + HEIGHT * (1 - value / top), 2)
    return Tick(value=value, y=y, text_y=y + 4)


def _stack(amounts: Sequence[tuple[int, int]], top: int) -> tuple[Block, ...]:
    blocks: list[Block] = []
    y = float(TOP + HEIGHT)
    for channel, amount in amounts:
        if amount > 0:
            height = HEIGHT * amount / top
            y -= height
            blocks.append(Block(channel=channel, y=round(y, 2), height=round(height, 2)))
    return tuple(blocks)


def nice_step(highest: int) -> int:
    """The distance of the lines: 1, 2 or 5 times a power of ten, so that there are at most four."""
    rough = max(1, highest) / 4
    power: int = 10 ** max(0, int(log10(rough)) if rough >= 1 else 0)
    return next(step * power for step in (1, 2, 5, 10) if step * power >= rough)
