"""The database, asked with little patience: by whoever must say in time that it does not answer."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

from django.db import DEFAULT_DB_ALIAS, Error, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def answering_within(seconds: int) -> Iterator[None]:
    """What the block asks must be answered within so many seconds, else it raises django.db.Error.

    The server ends a statement that waits, for a lock perhaps. A server that says nothing at all, or is no longer
    reached, has its line cut from this end.
    """
    # Itself, for the thread that watches: what Django calls "connection" is another one in each thread.
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "postgresql":  # nothing is between us and a file
        yield
        return
    with _cut_after(seconds, connection), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = '{seconds}s'")
        yield


@contextmanager
def _cut_after(seconds: int, database: BaseDatabaseWrapper) -> Iterator[None]:
    """Again and again: a line that is cut may be followed by a new one."""
    done = Event()

    def watch() -> None:
        while not done.wait(seconds):
            _cut(database)

    watching = Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield
    finally:
        done.set()
        watching.join()


def _cut(database: BaseDatabaseWrapper) -> None:
    """Whoever waits at the other end of the line is told that it is closed."""
    line = database.connection
    with suppress(Error, OSError):  # it may be closed already
        if line is not None and not line.closed:
            with socket.socket(fileno=os.dup(line.fileno())) as end:
                end.shutdown(socket.SHUT_RDWR)
