"""Transactions that need not be on the disk before the next one begins."""

from django.db import connection


def lasts_by_and_by() -> None:
    """Call it inside a transaction that whoever made it would make again. COMMIT then waits for no disk.

    Should the machine fall over within a second, PostgreSQL comes back as it was before the transaction: whole, and
    without it. What is committed after it in the usual way has it on the disk as well. SQLite waits as ever.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")
