"""Columns of values, and the text that a COPY takes of them: most values can go as they are, and to see that is cheap.

What is nothing, and what stands for a tab, a line's end or a backslash, is written PostgreSQL's way, so that a block of
rows is one join. A column that holds one value in all of them, as half of an entry's do, is made ready once. No Django:
another process writes such texts as well.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, repeat
from typing import Any

import msgspec


@dataclass(frozen=True, slots=True)
class Same:
    """A column that holds this value in every row."""

    value: Any


type Values = Sequence[Any]
type Column = Values | Same
type Reader = Callable[[Values], Values]

NOTHING = "\\N"
_MARKS = ("\0", "\\", "\t", "\n", "\r")
_json_lines = msgspec.json.Encoder().encode_lines
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def narrowed(values: Values) -> Column:
    """The same column; values of one type, one or more of them."""
    first = values[0]
    return Same(first) if first == values[-1] and values.count(first) == len(values) else values


def spread(column: Column, rows: int) -> Iterable[Any]:
    """One value for each of so many rows."""
    return repeat(column.value, rows) if isinstance(column, Same) else column


def made_ready(read: Reader, column: Column) -> Column:
    """As ``read`` makes it."""
    return Same(read([column.value])[0]) if isinstance(column, Same) else read(column)


def joined(number: int, columns: Iterable[Column]) -> Iterator[str]:
    """So many rows, each as one text. Neighbours that hold one value are one piece of every row."""
    pieces: list[Iterable[str]] = []
    for _, run in groupby(columns, key=type):
        some = list(run)
        alike = [column.value for column in some if isinstance(column, Same)]
        pieces += [repeat("\t".join(alike), number)] if alike else [spread(column, number) for column in some]
    return map("\t".join, zip(*pieces, strict=True))


@dataclass(frozen=True, slots=True)
class Fitting:
    """Too long a text is cut to the column: the payload keeps it whole. PostgreSQL takes no NUL in a text."""

    limit: int | None

    def __call__(self, column: Values) -> Values:
        said = [value for value in column if value] if None in column else column
        if "\0" not in "".join(said) and (self.limit is None or max(map(len, said), default=0) <= self.limit):
            return column
        return [value and value.replace("\0", "")[: self.limit] for value in column]


@dataclass(frozen=True, slots=True)
class CopiedText:
    """A text as a COPY takes it, cut to the column."""

    limit: int | None

    def __call__(self, column: Values) -> Values:
        try:
            said = "".join(column)
        except TypeError:  # nothing is among them
            return [NOTHING if value is None else value.translate(_ESCAPED) for value in Fitting(self.limit)(column)]
        if not any(mark in said for mark in _MARKS) and (self.limit is None or max(map(len, column)) <= self.limit):
            return column
        return [value.translate(_ESCAPED) for value in Fitting(self.limit)(column)]


def copied_dates(column: Values) -> Values:
    """All in one go: one by one they cost more than all the texts of a row."""
    written = msgspec.json.decode(msgspec.json.encode(column), type=list[str | None])
    return [NOTHING if one is None else one for one in written] if None in column else written


def copied_json(column: Values) -> Values:
    """All in one go. A line's end in a text is written with a backslash, and so is whatever else would need care."""
    written = _json_lines(column).decode()
    if "\\" in written:
        return [NOTHING if value is None else json_text(value).replace("\\", "\\\\") for value in column]
    texts = written.split("\n")[:-1]
    return [NOTHING if text == "null" else text for text in texts] if "null" in texts else texts


def copied_bytes(column: Values) -> Values:
    """Bytes; None may be among them."""
    return [NOTHING if value is None else f"\\\\x{value.hex()}" for value in column]


def copied_truth(column: Values) -> Values:
    """Yes or no; None may be among them."""
    return [NOTHING if value is None else "t" if value else "f" for value in column]


def copied_number(column: Values) -> Values:
    """Whatever ``str`` writes as PostgreSQL reads it; None may be among them."""
    return [NOTHING if value is None else str(value) for value in column]


def json_text(value: Any) -> str:
    """One value as JSON without NUL."""
    text = msgspec.json.encode(value).decode()
    if "\\u0000" in text:
        return msgspec.json.encode(_without_nul(msgspec.json.decode(text))).decode()
    return text


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [_without_nul(item) for item in value]
    if isinstance(value, dict):
        return {_without_nul(name): _without_nul(item) for name, item in value.items()}
    return value
