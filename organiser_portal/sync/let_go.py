"""How a walk ended cannot be written down: nobody else may have to wait for that."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from secrets import SystemRandom

from django.db import DatabaseError, InterfaceError
from django.db.models import F

from organiser_portal.connections.models import SyncState
from organiser_portal.core.insist import for_hours, insist
from organiser_portal.sync.claim import Claim, close_abandoned
from organiser_portal.sync.schedule import back_off

log = logging.getLogger(__name__)
chance = SystemRandom().random


@contextmanager
def lets_go(mine: Claim, clock: Callable[[], datetime], *, run_id: int) -> Iterator[None]:
    """What is written in here says how it ended. If that fails, the lease is freed as soon as the database allows it,
    and the listing is tried again later: it may fail in the same way each time.
    """
    try:
        yield
    except (DatabaseError, InterfaceError) as error:
        log.error("run %s: how it ended is not recorded (%s)", run_id, type(error).__name__)
        insist(lambda: _free(mine, clock()), pauses=for_hours())
        close_abandoned(mine.state.connection_id, mine.state.resource, now=clock(), run_id=run_id)
        raise


def _free(mine: Claim, now: datetime) -> None:
    due = now + back_off(mine.state.failures + 1, jitter=chance())
    held = SyncState.objects.filter(pk=mine.state.pk, lease=mine.token)
    held.update(lease="", leased_until=None, due_at=due, failures=F("failures") + 1)
