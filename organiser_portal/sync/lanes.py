"""Which queue a job waits in, so that nobody waits behind something much longer than their own. Pure.

A worker listens to all queues unless it is told otherwise; what keeps them apart is a worker (or threads) for each.
"""

from datetime import datetime
from enum import StrEnum

from organiser_portal.sync.schedule import full_walk_due

SMALL = 2_000  # records; a few seconds


class Lane(StrEnum):
    """The queues, the shortest jobs first. The values are their names at the broker."""

    CLOCK = "clock"  # once a minute: hand out, and look whether all is well
    PUSH = "push"  # edits on their way to a provider
    SYNC = "sync"  # what has changed since the last walk, and small listings
    WHOLE = "whole"  # first loads and whole walks of long listings


def lane_of_walk(
    *,
    every_hours: int | None,
    full_due: bool,
    last_success_at: datetime | None,
    last_full_at: datetime | None,
    held: int,
    now: datetime,
) -> Lane:
    """``every_hours``: of the listing, None where each walk reads everything. ``held``: how many there were last time.

    How long a listing is that was never seen to its end nobody knows. One that its provider cannot tell the changes of
    is taken to be short until it has shown itself to be long.
    """
    if last_success_at is None:
        return Lane.SYNC if every_hours is None else Lane.WHOLE
    whole = every_hours is None or full_walk_due(
        asked=full_due, every_hours=every_hours, last_full_at=last_full_at, now=now
    )
    return Lane.WHOLE if whole and held > SMALL else Lane.SYNC
