"""How long what people uploaded is kept: a week. It is personal data, and its purpose is over by then."""

from datetime import datetime

from organiser_portal.participants.models import Import, ImportRow, ImportState
from organiser_portal.participants.models.imports import KEPT_FOR

OPEN = (ImportState.NEW, ImportState.CHECKING, ImportState.CHECKED)


def forget(now: datetime) -> None:
    """What was never committed goes altogether; of the others the figures stay, and which entry was meant."""
    old = Import.objects.filter(created_at__lt=now - KEPT_FOR, undoing=False)
    old.filter(state__in=OPEN).delete()
    over = old.exclude(state__in=OPEN).exclude(state=ImportState.COMMITTING).exclude(columns=[])
    for imported in over:
        ImportRow.objects.filter(imported=imported).update(
            name="", sort_name="", birth_date=None, email="", reason="", before={}, after={}
        )
        imported.columns = []
        imported.chunks.all().delete()
        imported.save(update_fields=["columns"])
