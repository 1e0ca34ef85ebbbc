"""Past and present runs as people see them."""

from dataclasses import dataclass
from datetime import datetime

from organiser_portal.connections import gateway
from organiser_portal.connections.models import Standing, SyncState
from organiser_portal.core import wording
from organiser_portal.sync.doubt import ACCEPTED
from organiser_portal.sync.models import SyncRun
from organiser_portal.sync.progress import resource_label

TABS = (
    ("", "All"),
    ("running", "Running"),
    ("failed", "Failed"),
    ("short", "Ended short"),
    ("implausible", "Not believed"),
)
COUNTS = (
    ("new", "new"),
    ("changed", "changed"),
    ("same", "the same"),
    ("gone", "gone"),
    ("rejected", "refused by us"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One run, in words."""

    run: SyncRun
    face: gateway.Face
    connection_name: str
    label: str
    counts: str
    took: str
    how: str


def line(run: SyncRun, now: datetime) -> Line:
    """The run needs its connection."""
    return Line(
        run=run,
        face=gateway.face(run.connection.provider),
        connection_name=gateway.connection_name(run.connection),
        label=resource_label(run.connection, run.resource),
        counts=counts(run),
        took=wording.span((run.finished_at or now) - run.started_at),
        how=_how(run),
    )


def counts(run: SyncRun) -> str:
    """ "3 new, 12 changed, 1,485 the same"; what is nought is left out."""
    said = [f"{number:,} {word}" for name, word in COUNTS if (number := getattr(run, name))]
    return ", ".join(said) or ("nothing to see" if run.finished_at and not run.error_kind else "")


def tried_again_at(run: SyncRun) -> datetime | None:
    """When the listing of a run that failed is asked for again by itself; None: it is not, or has been since.

    Nor is what somebody has accepted: that is read again at once, and does not stay as it was.
    """
    if not run.error_sentence or run.error_kind == ACCEPTED:
        return None
    runs = SyncRun.objects.filter(connection=run.connection_id, resource=run.resource)
    if run.connection.standing != Standing.WORKING or runs.filter(pk__gt=run.pk).exists():
        return None
    states = SyncState.objects.filter(connection=run.connection_id, resource=run.resource)
    return states.values_list("due_at", flat=True).first()


def _how(run: SyncRun) -> str:
    """What was out of the usual about it."""
    kinds = ((run.full, "whole list"), (run.resumed, "resumed"), (run.by_hand, "by hand"))
    return ", ".join(word for is_so, word in kinds if is_so)
