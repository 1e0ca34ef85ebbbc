"""The pace of a key, kept across processes: each call reserves its place in one row of the database.

One statement a call, with the database's own clock, on a connection of its own: a turn must count at once, whatever
transaction is open elsewhere, and nobody waits for more than that statement. Only keys in use at the same moment meet.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

import httpx
from django.db import DatabaseError, InterfaceError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.crypto import salted_hmac

from providers.turns import A_MOMENT, IN_THIS_PROCESS, Clock, Hushed, Keeper, Line, Lines, Sleep

log = logging.getLogger(__name__)

SLACK = 1.02  # a process that wakes late from its wait must not come too near to the one after it
LONGEST_LINE = 20  # places; a row that says otherwise was written by a clock that has been put right since

RESERVE = """
    INSERT INTO connections_keyturn AS line (key, free_at)
    VALUES (%(key)s, clock_timestamp() + %(spacing)s * interval '1 second')
    ON CONFLICT (key) DO UPDATE SET free_at = %(spacing)s * interval '1 second' + LEAST(
        GREATEST(line.free_at, clock_timestamp()), clock_timestamp() + %(longest)s * interval '1 second')
    RETURNING extract(epoch FROM free_at - clock_timestamp())::float - %(spacing)s,
        extract(epoch FROM quiet_until - clock_timestamp())::float
"""
# Where no pace is kept, a call only asks whether the provider wants to be left alone, and writes nothing. The answer
# holds for a moment: asked for by each of two hundred calls a second, it would cost a tenth of their time.
LOOKED_LATELY = 0.1  # seconds
LOOK = """
    SELECT 0.0::float, extract(epoch FROM quiet_until - clock_timestamp())::float
    FROM connections_keyturn WHERE key = %(key)s
"""
HUSH = """
    INSERT INTO connections_keyturn AS line (key, free_at, quiet_until)
    VALUES (%(key)s, clock_timestamp(), clock_timestamp() + %(seconds)s * interval '1 second')
    ON CONFLICT (key) DO UPDATE SET quiet_until = GREATEST(line.quiet_until, EXCLUDED.quiet_until)
"""

_alone = Lines(heeds_quiet=True)


@contextmanager
def keeper(transport: httpx.BaseTransport | None) -> Iterator[Keeper]:
    """Who keeps the pace of a client that is open meanwhile. A wire of somebody's own (a test's) keeps its own time."""
    if transport is not None:
        yield IN_THIS_PROCESS
    elif connection.vendor != "postgresql":
        yield _alone  # SQLite means one process
    else:
        shared = SharedLines()
        try:
            yield shared
        finally:
            shared.close()


class SharedLines:
    """The lines of all processes. Its connection is opened by the first call and shared between threads."""

    def __init__(self) -> None:
        self.salt = salted_hmac("connections.pace", "", algorithm="sha256").digest()
        self._lock = Lock()
        self._database: BaseDatabaseWrapper | None = None

    def line(self, key: str, clock: Clock) -> Line:
        return _SharedLine(self, key, meanwhile=_alone.line(key, clock))

    def ask(self, statement: str, values: dict[str, Any]) -> tuple[Any, ...] | None:
        """The one row that comes back, None for a statement without. Raises DatabaseError, InterfaceError."""
        with self._lock:
            try:
                return self._asked(statement, values)
            except (DatabaseError, InterfaceError):
                self._close()  # the line may have been cut since the last call
                return self._asked(statement, values)

    def close(self) -> None:
        with self._lock:
            self._close()

    def _asked(self, statement: str, values: dict[str, Any]) -> tuple[Any, ...] | None:
        if self._database is None:
            self._database = connections.create_connection("default")
            self._database.inc_thread_sharing()
            with self._database.cursor() as cursor:
                cursor.execute("SET synchronous_commit TO off")  # a turn lost in a crash is no loss
        with self._database.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchone() if cursor.description else None

    def _close(self) -> None:
        database, self._database = self._database, None
        if database is not None:
            database.close()


class _SharedLine:
    """``meanwhile``: the line of this process, for as long as the database does not answer."""

    def __init__(self, lines: SharedLines, key: str, *, meanwhile: Line) -> None:
        self._lines = lines
        self._key = key
        self._meanwhile = meanwhile
        self._free_until = 0.0

    def wait(self, spacing: float, sleep: Sleep) -> None:
        spaced = spacing * SLACK
        if not spaced and time.monotonic() < self._free_until:
            self._meanwhile.wait(0.0, sleep)  # what was said in this process counts at once
            return
        try:
            pause = self._ask(RESERVE if spaced else LOOK, spaced)
            self._free_until = time.monotonic() + LOOKED_LATELY
            if pause > 0:
                sleep(pause)
                self._ask(LOOK, spaced)  # another may have been told meanwhile that nobody is to call
        except (DatabaseError, InterfaceError) as error:
            log.warning("the pace is kept in this process alone: %s", type(error).__name__)
            self._meanwhile.wait(spacing, sleep)

    def _ask(self, statement: str, spaced: float) -> float:
        """Seconds until it is our turn. Raises Hushed, DatabaseError, InterfaceError."""
        found = self._lines.ask(statement, {"key": self._key, "spacing": spaced, "longest": spaced * LONGEST_LINE})
        pause, quiet = found or (0.0, None)
        if quiet is not None and quiet > A_MOMENT:
            raise Hushed(quiet)
        return float(pause)

    def hush(self, seconds: float) -> None:
        self._free_until = 0.0
        self._meanwhile.hush(seconds)
        try:
            self._lines.ask(HUSH, {"key": self._key, "seconds": seconds})
        except (DatabaseError, InterfaceError) as error:
            log.warning("the others were not told to wait: %s", type(error).__name__)
