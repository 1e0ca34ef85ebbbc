"""The rows of one sheet of a workbook, as they are read: a few hundred at a time are in memory, however many."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import IO

from organiser_portal.participants.imports.delimited import as_cell
from organiser_portal.participants.imports.formats import Formats, said
from organiser_portal.participants.imports.markup import Text, TooMuch, parsed
from organiser_portal.participants.imports.strings import Strings, unescaped
from organiser_portal.participants.imports.table import LONGEST_ROW, MOST_COLUMNS, Line, Unreadable

MOST_NUMBERED = 2**20  # Excel itself has no row below this one


def rows_of(part: IO[bytes], strings: Strings, formats: Formats) -> Iterator[Line]:
    """Those with anything in them, each as long as its last filled cell."""
    rows = _Rows(strings, formats)
    for _ in parsed(part, rows):
        yield from rows.read
        rows.read.clear()


@lru_cache(maxsize=2 * MOST_COLUMNS)
def column_of(letters: str) -> int:
    """ "A" is 0, "AA" is 26."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


class _Rows:
    """A listener. Rows and cells may leave out where they are: then they follow the one before."""

    def __init__(self, strings: Strings, formats: Formats) -> None:
        self.read: list[Line] = []
        self._strings, self._formats = strings, formats
        self._number, self._column, self._letters = 0, -1, 0
        self._cells: list[str] = []
        self._cell: Mapping[str, str] = {}
        self._text = Text()

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "c":
            self._cell = attributes
            place = attributes.get("r", "")
            self._column = column_of(place.rstrip("0123456789")) if place else self._column + 1
        elif name == "row":
            self._number = self._numbered(int(attributes.get("r", 0)))
            self._column, self._cells, self._letters = -1, [], 0
        else:
            self._text.start(name)

    def end(self, name: str) -> None:
        if name == "c":
            self._put(as_cell(self._value(self._text.taken())))
        elif name == "row":
            if self._cells:
                self.read.append((self._number, self._cells))
        else:
            self._text.end(name)

    def text(self, data: str) -> None:
        self._text.add(data)

    def _numbered(self, told: int) -> int:
        """What a row says of itself where that can be: each number is given once, in order."""
        if told > MOST_NUMBERED:
            raise TooMuch("A row further down than a sheet has any.")
        return max(told, self._number + 1)

    def _put(self, value: str) -> None:
        if not value:
            return
        self._letters += len(value)
        if self._letters > LONGEST_ROW:
            raise Unreadable(f"Row {self._number:,} holds more text than any entry.")
        if self._column >= 2 * MOST_COLUMNS:
            raise Unreadable(f"Row {self._number:,} has values in more than {MOST_COLUMNS} columns.")
        self._cells += [""] * (self._column - len(self._cells))
        self._cells.append(value)

    def _value(self, stored: str) -> str:
        """Errors, such as #N/A, are no value."""
        kind = self._cell.get("t", "n")
        if not stored or kind == "e":
            return ""
        match kind:
            case "s":
                return self._strings[int(stored)]
            case "n":
                return self._formats.text(stored, self._cell.get("s", ""))
            case "b":
                return "yes" if stored == "1" else "no"
            case "d":
                return said(datetime.fromisoformat(stored))
            case _:
                return unescaped(stored)
