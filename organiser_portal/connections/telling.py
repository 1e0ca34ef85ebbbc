"""Which of an entry's changes tells how it stands with its provider: one rule for its page, the lists and the inbox."""

from django.db.models import QuerySet

from organiser_portal.connections.models import MENDABLE, OutboundChange, PushState


def telling(changes: QuerySet[OutboundChange]) -> dict[int, OutboundChange]:
    """Entry → the first of its changes that waits for a person, else the newest that was not discarded."""
    told: dict[int, OutboundChange] = {}
    for change in changes.exclude(state=PushState.DISCARDED).order_by("pk"):
        before = told.get(change.entry_id)
        if before is None or before.state not in MENDABLE:
            told[change.entry_id] = change
    return told
