"""Whether a whole walk was doubted, and whether a person has believed it all the same.

What was absent is not kept: the list is read again, and what it does not name by then is gone. An acceptance is spent
by the next whole walk that ends in a verdict, and holds only for a list no emptier than the one that was looked at.
"""

from django.db.models import Q

from organiser_portal.sync.models import Outcome, SyncRun
from organiser_portal.sync.retire import AT_ONCE

ACCEPTED = "Accepted"
"""The ``error_kind`` of a run that was refused as implausible and then accepted. The audit trail says by whom."""


def is_in_doubt(run: SyncRun) -> bool:
    """Whether it was refused as implausible, nobody has accepted it, and no whole walk has come to a verdict since."""
    if run.outcome != Outcome.IMPLAUSIBLE or run.error_kind:
        return False
    last = last_verdict(connection_id=run.connection_id, resource=run.resource)
    return last is not None and last.pk == run.pk


def is_believed(*, connection_id: int, resource: str, seen: int) -> bool:
    """Whether somebody has accepted what this listing lacks. ``seen``: how many records the walk at hand has named."""
    last = last_verdict(connection_id=connection_id, resource=resource)
    return last is not None and last.error_kind == ACCEPTED and seen + AT_ONCE >= last.seen_in_all


def last_verdict(*, connection_id: int, resource: str) -> SyncRun | None:
    """The newest walk of this listing that was a whole one and was believed, or refused."""
    whole = Q(outcome=Outcome.IMPLAUSIBLE) | Q(outcome=Outcome.SUCCEEDED, full=True)
    return SyncRun.objects.filter(whole, connection_id=connection_id, resource=resource).order_by("-id").first()
