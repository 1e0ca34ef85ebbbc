"""What a number of a workbook stands for: its format alone says whether it is a day, a time, a length of time."""

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from enum import Enum
from typing import IO

from organiser_portal.participants.imports.markup import parsed


class Kind(Enum):
    NUMBER = "number"
    MOMENT = "moment"
    LENGTH = "length"


# Of the formats that Excel knows by number alone, those of days and times, with those of East Asia.
MOMENTS = frozenset((*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)))
LENGTHS = frozenset({46})
_LENGTH = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_NOT_THE_VALUE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_LARGEST_WHOLE = 1e15


def kind_of(code: str) -> Kind:
    """ "d mmm yyyy" is a moment, "[h]:mm" a length, "0.00" a number."""
    first = code.partition(";")[0]
    if _LENGTH.search(first):
        return Kind.LENGTH
    shown = _NOT_THE_VALUE.sub("", first).lower()
    return Kind.MOMENT if shown != "general" and set("dmyhs") & set(shown) else Kind.NUMBER


class Formats:
    """By the number of a cell's style, from the file that ``part`` reads; None: all are numbers."""

    def __init__(self, part: IO[bytes] | None, *, from_1904: bool) -> None:
        self._kinds: list[Kind] = []
        self._first_day = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 - no zone there
        if part is not None:
            listener = _Listener(self._kinds)
            for _ in parsed(part, listener):
                pass

    def text(self, stored: str, style: str) -> str:
        """Whole numbers without a point, days as ISO, times as 09:30:00."""
        try:
            number = float(stored)
        except ValueError:
            return stored
        kind = self._kind(style)
        try:
            if kind is Kind.MOMENT:
                return self._moment(number)
            if kind is Kind.LENGTH:
                return _length(number)
        except OverflowError:
            pass  # a format for days on what is none
        return str(int(number)) if number.is_integer() and abs(number) < _LARGEST_WHOLE else str(number)

    def _kind(self, style: str) -> Kind:
        number = int(style) if style.isdecimal() else 0
        return self._kinds[number] if number < len(self._kinds) else Kind.NUMBER

    def _moment(self, number: float) -> str:
        moment = self._first_day + timedelta(seconds=round(number * 86_400))
        if 0 <= number < 1:
            return moment.time().isoformat()
        if number < 60 and self._first_day.year == 1899:  # Excel counts a 29 February 1900
            moment += timedelta(days=1)
        return said(moment)


def said(moment: datetime) -> str:
    """A day alone where it is one."""
    return moment.date().isoformat() if moment.time() == time() else moment.isoformat(sep=" ", timespec="seconds")


def _length(number: float) -> str:
    seconds = round(number * 86_400)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


class _Listener:
    """The formats that the file names itself come before the styles that use them."""

    def __init__(self, kinds: list[Kind]) -> None:
        self._kinds, self._named = kinds, dict[int, Kind]()
        self._of_cells = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "numFmt":
            self._named[int(attributes["numFmtId"])] = kind_of(attributes.get("formatCode", ""))
        elif name == "cellXfs":
            self._of_cells = True
        elif name == "xf" and self._of_cells:
            self._kinds.append(self._of(int(attributes.get("numFmtId", "0"))))

    def end(self, name: str) -> None:
        self._of_cells = self._of_cells and name != "cellXfs"

    def text(self, data: str) -> None:
        """Nothing is said in text there."""

    def _of(self, number: int) -> Kind:
        if number in self._named:
            return self._named[number]
        return Kind.LENGTH if number in LENGTHS else Kind.MOMENT if number in MOMENTS else Kind.NUMBER
