"""Values made ready for a driver, a column at a time: most columns can go as they are, and to see that is cheap."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.db import connection, models

type Column = Sequence[Any]
type Reader = Callable[[Column], Column]
type One = Callable[[Any], Any]


def column_reader(field: "models.Field[Any, Any]", vendor: str) -> Reader:
    """From Python values of this field to what the driver of this database takes quickest."""
    if isinstance(field, models.JSONField):
        return _each(_json_text)
    if isinstance(field, (models.CharField, models.TextField)):
        return _texts(field.max_length)
    if isinstance(field, models.DateTimeField):
        return _each(_sqlite_instant if vendor == "sqlite" else datetime.isoformat)
    if isinstance(field, models.DateField):
        return _each(lambda day: day.isoformat())
    if isinstance(field, models.DecimalField):
        return _each(_sqlite_decimal(field) if vendor == "sqlite" else str)
    if vendor == "sqlite":
        return list
    if isinstance(field, models.BinaryField):
        return _each(lambda value: f"\\x{value.hex()}")
    if isinstance(field, models.BooleanField):
        return _each(lambda value: "t" if value else "f")
    return list


def _each(one: One) -> Reader:
    """Nothing stays nothing; a value that fills the whole column is made ready once."""

    def read(column: Column) -> Column:
        first = column[0]
        if first is column[-1] and column.count(first) == len(column):
            return [None if first is None else one(first)] * len(column)
        return [None if value is None else one(value) for value in column]

    return read


def _texts(limit: int | None) -> Reader:
    """Too long a text is cut to the column: the payload keeps it whole. PostgreSQL takes no NUL in a text."""

    def read(column: Column) -> Column:
        said = list(filter(None, column))
        if not said or ("\0" not in "".join(said) and (limit is None or max(map(len, said)) <= limit)):
            return column
        return [value and value.replace("\0", "")[:limit] for value in column]

    return read


def _json_text(value: Any) -> str:
    text = msgspec.json.encode(value).decode()
    return msgspec.json.encode(_without_nul(value)).decode() if "\\u0000" in text else text


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [_without_nul(item) for item in value]
    if isinstance(value, dict):
        return {_without_nul(name): _without_nul(item) for name, item in value.items()}
    return value


def _sqlite_instant(value: datetime) -> str:
    return str(value.astimezone(UTC).replace(tzinfo=None))


def _sqlite_decimal(field: "models.DecimalField[Any, Any]") -> One:
    return lambda value: connection.ops.adapt_decimalfield_value(value, field.max_digits, field.decimal_places)
