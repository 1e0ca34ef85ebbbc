"""A value of its own for each of many rows, in one statement."""

from collections.abc import Mapping

from django.db import connection, models


def write_each(model: type[models.Model], name: str, texts: Mapping[int, str | None]) -> None:
    """Write one text column; ``texts`` by primary key. Django's own ``bulk_update`` spends ten times as long on it."""
    if not texts:
        return
    quote = connection.ops.quote_name
    field, key = model._meta.get_field(name), model._meta.pk
    assert isinstance(field, models.Field)
    rows = ", ".join(["(%s, %s)"] * len(texts))
    # Both databases call the columns of a list of values column1, column2.
    statement = (
        f"UPDATE {quote(model._meta.db_table)} AS row SET {quote(str(field.column))} = given.column2 "
        f"FROM (VALUES {rows}) AS given WHERE row.{quote(str(key.column))} = given.column1"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [each for row in texts.items() for each in row])
