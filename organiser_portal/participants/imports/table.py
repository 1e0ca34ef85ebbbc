"""What a file becomes once it is read: headings, and rows of plain text with their number in the file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MOST_ROWS = 200_000
MOST_COLUMNS = 200
LONGEST_HEADING = 200
LONGEST_ROW = 100_000  # letters; in a workbook one text can stand in every cell and yet be stored once
MOST_LETTERS = 300_000_000

type Line = tuple[int, list[str]]
"""A row's number in the file, as a spreadsheet counts, and its cells."""


class Unreadable(Exception):
    """The file cannot be imported. ``str()`` says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """``lines`` are read as they are taken and may still raise Unreadable. ``read_as``: "UTF-8, commas"."""

    headings: list[str]
    lines: Iterator[Line]
    read_as: str


def table_of(lines: Iterable[Line], *, read_as: str) -> Table:
    """The first row with at least two filled cells has the headings: what stands above it is a title.

    Raises Unreadable when there is no such row, or none below it.
    """
    rest = iter(lines)
    headings = next((cells for _, cells in rest if sum(map(bool, cells)) > 1), None)
    if headings is None:
        raise Unreadable(
            "No table was found in this file: it needs a row of headings with at least two columns, and rows below it."
        )
    while headings and not headings[-1]:
        headings.pop()
    if len(headings) > MOST_COLUMNS:
        raise Unreadable(f"This file has {len(headings):,} columns; at most {MOST_COLUMNS} can be imported.")
    first = next(rest, None)
    if first is None:
        raise Unreadable("There is nothing below the headings of this file.")
    return Table(headings=_told_apart(headings), lines=_filled(first, rest), read_as=read_as)


def _told_apart(headings: list[str]) -> list[str]:
    """An empty heading is "Column 3"; the second of two equal ones is "Name (2)"."""
    named: list[str] = []
    for number, heading in enumerate(headings, 1):
        plain = " ".join(heading.split())[:LONGEST_HEADING] or f"Column {number}"
        name, again = plain, 2
        while name in named:
            name, again = f"{plain} ({again})", again + 1
        named.append(name)
    return named


def _filled(first: Line, rest: Iterator[Line]) -> Iterator[Line]:
    """Without the empty rows."""
    taken = letters = 0
    for number, cells in _with(first, rest):
        if not any(cells):
            continue
        taken += 1
        letters += sum(map(len, cells))
        if letters > MOST_LETTERS:
            raise Unreadable("This file holds more text than can be imported. Split it and import the parts.")
        if taken > MOST_ROWS:
            raise Unreadable(f"This file has more than {MOST_ROWS:,} rows. Split it and import the parts.")
        yield number, cells
    if not taken:
        raise Unreadable("There is nothing below the headings of this file.")


def _with(first: Line, rest: Iterator[Line]) -> Iterator[Line]:
    yield first
    yield from rest
