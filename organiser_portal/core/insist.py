"""How an attempt ended must be written even when the database was just cut off, or its lease would block the next."""

import time
from collections.abc import Callable, Iterable, Iterator

from django.db import InterfaceError, OperationalError, connection

from organiser_portal.core import leaving

PAUSES = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)  # seconds; a database that restarts is back by then
OFTEN = 5.0
TWO_HOURS = 1_440  # times


def insist[T](write: Callable[[], T], *, pauses: Iterable[float] = PAUSES) -> T:
    """Carry out ``write``, again on a fresh connection while the database does not answer. Raises its last error."""
    for pause in pauses:
        try:
            return write()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block:
                raise
            connection.close_if_unusable_or_obsolete()
            time.sleep(pause)
    return write()


def for_hours() -> Iterator[float]:
    """Pauses for what matters to others. A worker that is told to stop need not wait: it is seen to be dead."""
    for _ in range(TWO_HOURS):
        if leaving.is_told():
            return
        yield OFTEN
