"""Staff change an entry, or mend one that a provider refused."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from organiser_portal.connections.models import MENDABLE
from organiser_portal.events.models import Sku
from organiser_portal.organisations.models import User
from organiser_portal.participants import search
from organiser_portal.participants.conflicts import follow
from organiser_portal.participants.history import columns_emptied, write_revision
from organiser_portal.participants.merge import as_json
from organiser_portal.participants.models import Entry
from organiser_portal.participants.modes import EditMode, edit_mode, pushed_fields, speaks_again, status_is_ours
from organiser_portal.participants.prices import named
from organiser_portal.participants.services.errors import EntryErased, NothingToMend, NotOurs
from organiser_portal.participants.services.keeping import changed
from organiser_portal.participants.services.outbox import current_change, queue_edit
from organiser_portal.participants.services.overriding import put_over
from organiser_portal.participants.services.values import LISTED, Difference, EntryValues, differences
from providers.records import PERSON_FIELDS

DERIVED = ("sort_name", "search_text", "push_state", "overrides", "conflicts")


def edit_entry(*, entry: Entry, values: EntryValues, by: User, now: datetime, summary: str = "") -> Entry:
    """Change what differs, and see to it that the provider is told, or that our value stands over theirs.

    ``summary``: what its line of the history says, if not simply what changed.
    Raises EntryErased, and NotOurs for a field that is the provider's alone.
    """
    with transaction.atomic():
        entry = locked(entry)
        found = differences(entry, values)
        if found:
            _change(entry, found, by, now, summary)
        return entry


def is_saved(entry: Entry, values: EntryValues) -> bool:
    """Whether the entry says all of this by now: a form that is sent twice has nothing left to save."""
    return not differences(locked(entry), values)


def mend_rejected(*, entry: Entry, values: EntryValues, by: User, now: datetime) -> Entry:
    """Correct what was refused and queue it again, under the same reference. Raises NothingToMend."""
    with transaction.atomic():
        entry = _refused(entry)
        if found := differences(entry, values):
            _change(entry, found, by, now)
        return _queued_again(entry, by, now)


def send_again(*, entry: Entry, by: User | None, now: datetime) -> Entry:
    """Queue what was refused again, as the entry is by now. Raises NothingToMend."""
    with transaction.atomic():
        return _queued_again(_refused(entry), by, now)


def tell_all(*, entry: Entry, by: User | None, now: datetime) -> None:
    """Queue all that the entry says as an edit, what was emptied too: what the provider has of it may be older."""
    emptied = columns_emptied(entry)
    values = {name: getattr(entry, name) for name in sorted(pushed_fields(entry))}
    said = {name: as_json(value) for name, value in values.items() if value or name in emptied}
    queue_edit(entry=entry, was=said, by=by, now=now)


def locked(entry: Entry) -> Entry:
    """The entry as it is now, held until the transaction ends."""
    rows = Entry.objects.select_related("connection", "listing", "race", "organisation")
    return rows.select_for_update(of=("self",)).get(pk=entry.pk)


def hold(entry_ids: Iterable[int]) -> dict[int, Entry]:
    """The same of many, by id: in one order, so that nobody waits for another crosswise."""
    rows = Entry.objects.select_for_update().filter(pk__in=set(entry_ids)).order_by("pk")
    return {entry.pk: entry for entry in rows}


def _refused(entry: Entry) -> Entry:
    entry = locked(entry)
    change = current_change(entry)
    if change is None or change.state not in MENDABLE:
        raise NothingToMend
    return entry


def _queued_again(entry: Entry, by: User | None, now: datetime) -> Entry:
    queue_edit(entry=entry, was={}, by=by, now=now)
    entry.save(update_fields=["push_state"])
    return entry


def _change(entry: Entry, found: Sequence[Difference], by: User, now: datetime, summary: str = "") -> None:
    mode = edit_mode(entry, current_change(entry))
    _check(entry, mode, found)
    for each in found:
        setattr(entry, each.name, each.new)
    if mode is EditMode.OVERRIDE or speaks_again(entry):
        put_over(entry, [each for each in found if each.name in PERSON_FIELDS], by=by, now=now)
        follow(entry.organisation_id, {entry.pk: entry.conflicts})
    if mode is EditMode.PUSH and (told := [each for each in found if each.name in pushed_fields(entry)]):
        queue_edit(entry=entry, was={each.name: as_json(each.old) for each in told}, by=by, now=now)
    search.refresh(entry)
    entry.save(update_fields=[*(each.name for each in found), *DERIVED])
    write_revision(entry=entry, by=by, now=now, summary=summary, changed=changed(entry, found, titles=_titles(entry)))


def _check(entry: Entry, mode: EditMode, found: Sequence[Difference]) -> None:
    names = {each.name for each in found}
    if mode is EditMode.ERASED:
        raise EntryErased
    if "status" in names and not status_is_ours(entry, mode):
        raise NotOurs("Whether this entry holds a place is for the provider to say.")
    if mode is EditMode.OVERRIDE and names & set(LISTED):
        raise NotOurs("Answers and orders are kept as the provider has them.")


def _titles(entry: Entry) -> dict[str, str]:
    if entry.listing is None:
        return {}
    skus = Sku.objects.filter(product__listing=entry.listing).select_related("product")
    return {sku.external_id: named(sku) for sku in skus}
