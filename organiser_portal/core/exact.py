"""Decimals that stay exact on both databases.

SQLite has no decimals: it keeps fifteen digits of them as floats, and adds them up as floats. So they are kept there as
text, and added up in Python while SQLite hands over row after row.
"""

from decimal import Context, Decimal
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models import DecimalField, Sum
from django.dispatch import receiver

ENOUGH = Context(prec=100)
"""More digits than any sum has, so that nothing is ever rounded."""


class ExactDecimalField(DecimalField):  # type: ignore[type-arg]  # it cannot be subscripted at run time
    """A DecimalField that is text on SQLite. Do not sort or compare by it in SQL; add it up with ``ExactSum``."""

    def get_internal_type(self) -> str:
        return "ExactDecimalField"  # under its own name, Django would read a DecimalField of SQLite by way of a float

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "text" if connection.vendor == "sqlite" else f"numeric({self.max_digits}, {self.decimal_places})"

    def from_db_value(self, value: str | Decimal | None, *_: object) -> Decimal | None:
        return None if value is None else Decimal(value)


class ExactSum(Sum):
    """The sum of an ExactDecimalField."""

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="exact_sum", **context)


class _Total:
    """What SQLite calls for every row of a group: one number in memory, however many rows."""

    def __init__(self) -> None:
        self._sum: Decimal | None = None

    def step(self, value: str | None) -> None:
        if value is not None:
            self._sum = ENOUGH.add(self._sum or Decimal(0), Decimal(value))

    def finalize(self) -> str | None:
        return None if self._sum is None else str(self._sum)


@receiver(connection_created)
def _teach(connection: BaseDatabaseWrapper, **_: object) -> None:
    if connection.vendor == "sqlite":
        connection.connection.create_aggregate("exact_sum", 1, _Total)
