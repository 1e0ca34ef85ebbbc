"""Many rows in one statement: insert those we do not hold, update those we do.

Django's own ``bulk_create(update_conflicts=True)`` is ten times slower on both databases. One function, two bodies:
PostgreSQL takes the rows by COPY, into a temporary table and on by one INSERT ... ON CONFLICT, or straight in where
none of them is held; SQLite takes an ``executemany``.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import batched, chain
from typing import Any

from django.db import IntegrityError, connection, models, transaction

from organiser_portal.connections.columns import Column, Reader, Same, joined, made_ready, spread
from organiser_portal.connections.readers import AnyField, column_reader, field_of

type Row = Sequence[Any]
type Block = tuple[int, Sequence[Column]]
"""How many rows, and their columns."""
type Name = str | tuple[str, ...]
"""Of a column, or of several that have been written for a COPY already, as one text."""

CHUNK = 500  # rows turned into columns and back at a time


class Columns[T]:
    """The columns of some of ``items``, made when the database is ready to take them, while it is at work on others."""

    def __init__(self, items: Sequence[T], make: Callable[[Sequence[T]], Sequence[Column]]) -> None:
        self._items = items
        self._make = make

    def __len__(self) -> int:
        return len(self._items)

    def blocks(self) -> Iterator[Block]:
        return ((len(some), self._make(some)) for some in batched(self._items, CHUNK))


type Given = Sequence[Row] | Columns[Any]
type Default = Callable[[int], Column]


def upsert(
    model: type[models.Model],
    rows: Given,
    *,
    columns: Sequence[Name],
    unique: Sequence[str] = ("connection_id", "external_id"),
    insert_only: Sequence[str] = ("first_seen",),
    unheld: bool = False,
) -> None:
    """Write ``rows``: each holds one value per name in ``columns`` (attribute names, such as ``race_id``).

    Columns of the model that are not named get the field's default when a row is inserted and are left alone when
    it is updated, as are those in ``insert_only``. Call it inside a transaction. A row may occur once. Several names in
    one place: one text that holds all of them, for PostgreSQL only.

    ``unheld``: none of them was there a moment ago. It is faster to believe that, and found out if it is not so.
    """
    if not len(rows):
        return
    statement = _statement(connection.vendor, model, tuple(columns), tuple(unique), tuple(insert_only))
    if connection.vendor != "postgresql":
        statement.run_on_sqlite(rows)
    elif not (unheld and statement.copied_straight_in(rows)):
        statement.run_on_postgresql(rows)


@lru_cache(maxsize=256)
def _statement(
    vendor: str,
    model: type[models.Model],
    columns: tuple[Name, ...],
    unique: tuple[str, ...],
    insert_only: tuple[str, ...],
) -> "_Statement":
    groups = [[field_of(model, name) for name in ((one,) if isinstance(one, str) else one)] for one in columns]
    fields = list(chain.from_iterable(groups))
    given = {field.column for field in fields}
    rest = [field for field in model._meta.concrete_fields if field.column not in given and not field.primary_key]
    kept = {*insert_only, *unique, *(field.attname for field in rest)}
    return _Statement(
        table=model._meta.db_table,
        columns=[[_column(field) for field in group] for group in (*groups, *([field] for field in rest))],
        unique=[_column(field_of(model, name)) for name in unique],
        updated=[_column(field) for field in fields if field.attname not in kept],
        readers=[list if len(group) > 1 else column_reader(group[0], vendor) for group in groups],
        defaults=[_default(field, vendor) for field in rest],
    )


class _Statement:
    """How rows of one shape get into one table. Made once for each shape."""

    def __init__(
        self,
        *,
        table: str,
        columns: list[list[str]],
        unique: list[str],
        updated: list[str],
        readers: list[Reader],
        defaults: list[Default],
    ) -> None:
        quote = connection.ops.quote_name
        self.table = quote(table)
        self._names = [", ".join(map(quote, group)) for group in columns]
        self.columns = ", ".join(self._names)
        self.on_conflict = (
            f"ON CONFLICT ({', '.join(map(quote, unique))}) DO UPDATE SET "
            + ", ".join(f"{quote(name)} = excluded.{quote(name)}" for name in updated)
            if updated
            else "ON CONFLICT DO NOTHING"
        )
        self._readers = readers
        self._defaults = defaults

    def run_on_sqlite(self, rows: Given) -> None:
        marks = ", ".join(["%s"] * len(self._names))
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {self.table} ({self.columns}) VALUES ({marks}) {self.on_conflict}",
                list(chain.from_iterable(_rows(*block) for block in self._ready(rows))),
            )

    def run_on_postgresql(self, rows: Given) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                f"CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS "
                f"SELECT {self.columns} FROM {self.table} WITH NO DATA"
            )
            self._copy(cursor, "incoming", rows)
            cursor.execute(
                f"INSERT INTO {self.table} ({self.columns}) SELECT {self.columns} FROM incoming {self.on_conflict}"
            )
            cursor.execute("DROP TABLE incoming")

    def copied_straight_in(self, rows: Given) -> bool:
        """False, and nothing written: one of them is there after all."""
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                self._copy(cursor, self.table, rows)
        except IntegrityError:
            return False
        return True

    def _copy(self, cursor: Any, table: str, rows: Given) -> None:
        """Columns that hold one value come first: side by side they are one piece of every line."""
        blocks = self._ready(rows)
        first = next(blocks)
        order = sorted(range(len(self._names)), key=lambda place: not isinstance(first[1][place], Same))
        names = ", ".join(self._names[place] for place in order)
        with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for number, columns in chain([first], blocks):
                copy.write(_lines(number, [columns[place] for place in order]))

    def _ready(self, rows: Given) -> Iterator[Block]:
        """So many rows at a time."""
        for number, columns in _blocks(rows):
            given = [made_ready(read, column) for read, column in zip(self._readers, columns, strict=True)]
            yield number, [*given, *(make(number) for make in self._defaults)]


def _blocks(rows: Given) -> Iterator[Block]:
    if isinstance(rows, Columns):
        return rows.blocks()
    return ((len(some), tuple(zip(*some, strict=True))) for some in batched(rows, CHUNK))


def _rows(number: int, columns: Iterable[Column]) -> Iterator[Row]:
    return zip(*(spread(column, number) for column in columns), strict=True)


def _lines(number: int, columns: Iterable[Column]) -> bytes:
    """The text of a COPY. Encoded row by row: one unusual letter would make all of a block four times as wide."""
    return b"\n".join([*map(str.encode, joined(number, columns)), b""])


def _column(field: AnyField) -> str:
    return str(field.column)


def _default(field: AnyField, vendor: str) -> Default:
    """A column that is not given."""
    read = column_reader(field, vendor)
    if field.has_default() and callable(make := field.default) and make not in (list, dict):
        return lambda number: read([make() for _ in range(number)])
    column = made_ready(read, Same(field.get_default()))
    return lambda _: column
