"""Somebody works at a row while somebody else wants it. Needs a database with more than one writer."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection as database
from django.db import transaction


def somebody_waits() -> bool:
    """In this database: others may be testing on the same server."""
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks AS waiting JOIN pg_locks AS held USING (pid) "
            "JOIN pg_database ON held.database = oid WHERE NOT waiting.granted AND datname = current_database())"
        )
        return bool(cursor.fetchone()[0])


@contextmanager
def while_at_work(act: Callable[[], object]) -> Iterator[Callable[[], None]]:
    """In the block, a transaction, rows are taken; call what it gives to let ``act`` begin in a thread and come to
    wait for them. Left, the block is committed and ``act`` done.
    """

    def work() -> None:
        try:
            act()
        finally:
            database.close()

    with ThreadPoolExecutor(1) as pool:
        begun = []

        def let_it_come() -> None:
            begun.append(pool.submit(work))
            until = time.monotonic() + 10
            while not somebody_waits():
                assert time.monotonic() < until, f"it did not come this far: {begun[0]}"
                time.sleep(0.02)

        with transaction.atomic():
            yield let_it_come
        for each in begun:
            each.result()


def in_a_hurry(act: Callable[[], object]) -> None:
    """Done on a connection of its own; raises OperationalError if it had to wait."""

    def work() -> None:
        try:
            with database.cursor() as cursor:
                cursor.execute("SET lock_timeout = '3s'")
            act()
        finally:
            database.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()
