"""Values made ready for a database, a column at a time: most columns can go as they are, and to see that is cheap.

SQLite takes what its driver takes. PostgreSQL takes the text of a COPY: what is nothing, and what stands for a tab, a
line's end or a backslash, is written its way, so that a block of rows is one join. A column that holds one value in all
of them, as half of an entry's do, is made ready once.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC
from itertools import repeat
from typing import Any

import msgspec
from django.db import connection, models


@dataclass(frozen=True, slots=True)
class Same:
    """A column that holds this value in every row."""

    value: Any


type Values = Sequence[Any]
type Column = Values | Same
type Reader = Callable[[Values], Values]
type One = Callable[[Any], Any]
type AnyField = "models.Field[Any, Any]"

NOTHING = "\\N"
_MARKS = ("\0", "\\", "\t", "\n", "\r")
_lines = msgspec.json.Encoder().encode_lines
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


def column_reader(field: AnyField, vendor: str) -> Reader:
    """From Python values of this field to what goes to this database."""
    if vendor == "sqlite":
        return _fitting(field.max_length) if _is_text(field) else _each(_on_sqlite(field), None)
    if _is_text(field):
        return _copied_text(field.max_length)
    if isinstance(field, models.DateField):  # times as well
        return _copied_dates
    return _copied_json if isinstance(field, models.JSONField) else _each(_on_postgresql(field), NOTHING)


def _is_text(field: AnyField) -> bool:
    return isinstance(field, (models.CharField, models.TextField))


def _on_sqlite(field: AnyField) -> One | None:
    """None: as it is."""
    if isinstance(field, models.JSONField):
        return _json_text
    if isinstance(field, models.DateTimeField):
        return lambda moment: str(moment.astimezone(UTC).replace(tzinfo=None))
    if isinstance(field, models.DateField):
        return lambda day: day.isoformat()
    if isinstance(field, models.DecimalField):
        adapt, digits, places = connection.ops.adapt_decimalfield_value, field.max_digits, field.decimal_places
        return lambda value: adapt(value, digits, places)
    return None


def _on_postgresql(field: AnyField) -> One:
    if isinstance(field, models.BinaryField):
        return lambda value: f"\\\\x{value.hex()}"
    if isinstance(field, models.BooleanField):
        return lambda value: "t" if value else "f"
    return str


def _each(one: One | None, nothing: str | None) -> Reader:
    """``nothing`` stands for None."""
    if one is None:
        return list
    return lambda column: [nothing if value is None else one(value) for value in column]


def _fitting(limit: int | None) -> Reader:
    """Too long a text is cut to the column: the payload keeps it whole. PostgreSQL takes no NUL in a text."""

    def read(column: Values) -> Values:
        said = [value for value in column if value] if None in column else column
        if "\0" not in "".join(said) and (limit is None or max(map(len, said), default=0) <= limit):
            return column
        return [value and value.replace("\0", "")[:limit] for value in column]

    return read


def _copied_text(limit: int | None) -> Reader:
    fitting = _fitting(limit)

    def read(column: Values) -> Values:
        try:
            said = "".join(column)
        except TypeError:  # nothing is among them
            return [NOTHING if value is None else value.translate(_ESCAPED) for value in fitting(column)]
        if not any(mark in said for mark in _MARKS) and (limit is None or max(map(len, column)) <= limit):
            return column
        return [value.translate(_ESCAPED) for value in fitting(column)]

    return read


def _copied_dates(column: Values) -> Values:
    """All in one go: one by one they cost more than all the texts of a row."""
    written = msgspec.json.decode(msgspec.json.encode(column), type=list[str | None])
    return [NOTHING if one is None else one for one in written] if None in column else written


def _copied_json(column: Values) -> Values:
    """All in one go. A line's end in a text is written with a backslash, and so is whatever else would need care."""
    written = _lines(column).decode()
    if "\\" in written:
        return [NOTHING if value is None else _json_text(value).replace("\\", "\\\\") for value in column]
    texts = written.split("\n")[:-1]
    return [NOTHING if text == "null" else text for text in texts] if "null" in texts else texts


def _json_text(value: Any) -> str:
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
