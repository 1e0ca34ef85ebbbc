"""A broker that is away for a night, and workers that are: nobody has to start anything anew, and nothing piles up."""

from datetime import datetime, timedelta

import pytest
from celery import current_app
from celery.beat import Scheduler
from celery.signals import before_task_publish
from django.utils import timezone

from organiser_portal.operations.ticks import PAUSE

TICKS = sorted(current_app.conf.beat_schedule)


def test_workers_and_beat_never_stop_looking_for_their_broker() -> None:
    """Celery's own is a hundred times, which is 47 minutes."""
    assert current_app.conf.broker_connection_max_retries is None


@pytest.mark.parametrize("name", TICKS)
def test_a_tick_that_no_worker_took_is_worth_nothing_when_they_are_back(name: str) -> None:
    """Of a night without workers there were thousands, and each would have handed everything out once more."""
    expires: list[datetime] = []

    def note(headers: dict[str, str], **_: object) -> None:
        expires.append(datetime.fromisoformat(headers["expires"] or "9999-12-31T00:00+00:00"))

    before_task_publish.connect(note, weak=False)
    try:
        beat = Scheduler(app=current_app)
        beat.apply_async(beat.schedule[name], advance=False)
    finally:
        before_task_publish.disconnect(note)
        current_app.control.purge()
    assert [at <= timezone.now() + PAUSE + timedelta(seconds=1) for at in expires] == [True]
