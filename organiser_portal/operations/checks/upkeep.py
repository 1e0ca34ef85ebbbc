"""Whether PostgreSQL is given what it needs: memory for so much, and leave to clean up after itself."""

from collections.abc import Iterator
from datetime import datetime

from django.db import connection

from organiser_portal.operations.checks.finding import Finding, asks_the_database, good, notice

LARGE = 1024**3  # bytes; what is smaller the system's own cache holds well enough
SHARE = 8  # a database may be so many times its memory before it reads the same pages again and again
SETTINGS = """
SELECT pg_database_size(current_database()), pg_size_bytes(current_setting('shared_buffers')),
    current_setting('autovacuum') = 'on' AND current_setting('track_counts') = 'on'
"""


@asks_the_database("upkeep")
def is_looked_after(_: datetime) -> Iterator[Finding]:
    """PostgreSQL's memory and autovacuum; SQLite needs neither."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(SETTINGS)
        size, memory, cleans = cursor.fetchone()
    yield from upkeep(size, memory, cleans=cleans)


def upkeep(size: int, memory: int, *, cleans: bool) -> Iterator[Finding]:
    """``size`` of the database, ``memory`` it is kept in, both in bytes; ``cleans``: whether autovacuum is on."""
    told = f"{memory / 1024**2:,.0f} MB of memory (shared_buffers) for {size / 1024**2:,.0f} MB"
    if size > LARGE and size > SHARE * memory:
        yield notice(
            "upkeep",
            f"PostgreSQL has {told}: a search for a common name reads past it. Give it a quarter of the machine's.",
        )
    elif cleans:
        yield good("upkeep", f"PostgreSQL has {told}, and cleans up after itself.")
    if not cleans:
        yield notice(
            "upkeep",
            "PostgreSQL's autovacuum is off: old versions of rows pile up, and plans are made by old counts. "
            "Switch it on.",
        )
