"""A batch from its beginning to its end, and back. A few entries at a time, each time with how far it is.

A killed worker loses nothing and does nothing twice: what was done and how far it is are one transaction.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Max
from django.http import QueryDict

from organiser_portal.core import leaving
from organiser_portal.organisations import audit
from organiser_portal.organisations.models import Organisation, User
from organiser_portal.participants.background import hand_out
from organiser_portal.participants.bulk.actions import ACTIONS, Action
from organiser_portal.participants.models import Batch, BatchItem, BatchState, Entry, ItemOutcome
from organiser_portal.participants.selection import Selection, select_entries
from organiser_portal.participants.services import EntryError, EntryValues, edit_entry, hold, mend_rejected

AT_ONCE = 50
TASK = "organiser_portal.participants.tasks.run_batch"


class CountChanged(Exception):
    """The list holds another number of entries than was shown. ``count`` is how many it is now."""

    def __init__(self, count: int) -> None:
        super().__init__(f"There are {count} now.")
        self.count = count


def chosen(organisation: Organisation, query: str) -> Selection:
    """The entries that an address asks for."""
    return select_entries(organisation, QueryDict(query))


def start_batch(
    *, organisation: Organisation, action: Action, value: str, query: str, expected: int, by: User, now: datetime
) -> Batch:
    """Begin in the background. Raises CountChanged when the list no longer holds what the person saw."""
    found = chosen(organisation, query).filter.found()
    with transaction.atomic():
        count = found.count()
        if count != expected:
            raise CountChanged(count)
        batch = Batch.objects.create(
            organisation=organisation,
            action=action.key,
            value=value,
            query=query,
            total=count,
            last=found.aggregate(last=Max("pk"))["last"] or 0,
            by=by,
            created_at=now,
        )
        audit.record(
            organisation=organisation,
            actor=by,
            action="entries.batch_started",
            subject=f"{count:,} entries",
            batch=batch.pk,
            does=action.key,
        )
        transaction.on_commit(partial(hand_out, TASK, batch_id=batch.pk))
    return batch


def run_batch(batch_id: int, *, clock: Callable[[], datetime]) -> None:
    """Go on with it until it is over, stopped or undone, or this worker is told to stop."""
    while _step(batch_id, clock()) and not leaving.is_told():
        pass


def stop_batch(batch: Batch, *, now: datetime) -> None:
    """What is done stays done, and can be undone. What has gone back stays so, and the rest can follow."""
    with transaction.atomic():
        Batch.objects.filter(pk=batch.pk, undoing=True).update(undoing=False)
        over = {"state": BatchState.CANCELLED, "finished_at": now, "query": "", "value": _kept_value(batch)}
        Batch.objects.unfinished().filter(pk=batch.pk).update(**over)


def undo_batch(batch: Batch, *, by: User) -> None:
    """Begin the way back: every value as it was, where nobody has changed it since. Twice is once."""
    begun = Batch.objects.filter(pk=batch.pk, undoing=False, undone_at=None, finished_at__isnull=False)
    with transaction.atomic():
        if not begun.update(undoing=True):
            return
        audit.record(
            organisation=batch.organisation,
            actor=by,
            action="entries.batch_undone",
            subject=f"{batch.changed - batch.gone_back():,} entries",
            batch=batch.pk,
        )
        transaction.on_commit(partial(hand_out, TASK, batch_id=batch.pk))


def _step(batch_id: int, now: datetime) -> bool:
    """A few more entries. False: there is nothing left to do, or another worker is at it."""
    with transaction.atomic():
        rows = Batch.objects.select_for_update(of=("self",), skip_locked=True).select_related("by", "organisation")
        batch = rows.filter(pk=batch_id).first()
        if batch is None:
            return False
        if batch.by is None:  # whoever began it is no more
            stop_batch(batch, now=now)
            return False
        if batch.undoing:
            return _undo_some(batch, batch.by, now)
        if batch.state not in (BatchState.WAITING, BatchState.RUNNING):
            return False
        return _do_some(batch, batch.by, now)


def _do_some(batch: Batch, by: User, now: datetime) -> bool:
    found = chosen(batch.organisation, batch.query).filter.found()
    ids = list(
        found.filter(pk__gt=batch.cursor, pk__lte=batch.last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
    )
    action = ACTIONS[batch.action]
    items = [_do_one(batch, action, entry, by, now) for entry in hold(ids).values()]
    BatchItem.objects.bulk_create(items)
    for item in items:
        setattr(batch, item.outcome, getattr(batch, item.outcome) + 1)
    batch.cursor = ids[-1] if ids else batch.last
    batch.state = BatchState.RUNNING
    over = len(ids) < AT_ONCE
    if over:
        batch.state, batch.finished_at, batch.query = BatchState.DONE, now, ""
        batch.value = _kept_value(batch)
    batch.save()
    return not over


def _kept_value(batch: Batch) -> str:
    """What is kept of what was typed once a batch is over."""
    return "" if ACTIONS[batch.action].private else batch.value


def _do_one(batch: Batch, action: Action, entry: Entry, by: User, now: datetime) -> BatchItem:
    item = BatchItem(batch=batch, entry=entry, outcome=ItemOutcome.SAME)
    wanted = action.change(entry, batch.value)
    before = {name: getattr(entry, name) for name in wanted}
    if before == wanted and not action.again:
        return item
    try:
        with transaction.atomic():
            if action.again:
                mend_rejected(entry=entry, values=EntryValues(), by=by, now=now)
            else:
                edit_entry(entry=entry, values=EntryValues(own=wanted), by=by, now=now)
    except EntryError as error:
        item.outcome, item.reason = ItemOutcome.REFUSED, str(error)[:300]
        return item
    item.outcome, item.before, item.after = ItemOutcome.CHANGED, before, wanted
    return item


def _undo_some(batch: Batch, by: User, now: datetime) -> bool:
    done = list(batch.items.filter(outcome=ItemOutcome.CHANGED).order_by("pk")[:AT_ONCE])
    entries = hold(item.entry_id for item in done)
    for item in done:
        _undo_one(batch, item, entries[item.entry_id], by, now)
    BatchItem.objects.bulk_update(done, ["outcome", "reason"])
    batch.undone += sum(item.outcome == ItemOutcome.UNDONE for item in done)
    over = len(done) < AT_ONCE
    if over:
        batch.undoing, batch.undone_at = False, now
    batch.save()
    return not over


def _undo_one(batch: Batch, item: BatchItem, entry: Entry, by: User, now: datetime) -> None:
    item.outcome = ItemOutcome.KEPT
    if ACTIONS[batch.action].again:
        item.reason = "What was sent cannot be taken back from here."
    elif any(getattr(entry, name) != value for name, value in item.after.items()):
        item.reason = "Somebody has changed it since."
    else:
        try:
            with transaction.atomic():
                edit_entry(entry=entry, values=EntryValues(own=item.before), by=by, now=now)
            item.outcome = ItemOutcome.UNDONE
        except EntryError as error:
            item.reason = str(error)[:300]
