"""What a Celery worker does for this room. Unknown arguments are ignored, so that versions can overlap."""

from typing import Any

from celery import shared_task
from django.db.models import Q
from django.utils import timezone

from organiser_portal.participants.background import hand_out
from organiser_portal.participants.bulk import running as bulk
from organiser_portal.participants.imports import keeping
from organiser_portal.participants.imports import running as imports
from organiser_portal.participants.models import Batch, Import


@shared_task(name=bulk.TASK)
def run_batch(*, batch_id: int, **_: Any) -> None:
    """Go on with one batch."""
    bulk.run_batch(batch_id, clock=timezone.now)


@shared_task(name="organiser_portal.participants.tasks.resume_batches")
def resume_batches(**_: Any) -> None:
    """Once a minute: what a killed worker left, or what no broker took. Who finds another at it, leaves it."""
    left = Batch.objects.unfinished() | Batch.objects.filter(Q(undoing=True))
    for batch_id in left.order_by("pk").values_list("pk", flat=True)[:100]:
        hand_out(bulk.TASK, batch_id=batch_id)
    for import_id in Import.objects.under_way().order_by("pk").values_list("pk", flat=True)[:100]:
        hand_out(imports.TASK, import_id=import_id)


@shared_task(name=imports.TASK)
def run_import(*, import_id: int, **_: Any) -> None:
    """Go on with one import."""
    imports.run_import(import_id, clock=timezone.now)


@shared_task(name="organiser_portal.participants.tasks.forget_imports")
def forget_imports(**_: Any) -> None:
    """Once an hour: uploaded files and what was kept to undo their import, once a week has passed."""
    keeping.forget(timezone.now())
