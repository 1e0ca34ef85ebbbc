"""Lines over time, drawn as SVG on the server. The plot is a box of 1,000 by 200 that stretches with the page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from organiser_portal.core.bars import percent
from organiser_portal.core.charts import BELOW, HEIGHT, TOP, Tick, nice_step

WIDE = 1_000
FAR = 3  # a limit this many times higher than the lines would press them flat
GUTTER, MARGIN = 0.1, 0.14  # shares of the width for the figures at the left and the names at the right


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A value per place along the bottom, None where there is none yet. ``kind``: "main", "other", "ahead" or "source".

    A source has its colour ``channel`` (1 to 8) and a ``short`` name, which stands at the end of its line.
    """

    label: str
    values: Sequence[int | None]
    kind: str = "main"
    channel: int = 0
    short: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """``points`` of a polyline; ``last`` and ``name`` stand at its end, ``name_y`` pixels from the top."""

    css: str
    points: str
    last: int
    name: str
    name_y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChart:
    """All that ``components/line_chart.html`` draws. ``rows`` is the table behind it: place, then a value per curve."""

    label: str
    curves: tuple[Curve, ...]
    drawn: tuple[Drawn, ...]
    ticks: tuple[Tick, ...]
    names: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[int | None, ...]], ...]
    limit: int | None
    limit_y: float
    limit_name_y: float
    sources: tuple[Curve, ...] = ()
    left: str = percent(GUTTER)
    right: str = percent(1 - MARGIN)
    width: str = percent(1 - MARGIN - GUTTER)
    beside: str = percent(1 - MARGIN + 0.01)
    top: int = TOP
    plot: int = HEIGHT
    height: int = TOP + HEIGHT + BELOW
    names_y: int = TOP + HEIGHT + 18


def line_chart(places: Sequence[str], curves: Sequence[Curve], label: str, *, limit: int | None = None) -> LineChart:
    """``places`` are named along the bottom, about five of them; ``limit`` is a line across, unless it is far off."""
    highest = max((value for curve in curves for value in curve.values if value is not None), default=0)
    limit = limit if limit is not None and limit <= FAR * highest else None
    step = nice_step(max(highest, limit or 0))
    top = max(1, ceil(max(highest, limit or 0) / step)) * step
    every = max(1, ceil(len(places) / 5))
    return LineChart(
        label=label,
        curves=tuple(curves),
        drawn=_apart([_draw(curve, len(places), top) for curve in curves if any(v is not None for v in curve.values)]),
        ticks=tuple(_tick(value, top) for value in range(0, top + 1, step)),
        names=tuple((_along(at, len(places)), name) for at, name in enumerate(places) if at % every == every // 2),
        rows=tuple((name, tuple(curve.values[at] for curve in curves)) for at, name in enumerate(places)),
        sources=tuple(curve for curve in curves if curve.kind == "source"),
        limit=limit,
        limit_y=_height(limit or 0, top) + TOP,
        limit_name_y=_height(limit or 0, top) + TOP - 5,
    )


def _draw(curve: Curve, places: int, top: int) -> Drawn:
    points = [(at, value) for at, value in enumerate(curve.values) if value is not None]
    last = points[-1][1]
    return Drawn(
        css=f"curve-{curve.kind}{f' ch-{curve.channel}' if curve.channel else ''}",
        points=" ".join(f"{_across(at, places):g},{_height(value, top):g}" for at, value in points),
        last=last,
        name=curve.short or curve.label,
        name_y=_height(last, top) + TOP + 4,
    )


def _apart(drawn: list[Drawn]) -> tuple[Drawn, ...]:
    """Names that would stand on each other stand below each other. One that ends where another goes on has none."""
    apart: list[Drawn] = []
    for line in sorted(drawn, key=lambda each: each.name_y):
        y = max(line.name_y, apart[-1].name_y + 15) if apart else line.name_y
        apart.append(replace(line, name_y=round(y, 2)))
    return tuple(apart)


def _across(at: int, places: int) -> float:
    return round(WIDE * at / max(1, places - 1), 2)


def _along(at: int, places: int) -> str:
    return percent(GUTTER + (1 - MARGIN - GUTTER) * at / max(1, places - 1))


def _height(value: int, top: int) -> float:
    return round(HEIGHT * (1 - value / top), 2)


def _tick(value: int, top: int) -> Tick:
    y = _height(value, top) + TOP
    return Tick(value=value, y=y, text_y=y + 4)
