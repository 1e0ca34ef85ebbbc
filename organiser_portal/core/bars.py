"""Bars as SVG attributes: the pages may hold no inline style, so every width is a figure worked out here."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of a bar. ``channel`` 1 to 8 is a provider's colour, ``tone`` (good, bad, ...) a meaning.

    ``hatched`` means counted but not seen, or held but not claimed; it needs a channel.
    """

    value: float
    channel: int = 0
    hatched: bool = False
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rect:
    """One rectangle. ``x`` and ``width`` are percentages of the bar as text."""

    x: str
    width: str
    css: str
    fill: str = ""


def segment_of(value: Any) -> Segment:
    """A Segment, or a tuple (value, channel[, hatched])."""
    if isinstance(value, Segment):
        return value
    amount, channel, *rest = value
    return Segment(value=float(amount), channel=int(channel), hatched=bool(rest and rest[0]))


def rects(segments: Iterable[Any], total: float) -> list[Rect]:
    """The rectangles side by side, as shares of ``total``, or of their sum where that is more."""
    stretches = [segment_of(value) for value in segments]
    whole = max(float(total or 0), sum(s.value for s in stretches)) or 1.0
    drawn: list[Rect] = []
    at = 0.0
    for stretch in stretches:
        if stretch.value > 0:
            drawn.append(_rect(stretch, at / whole, stretch.value / whole))
            at += stretch.value
    return drawn


def _rect(stretch: Segment, start: float, share: float) -> Rect:
    fill = f"url(#held-{stretch.channel})" if stretch.hatched and stretch.channel else ""
    css = f"ch-{stretch.channel}" if stretch.channel else f"is-{stretch.tone}" if stretch.tone else ""
    return Rect(x=percent(start), width=percent(share), css="" if fill else css, fill=fill)


def percent(share: float) -> str:
    """0.92412 → "92.41%"."""
    return f"{round(share * 100, 2):g}%"
