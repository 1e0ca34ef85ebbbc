"""Tables counted afresh while they grow, so that PostgreSQL knows how many rows it is asked to search.

It plans by its last count. On a first load that was of a table without rows, and until it counts by itself, a minute
later or more, it looks every id up by reading all that is there: twice the rows, four times the work.
"""

from django.db import connection, models, transaction

KEYS = ("connection_id", "external_id")
FIRST = 2_000
GROWTH = 8
SAMPLE = 10  # times 300 rows: enough to see that ids differ, at a tenth of what PostgreSQL would read by itself


class Counting:
    """Told how many rows a run has written, it counts ``tables`` at the first 2,000 and at each eightfold of that.

    ``tables`` have both columns of ``KEYS``; the rest is left to the database's own hour.
    """

    def __init__(self, *tables: type[models.Model]) -> None:
        self._tables = tables
        self._next = FIRST

    def added(self, rows: int) -> None:
        """So many since the run began. Call it between transactions."""
        if rows >= self._next:
            self._next = rows * GROWTH
            count(*self._tables)


def count(*tables: type[models.Model]) -> None:
    """Now, whatever they hold. Call it between transactions."""
    if connection.vendor != "postgresql":
        return
    quote = connection.ops.quote_name
    columns = ", ".join(map(quote, KEYS))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL default_statistics_target = {SAMPLE}")
        for table in tables:
            # Whoever is counting or tidying it already will do.
            cursor.execute(f"ANALYZE (SKIP_LOCKED) {quote(table._meta.db_table)} ({columns})")
