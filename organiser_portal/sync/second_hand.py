"""Half of a batch stored beside the other half, over another connection to the database.

A first load waits for the database alone, which keeps one processor busy for each connection. So what is new in a large
batch is stored in two transactions at a time. The one of the second hand commits first and holds whole records with all
that belongs to them: whatever becomes of the other, in which the walk moves on, they are as if their page had come
twice, and twice is once.
"""

import logging
import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context

from django.db import connection, transaction

from organiser_portal.core.lasting import lasts_by_and_by

log = logging.getLogger(__name__)

LONGEST_WAIT = "2s"
"""For what another transaction holds: the caller waits for the second hand, which the database cannot see."""
NOT_DONE = "the second hand has not stored its share: %s"


class SecondHand:
    """A thread with a connection of its own. Close it."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="second-hand")

    def beside[T](self, mine: Callable[[], T], theirs: Callable[[], T]) -> tuple[T, T]:
        """What both give: ``mine`` is done here, ``theirs`` meanwhile in a transaction of its own, or here after all.

        Neither may write what the other writes or looks for, or need what the caller's transaction has written. Raises
        what a COMMIT raises there: whether that was done nobody knows, and doing it once more could be once too often.
        """
        promise = self._thread.submit(copy_context().run, _committed, theirs)
        try:
            here = mine()
        finally:
            wait([promise])
        there = promise.result()
        return here, theirs() if there is None else there

    def aside(self, do: Callable[[], object]) -> Future[object]:
        """Done meanwhile, in whatever transactions it opens."""
        return self._thread.submit(copy_context().run, do)

    def close(self) -> None:
        """Its connection goes with it."""
        self._thread.submit(_disconnect)
        self._thread.shutdown()


def second_hand() -> SecondHand | None:
    """None where it would be no help, or could not see what the caller has stored."""
    alone = os.cpu_count() == 1 or connection.vendor != "postgresql" or connection.in_atomic_block
    return None if alone else SecondHand()


def _committed[T](do: Callable[[], T]) -> T | None:
    """None: it could not be done there, whoever's fault it is, and nothing is written."""
    is_done = False
    try:
        with transaction.atomic():
            lasts_by_and_by()
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = %s", [LONGEST_WAIT])
            done = do()
            connection.check_constraints()  # else COMMIT would, and wait there for whoever holds what rows point at
            is_done = True
    except Exception as error:
        if is_done:
            raise
        log.info(NOT_DONE, type(error).__name__)
        return None
    return done


def _disconnect() -> None:
    connection.close()  # the thread's own
