"""Values made ready for a database, a column at a time: most columns can go as they are, and to see that is cheap.

SQLite takes what its driver takes. PostgreSQL takes the text of a COPY: what is nothing, and what stands for a tab, a
line's end or a backslash, is written its way, so that a block of rows is one join.
"""

from collections.abc import Callable, Sequence
from datetime import UTC
from typing import Any

import msgspec
from django.db import connection, models

type Column = Sequence[Any]
type Reader = Callable[[Column], Column]
type One = Callable[[Any], Any]
type AnyField = "models.Field[Any, Any]"

NOTHING = "\\N"
_EMPTY_JSON: dict[type, str] = {list: "[]", tuple: "[]", dict: "{}"}
_MARKS = ("\0", "\\", "\t", "\n", "\r")
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def column_reader(field: AnyField, vendor: str) -> Reader:
    """From Python values of this field to what goes to this database."""
    if isinstance(field, (models.CharField, models.TextField)):
        return _fitting(field.max_length) if vendor == "sqlite" else _copied_text(field.max_length)
    if isinstance(field, models.DateField) and vendor == "postgresql":  # times as well
        return _copied_dates
    return _each(_on_sqlite(field), None) if vendor == "sqlite" else _each(_on_postgresql(field), NOTHING)


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
    if isinstance(field, models.JSONField):
        return _copied_json
    if isinstance(field, models.BinaryField):
        return lambda value: f"\\\\x{value.hex()}"
    if isinstance(field, models.BooleanField):
        return lambda value: "t" if value else "f"
    return str


def _each(one: One | None, nothing: str | None) -> Reader:
    """``nothing`` stands for None; a value that fills the whole column is made ready once."""
    if one is None:
        return list

    def read(column: Column) -> Column:
        if _is_one_value(column):
            return [nothing if column[0] is None else one(column[0])] * len(column)
        return [nothing if value is None else one(value) for value in column]

    return read


def _fitting(limit: int | None) -> Reader:
    """Too long a text is cut to the column: the payload keeps it whole. PostgreSQL takes no NUL in a text."""

    def read(column: Column) -> Column:
        said = [value for value in column if value] if None in column else column
        if "\0" not in "".join(said) and (limit is None or max(map(len, said), default=0) <= limit):
            return column
        return [value and value.replace("\0", "")[:limit] for value in column]

    return read


def _copied_text(limit: int | None) -> Reader:
    fitting = _fitting(limit)

    def read(column: Column) -> Column:
        try:
            said = "".join(column)
        except TypeError:  # nothing is among them
            return [NOTHING if value is None else value.translate(_ESCAPED) for value in fitting(column)]
        if not any(mark in said for mark in _MARKS) and (limit is None or max(map(len, column)) <= limit):
            return column
        return [value.translate(_ESCAPED) for value in fitting(column)]

    return read


def _copied_dates(column: Column) -> Column:
    """All in one go: one by one they cost more than all the texts of a row."""
    different = column[:1] if _is_one_value(column) else column
    written = msgspec.json.decode(msgspec.json.encode(different), type=list[str | None])
    texts = [NOTHING if one is None else one for one in written]
    return texts if len(texts) == len(column) else texts * len(column)


def _is_one_value(column: Column) -> bool:
    return column[0] is column[-1] and column.count(column[0]) == len(column)


def _copied_json(value: Any) -> str:
    if not value and (empty := _EMPTY_JSON.get(type(value))):  # nearly always
        return empty
    return _json_text(value).replace("\\", "\\\\")


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
