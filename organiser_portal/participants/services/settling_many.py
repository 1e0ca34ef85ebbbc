"""Conflicts that are alike, settled in one go under one number, and put back as far as nothing has left the portal."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import batched

from django.db import transaction
from django.db.models import QuerySet

from organiser_portal.connections.models import OutboundChange, PushState
from organiser_portal.organisations import audit
from organiser_portal.organisations.models import Organisation, User
from organiser_portal.participants import fields, search
from organiser_portal.participants.conflicts import follow
from organiser_portal.participants.history import revision_of
from organiser_portal.participants.merge import as_json
from organiser_portal.participants.mirror import push_state
from organiser_portal.participants.models import Conflict, Entry, Revision, SettledField, Settlement
from organiser_portal.participants.services.errors import EntryError
from organiser_portal.participants.services.keeping import changed
from organiser_portal.participants.services.outbox import current_change, unsay
from organiser_portal.participants.services.overriding import back_to_theirs, stand_by_ours
from organiser_portal.participants.services.settling import send_no_more, tell
from organiser_portal.participants.services.values import Difference

MOST = 5_000
"""At once: what takes longer than a browser waits is done in several goes."""
CHUNK = 500
WRITTEN = {"overrides", "conflicts", "push_state", "sort_name", "search_text"}


class Recounted(EntryError):
    """There are not as many any more as the person agreed to; ``number`` is how many there are now."""

    def __init__(self, number: int) -> None:
        super().__init__(f"There are {number:,} now. Look again before you settle them.")
        self.number = number


def settle_many(
    *,
    organisation: Organisation,
    conflicts: QuerySet[Conflict],
    choice: Settlement.Choice,
    asked: Mapping[str, str],
    expected: int,
    by: User,
    now: datetime,
) -> Settlement:
    """Settle these, the oldest first and at most ``MOST``, in one transaction. Raises Recounted.

    ``asked``: the filters in words, for the record. ``expected``: how many the person was shown.
    """
    with transaction.atomic():
        if (number := conflicts.order_by().count()) != expected:
            raise Recounted(number)
        chosen: defaultdict[int, list[str]] = defaultdict(list)
        for entry_id, name in conflicts.order_by("id").values_list("entry_id", "field")[:MOST]:
            chosen[entry_id].append(name)
        settlement = Settlement.objects.create(
            organisation=organisation, choice=choice, asked=dict(asked), by=by, at=now
        )
        for entries in _locked(chosen):
            settlement.number += _settle(settlement, entries, chosen)
        settlement.save(update_fields=["number"])
        _audit("conflicts.settled", settlement, by, settlement.number)
    return settlement


def undo_many(*, settlement: Settlement, by: User, now: datetime) -> Settlement:
    """Open again what was settled, but for what has changed since or has been sent. Once undone, nothing."""
    with transaction.atomic():
        settlement = Settlement.objects.select_for_update().get(pk=settlement.pk)
        if settlement.undone_at is not None:
            return settlement
        settled: defaultdict[int, list[SettledField]] = defaultdict(list)
        for each in settlement.fields.order_by("id"):
            settled[each.entry_id].append(each)
        for entries in _locked(settled):
            settlement.undone += _undo(settlement, entries, settled, by, now)
        settlement.undone_at = now
        settlement.save(update_fields=["undone", "undone_at"])
        _audit("conflicts.undone", settlement, by, settlement.undone)
    return settlement


def _locked(entry_ids: Iterable[int]) -> Iterator[list[Entry]]:
    """In one order, so that nobody waits for another crosswise."""
    rows = Entry.objects.select_related("connection", "listing", "organisation").select_for_update(of=("self",))
    for some in batched(sorted(entry_ids), CHUNK):
        yield list(rows.filter(pk__in=some).order_by("id"))


def _settle(settlement: Settlement, entries: list[Entry], chosen: Mapping[int, list[str]]) -> int:
    theirs = settlement.choice == Settlement.Choice.THEIRS
    before: list[SettledField] = []
    revisions: list[Revision] = []
    for entry in entries:
        names = [name for name in chosen[entry.pk] if name in entry.conflicts and name in entry.overrides]
        if not names:
            continue
        before += [_as_it_stood(settlement, entry, name) for name in names]
        found = [_take(entry, name, settlement) for name in names] if theirs else []
        if not theirs:
            _keep(entry, names, settlement, before)
        search.refresh(entry)
        labels = ", ".join(fields.label(name) for name in names)
        summary = (
            f"{'Took the provider’s value' if theirs else 'Kept our value'} in {labels}, settlement {settlement.pk}"
        )
        told = changed(entry, found)
        revisions.append(revision_of(entry, by=settlement.by, now=settlement.at, summary=summary, changed=told))
    _write(entries, {each.field for each in before} if theirs else set(), revisions)
    SettledField.objects.bulk_create(before)
    return len(before)


def _as_it_stood(settlement: Settlement, entry: Entry, name: str) -> SettledField:
    held = {"override": dict(entry.overrides[name]), "conflict": dict(entry.conflicts[name])}
    return SettledField(settlement=settlement, entry=entry, field=name, **held)


def _take(entry: Entry, name: str, settlement: Settlement) -> Difference:
    found = back_to_theirs(entry, name)
    send_no_more(entry, name, now=settlement.at)
    return found


def _keep(entry: Entry, names: list[str], settlement: Settlement, before: list[SettledField]) -> None:
    assert settlement.by is not None, "somebody settles"
    for each in before[-len(names) :]:
        theirs = stand_by_ours(entry, each.field)
        if tell(entry, each.field, theirs=theirs, by=settlement.by, now=settlement.at):
            change = current_change(entry)
            each.change_id = change.pk if change else None


def _undo(
    settlement: Settlement,
    entries: list[Entry],
    settled: Mapping[int, list[SettledField]],
    by: User,
    now: datetime,
) -> int:
    theirs = settlement.choice == Settlement.Choice.THEIRS
    back: list[SettledField] = []
    revisions: list[Revision] = []
    for entry in entries:
        undone = [each for each in settled[entry.pk] if _put_back(entry, each, theirs=theirs, now=now)]
        if not undone:
            continue
        back += undone
        search.refresh(entry)
        labels = ", ".join(fields.label(each.field) for each in undone)
        summary = f"Settlement {settlement.pk} undone: {labels}"
        revisions.append(revision_of(entry, by=by, now=now, summary=summary))
    _write(entries, {each.field for each in back} if theirs else set(), revisions)
    return len(back)


def _put_back(entry: Entry, each: SettledField, *, theirs: bool, now: datetime) -> bool:
    """False: it was changed since, or our value is on its way already."""
    name, override, conflict = each.field, each.override, each.conflict
    if entry.redacted or name in entry.conflicts:
        return False
    if not (_is_as_taken(entry, each) if theirs else _is_as_kept(entry, each, now)):
        return False
    setattr(entry, name, fields.from_stored(name, override["value"]))
    entry.overrides[name], entry.conflicts[name] = override, conflict
    return True


def _is_as_taken(entry: Entry, each: SettledField) -> bool:
    return each.field not in entry.overrides and as_json(getattr(entry, each.field)) == each.conflict["theirs"]


def _is_as_kept(entry: Entry, each: SettledField, now: datetime) -> bool:
    if entry.overrides.get(each.field) != {**each.override, "provider_value": each.conflict["theirs"]}:
        return False
    return each.change_id is None or _called_back(entry, each, now)


def _called_back(entry: Entry, each: SettledField, now: datetime) -> bool:
    """The change does not say this any more, if nobody has begun to send it; what it says beside goes out."""
    queued = OutboundChange.objects.of(entry.organisation).filter(state=PushState.QUEUED, lease="")
    change = queued.filter(pk=each.change_id or 0).first()
    if change is None or not unsay(change, each.field, entry=entry, now=now):
        return False
    entry.push_state = push_state(entry)
    return True


def _write(entries: list[Entry], values: set[str], revisions: list[Revision]) -> None:
    Entry.objects.bulk_update(entries, sorted(WRITTEN | values))
    Revision.objects.bulk_create(revisions)
    if entries:
        follow(entries[0].organisation_id, {entry.pk: entry.conflicts for entry in entries})


def _audit(action: str, settlement: Settlement, by: User, number: int) -> None:
    audit.record(
        organisation=settlement.organisation,
        actor=by,
        action=action,
        subject=str(settlement.pk),
        choice=settlement.choice,
        number=number,
        filters=sorted(settlement.asked),
    )
