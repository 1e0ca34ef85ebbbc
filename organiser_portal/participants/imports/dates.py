"""Dates as people write them. Whether 3/4 is in April or in March is decided for a whole column, over all its rows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

_THREE = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})(?:[ T].*)?")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T].*)?")
_PLAIN = re.compile(r"(?:19|20)\d{6}")
_SERIAL = re.compile(r"\d{4,5}(?:\.\d+)?")
_WORDS = ("%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y", "%d %b %y")
EXCEL_BEGINS = date(1899, 12, 30)
SERIALS = range(1_000, 60_000)  # 1902 to 2064
YEARS = range(1900, 2100)  # as days of a spreadsheet they are in 1905


class Order(StrEnum):
    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"
    EITHER = "either"
    MIXED = "mixed"


@dataclass(slots=True)
class DateProof:
    """What the values of one column prove. ``day``: rows that can only be day/month, ``month``: only month/day."""

    day: int = 0
    month: int = 0
    either: int = 0

    def look(self, text: str) -> None:
        found = _THREE.fullmatch(text)
        if found is None:
            return
        first, second = int(found.group(1)), int(found.group(2))
        if first > 12 >= second:
            self.day += 1
        elif second > 12 >= first:
            self.month += 1
        elif first != second:
            self.either += 1


@dataclass(frozen=True, slots=True)
class Proof:
    """The same once all rows are counted. ``order`` None: there is nothing to decide."""

    order: Order | None
    day: int = 0
    month: int = 0

    @classmethod
    def of(cls, column: Mapping[str, Any]) -> "Proof":
        """From what is stored of a column."""
        day, month, either = (int(column.get(name, 0)) for name in ("day", "month", "either"))
        if day and month:
            return cls(Order.MIXED, day, month)
        if day or month:
            return cls(Order.DAY_FIRST if day else Order.MONTH_FIRST, day, month)
        return cls(Order.EITHER if either else None)

    @property
    def open(self) -> bool:
        """Somebody has to say which it is."""
        return self.order in (Order.EITHER, Order.MIXED)

    @property
    def sentence(self) -> str:
        match self.order:
            case Order.DAY_FIRST:
                return f"Read as day/month/year: {self.day:,} of them can be nothing else."
            case Order.MONTH_FIRST:
                return f"Read as month/day/year: {self.month:,} of them can be nothing else."
            case Order.EITHER:
                return "Every date in this file could be read both ways. Say which it is."
            case Order.MIXED:
                both = f"{self.day:,} can only be day/month, {self.month:,} only month/day."
                return f"{both} What does not fit your choice is not imported."
        return ""


def parse_date(text: str, *, month_first: bool, today: date) -> date:
    """Raises ValueError. Two digits of a year are the latest such year that is not ahead."""
    if found := _ISO.fullmatch(text):
        return date(*map(int, found.groups()))
    if found := _THREE.fullmatch(text):
        first, second, year = map(int, found.groups())
        day, month = (second, first) if month_first else (first, second)
        return date(_full(year, today) if len(found.group(3)) == 2 else year, month, day)
    if _PLAIN.fullmatch(text):
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    if _SERIAL.fullmatch(text) and int(float(text)) in SERIALS and int(float(text)) not in YEARS:
        return EXCEL_BEGINS + timedelta(days=int(float(text)))
    return _in_words(text, today)


def _in_words(text: str, today: date) -> date:
    plain = re.sub(r"(?<=\d)(st|nd|rd|th)\b|[,.\-/]", " ", text)
    for pattern in _WORDS:
        try:
            found = datetime.strptime(" ".join(plain.split()), pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        return found.replace(year=_full(found.year % 100, today)) if pattern.endswith("y") else found
    raise ValueError(text)


def _full(year: int, today: date) -> int:
    century = today.year - today.year % 100
    return century + year if year <= today.year % 100 else century - 100 + year
