"""What a Celery worker is given: ids and the clock. Unknown arguments are ignored, so that versions can overlap."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from celery import Task, shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from organiser_portal.core.logs import binding
from organiser_portal.sync import dispatch, push, put_off
from organiser_portal.sync.engine import run_state
from organiser_portal.sync.lanes import Lane
from organiser_portal.sync.limits import BUDGET, HARD_LIMIT, SOFT_LIMIT, WAITS_IN_QUEUE

log = logging.getLogger(__name__)

# A broker that was restarted is there again; for one that is away nobody waits.
ONCE_MORE = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}


@shared_task(name="organiser_portal.sync.tasks.dispatch_due")
def dispatch_due(**_: Any) -> None:
    """Once a minute: hand out what is due."""
    now = timezone.now()
    dispatch.free_all(now=now)
    if put_off.waiting():  # first: behind the walks it would have no turn while there are more of them than workers
        with _or_in_a_minute():
            _send(make_indexes, Lane.WHOLE)
    _hand_out(pulls=dispatch.due_pulls(now=now), pushes=dispatch.due_pushes(now=now))


@shared_task(name="organiser_portal.sync.tasks.pull_state", time_limit=HARD_LIMIT, soft_time_limit=SOFT_LIMIT)
def pull_state(*, state_id: int, connection_id: int, **_: Any) -> None:
    """One attempt at one listing; the next one of the same connection follows at once."""
    with binding(connection_id=connection_id):
        run_state(state_id, budget=BUDGET)
        dispatch_now(connection_id)


@shared_task(name="organiser_portal.sync.tasks.make_indexes")
def make_indexes(**_: Any) -> None:
    """Those that were put off by a first load which died."""
    put_off.make_forgotten()


@shared_task(name="organiser_portal.sync.tasks.push_connection", time_limit=HARD_LIMIT, soft_time_limit=SOFT_LIMIT)
def push_connection(*, connection_id: int, **_: Any) -> None:
    """Send what waits for one provider."""
    with binding(connection_id=connection_id):
        push.drain(connection_id, budget=BUDGET)


def push_soon(connection_id: int) -> None:
    """An edit has been saved: a worker that is idle sends it at once. Call it when the rows are committed."""
    with _or_in_a_minute():
        _send(push_connection, Lane.PUSH, connection_id=connection_id)


def dispatch_now(connection_id: int) -> None:
    """Hand out what is due of one connection without waiting for the minute. Call it when the rows are committed."""
    now = timezone.now()
    _hand_out(
        pulls=dispatch.due_pulls(now=now, connection_id=connection_id),
        pushes=dispatch.due_pushes(now=now, connection_id=connection_id),
    )


def _hand_out(*, pulls: Iterable[dispatch.Job], pushes: Iterable[dispatch.Job]) -> None:
    with _or_in_a_minute():
        for job in pushes:
            _send(push_connection, job.lane, connection_id=job.pk)
        for job in pulls:
            _send(pull_state, job.lane, state_id=job.pk, connection_id=job.connection_id)


@contextmanager
def _or_in_a_minute() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        log.warning("the broker does not answer (%s); the next minute tries again", type(error).__name__)


def _send(task: "Task[Any, Any]", lane: Lane, **ids: int) -> None:
    # A job that waited longer is stale: the next minute hands it out again, in a fair order.
    task.apply_async(kwargs=ids, queue=lane.value, expires=WAITS_IN_QUEUE, retry=True, retry_policy=ONCE_MORE)
