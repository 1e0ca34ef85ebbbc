"""Which queue a walk waits in: never behind something much longer than itself."""

from datetime import UTC, datetime, timedelta

import pytest

from organiser_portal.celery import app
from organiser_portal.connections.models import SyncState
from organiser_portal.participants.bulk import running as bulk
from organiser_portal.participants.imports import running as imports
from organiser_portal.sync.dispatch import due_pulls, due_pushes
from organiser_portal.sync.lanes import SMALL, Lane, lane_of_walk
from organiser_portal.sync.limits import REPLAY
from tests.conftest import NOW as TODAY

NOW = datetime(2027, 5, 14, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("every_hours", "full_due", "seen_ago", "full_ago", "held", "expected"),
    [
        (24, False, None, None, 0, Lane.WHOLE),  # a first load, as long as it may be
        (24, True, None, None, 0, Lane.WHOLE),
        (None, False, None, None, 0, Lane.SYNC),  # races and the like
        (24, False, 1, 1, 60_000, Lane.SYNC),  # only what has changed
        (24, False, 1, 25, 60_000, Lane.WHOLE),
        (24, True, 1, 1, 60_000, Lane.WHOLE),  # asked for
        (24, False, 1, None, 60_000, Lane.WHOLE),
        (24, False, 1, 25, SMALL, Lane.SYNC),
        (None, False, 1, None, SMALL, Lane.SYNC),
        (None, False, 1, None, SMALL + 1, Lane.WHOLE),  # it has shown itself to be long
    ],
)
def test_the_lane_follows_from_how_much_is_to_be_read(
    every_hours: int | None, full_due: bool, seen_ago: int | None, full_ago: int | None, held: int, expected: Lane
) -> None:
    lane = lane_of_walk(
        every_hours=every_hours,
        full_due=full_due,
        last_success_at=None if seen_ago is None else NOW - timedelta(hours=seen_ago),
        last_full_at=None if full_ago is None else NOW - timedelta(hours=full_ago),
        held=held,
        now=NOW,
    )
    assert lane is expected


def test_a_job_knows_its_lane(connection, races, entries) -> None:
    assert [job.lane for job in due_pulls(now=TODAY)] == [Lane.SYNC]
    SyncState.objects.filter(pk=races.pk).update(due_at=TODAY + DAY)
    assert [job.lane for job in due_pulls(now=TODAY)] == [Lane.WHOLE]
    SyncState.objects.filter(pk=entries.pk).update(last_success_at=TODAY, last_full_at=TODAY, held=60_000)
    assert [job.lane for job in due_pulls(now=TODAY)] == [Lane.SYNC]
    assert due_pushes(now=TODAY) == []


def test_reading_again_what_is_stored_delays_nobody(connection) -> None:
    SyncState.objects.all().delete()
    SyncState.objects.create(connection=connection, resource=REPLAY, due_at=TODAY)
    assert [job.lane for job in due_pulls(now=TODAY)] == [Lane.WHOLE]


@pytest.mark.parametrize("task", [bulk.TASK, imports.TASK])
def test_what_staff_begin_does_not_keep_the_minute_waiting(task: str) -> None:
    assert app.amqp.router.route({}, task)["queue"].name == Lane.SYNC


@pytest.mark.parametrize(
    "task", ["organiser_portal.sync.tasks.dispatch_due", "organiser_portal.operations.tasks.watch"]
)
def test_the_minute_has_a_lane_of_its_own(task: str) -> None:
    route = app.amqp.router.route({}, f"organiser_portal.{task}")
    assert route.get("queue", app.amqp.default_queue).name == Lane.CLOCK
