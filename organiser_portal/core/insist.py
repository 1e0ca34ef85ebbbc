"""How an attempt ended must be written even when the database was just cut off, or its lease would block the next."""

import time
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, connection

PAUSES = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)  # seconds; a database that restarts is back by then


def insist[T](write: Callable[[], T]) -> T:
    """Carry out ``write``, again on a fresh connection while the database does not answer. Raises its last error."""
    for pause in PAUSES:
        try:
            return write()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block:
                raise
            connection.close_if_unusable_or_obsolete()
            time.sleep(pause)
    return write()
