"""What makes a column ready for a database, by its field. SQLite takes what its driver takes, PostgreSQL a COPY."""

from collections.abc import Callable, Iterable
from datetime import UTC
from typing import Any

from django.db import connection, models

from organiser_portal.connections.columns import (
    CopiedText,
    Fitting,
    Reader,
    copied_bytes,
    copied_dates,
    copied_json,
    copied_number,
    copied_truth,
    json_text,
)

type One = Callable[[Any], Any]
type AnyField = "models.Field[Any, Any]"


def column_reader(field: AnyField, vendor: str) -> Reader:
    """From Python values of this field to what goes to this database."""
    return _on_sqlite(field) if vendor == "sqlite" else _on_postgresql(field)


def field_of(model: type[models.Model], name: str) -> AnyField:
    """By the name of its column or its own."""
    for field in model._meta.concrete_fields:
        if name in (field.attname, field.name):
            return field
    raise LookupError(f"{model.__name__} has no column {name}")


def copy_readers(model: type[models.Model], names: Iterable[str]) -> tuple[Reader, ...]:
    """What makes these columns ready for a COPY. Can be sent to another process."""
    return tuple(_on_postgresql(field_of(model, name)) for name in names)


def _on_postgresql(field: AnyField) -> Reader:
    if _is_text(field):
        return CopiedText(field.max_length)
    if isinstance(field, models.DateField):  # times as well
        return copied_dates
    if isinstance(field, models.JSONField):
        return copied_json
    if isinstance(field, models.BinaryField):
        return copied_bytes
    return copied_truth if isinstance(field, models.BooleanField) else copied_number


def _on_sqlite(field: AnyField) -> Reader:
    if _is_text(field):
        return Fitting(field.max_length)
    one = _one_on_sqlite(field)
    return list if one is None else lambda column: [None if value is None else one(value) for value in column]


def _is_text(field: AnyField) -> bool:
    return isinstance(field, (models.CharField, models.TextField))


def _one_on_sqlite(field: AnyField) -> One | None:
    """None: as it is."""
    if isinstance(field, models.JSONField):
        return json_text
    if isinstance(field, models.DateTimeField):
        return lambda moment: str(moment.astimezone(UTC).replace(tzinfo=None))
    if isinstance(field, models.DateField):
        return lambda day: day.isoformat()
    if isinstance(field, models.DecimalField):
        adapt, digits, places = connection.ops.adapt_decimalfield_value, field.max_digits, field.decimal_places
        return lambda value: adapt(value, digits, places)
    return None
