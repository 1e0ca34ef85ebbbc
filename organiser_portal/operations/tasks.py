"""Once a minute: note that the clock ticks, look for stale sources, and post what is to be posted."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from organiser_portal.operations import alarms, letters, ticks


@shared_task(name="organiser_portal.operations.tasks.watch")
def watch(**_: Any) -> None:
    """Twice at the same time does no harm."""
    now = timezone.now()
    ticks.note(now=now)
    alarms.look(now=now)
    letters.send_due(now=now)
