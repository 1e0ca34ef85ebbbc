"""An import from its check to its end, and back. A chunk at a time, each in one transaction with how far it is.

A killed worker loses nothing and does nothing twice.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from django.db import transaction

from organiser_portal.core import leaving
from organiser_portal.events.models import Listing, Race
from organiser_portal.organisations import audit
from organiser_portal.organisations.models import User
from organiser_portal.participants.background import hand_out
from organiser_portal.participants.imports.checking import check_some
from organiser_portal.participants.imports.committing import commit_some
from organiser_portal.participants.imports.setup import Setup
from organiser_portal.participants.imports.undoing import undo_some
from organiser_portal.participants.models import Import, ImportState
from organiser_portal.participants.models.imports import KEPT_FOR

TASK = "organiser_portal.participants.tasks.run_import"
BEFORE_COMMIT = (ImportState.NEW, ImportState.CHECKING, ImportState.CHECKED)


def start_check(
    imported: Import, *, mapping: Mapping[str, str], race: Race | None, listing: Listing | None, month_first: bool
) -> bool:
    """Sort the rows into piles, anew where that was done before. False: it has been committed meanwhile."""
    with transaction.atomic():
        open_one = Import.objects.select_for_update().filter(pk=imported.pk, state__in=BEFORE_COMMIT).first()
        if open_one is None:
            return False
        open_one.rows.all().delete()
        open_one.mapping, open_one.race, open_one.listing = dict(mapping), race, listing
        open_one.month_first, open_one.state, open_one.cursor = month_first, ImportState.CHECKING, 0
        open_one.create = open_one.update = open_one.same = open_one.cannot = open_one.told = 0
        open_one.save()
        transaction.on_commit(partial(hand_out, TASK, import_id=imported.pk))
    return True


def start_commit(imported: Import, *, by: User) -> None:
    """Do what the check said. Twice is once."""
    with transaction.atomic():
        checked = Import.objects.filter(pk=imported.pk, state=ImportState.CHECKED)
        if not checked.update(state=ImportState.COMMITTING, cursor=0, by=by):
            return
        audit.record(
            organisation=imported.organisation,
            actor=by,
            action="entries.import_started",
            subject=f"{imported.total:,} rows",
            batch=imported.pk,
            create=imported.create,
            update=imported.update,
        )
        transaction.on_commit(partial(hand_out, TASK, import_id=imported.pk))


def stop_import(imported: Import, *, now: datetime) -> None:
    """A check goes back to its columns; of a commit, what is done stays done and can be undone. What has gone back
    stays so, and the rest can follow.
    """
    with transaction.atomic():
        moving = Import.objects.select_for_update().filter(pk=imported.pk)
        moving.filter(undoing=True).update(undoing=False)
        moving.filter(state=ImportState.CHECKING).update(state=ImportState.NEW, cursor=0)
        if moving.filter(state=ImportState.COMMITTING).update(state=ImportState.STOPPED, finished_at=now):
            imported.chunks.all().delete()


def can_be_undone(imported: Import, now: datetime) -> bool:
    return (
        imported.over
        and not imported.undoing
        and imported.undone_at is None
        and imported.changed > 0
        and now < imported.created_at + KEPT_FOR
    )


def undo_import(imported: Import, *, by: User, now: datetime) -> None:
    """Begin the way back. Twice is once."""
    if not can_be_undone(imported, now):
        return
    with transaction.atomic():
        if not Import.objects.filter(pk=imported.pk, undoing=False, undone_at=None).update(undoing=True):
            return
        audit.record(
            organisation=imported.organisation,
            actor=by,
            action="entries.import_undone",
            subject=f"{imported.changed - imported.gone_back:,} entries",
            batch=imported.pk,
        )
        transaction.on_commit(partial(hand_out, TASK, import_id=imported.pk))


def run_import(import_id: int, *, clock: Callable[[], datetime]) -> None:
    """Go on with it until a person has to decide, it is over, or this worker is told to stop."""
    while _step(import_id, clock()) and not leaving.is_told():
        pass


def _step(import_id: int, now: datetime) -> bool:
    """One more chunk. False: there is nothing left to do, or another worker is at it."""
    with transaction.atomic():
        rows = Import.objects.select_related("by", "organisation", "race", "listing")
        imported = rows.select_for_update(of=("self",), skip_locked=True).filter(pk=import_id).first()
        if imported is None or not imported.under_way:
            return False
        if imported.by is None:  # whoever began it is no more
            imported.state, imported.undoing, imported.finished_at = ImportState.STOPPED, False, now
        elif imported.undoing:
            undo_some(imported, imported.by, now)
        else:
            chunk = imported.chunks.filter(number=imported.cursor).first()
            setup = Setup(imported=imported, now=now)
            if imported.state == ImportState.CHECKING:
                check_some(imported, chunk, setup)
            else:
                commit_some(imported, chunk, setup, imported.by)
        imported.save()
        return imported.under_way
