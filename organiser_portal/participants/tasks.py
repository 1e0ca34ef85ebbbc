"""What a Celery worker does for this room. Unknown arguments are ignored, so that versions can overlap."""

from typing import Any

from celery import shared_task
from django.db.models import Q
from django.utils import timezone

from organiser_portal.participants.bulk import running
from organiser_portal.participants.models import Batch


@shared_task(name=running.TASK)
def run_batch(*, batch_id: int, **_: Any) -> None:
    """Go on with one batch."""
    running.run_batch(batch_id, clock=timezone.now)


@shared_task(name="organiser_portal.participants.tasks.resume_batches")
def resume_batches(**_: Any) -> None:
    """Once a minute: what a killed worker left, or what no broker took. Two at one batch take turns, harmlessly."""
    left = Batch.objects.unfinished() | Batch.objects.filter(Q(undoing=True))
    for batch_id in left.order_by("pk").values_list("pk", flat=True)[:100]:
        running.hand_out(batch_id)
