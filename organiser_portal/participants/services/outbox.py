"""An edit becomes an outbound change: written beside the edit, found by the engine above."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from organiser_portal.connections.models import MENDABLE, OutboundChange, PushState
from organiser_portal.connections.signals import change_waits
from organiser_portal.connections.telling import telling
from organiser_portal.organisations.models import User
from organiser_portal.participants.merge import as_json
from organiser_portal.participants.mirror import push_state
from organiser_portal.participants.models import Entry
from organiser_portal.participants.services.values import LISTED
from providers.port import Action
from providers.records import PERSON_FIELDS

TAKEN_IN = "Sent with a later change."


def current_change(entry: Entry) -> OutboundChange | None:
    """The change that tells how the entry stands with its provider."""
    return telling(_told(entry).select_related("connection", "created_by")).get(entry.pk)


def current_changes(entry_ids: Iterable[int]) -> dict[int, OutboundChange]:
    """The same of many entries, by their ids, in one query; none for those of which nothing was ever told."""
    return telling(OutboundChange.objects.filter(entry_id__in=list(entry_ids)))


def queue_add(*, entry: Entry, by: User, now: datetime) -> None:
    """Promise to tell the provider of a new entry. The caller saves the entry."""
    _queue(entry, Action.ADD_ENTRY, add_values(entry), by, now)


def queue_edit(*, entry: Entry, was: Mapping[str, Any], by: User | None, now: datetime) -> None:
    """Promise to tell the provider what changed; ``was``: column → the value before, as JSON. The caller saves.

    What was refused goes out again with it. The newest change, if it has not left or was refused itself, takes all of
    that in, else there is a new one: never an older one, for what is said last is what the provider keeps.
    """
    told = list(_told(entry))
    refused = [change for change in told if change.state in MENDABLE]
    if refused and refused[0].action == Action.ADD_ENTRY:
        rewrite(refused[0], entry=entry, was={}, now=now)
        let_followers_go(refused[0], now=now, message=TAKEN_IN)
    else:
        for older in refused:
            if older.pk != told[-1].pk:
                was = {**was, **(let_go(older, now=now, message=TAKEN_IN) or {})}
        newest = _told(entry).last()  # as it is by now: it may have been handed values
        if not (newest and rewrite(newest, entry=entry, was=was, now=now)) and was:
            _queue(entry, Action.EDIT_ENTRY, edit_values(entry, was), by, now)
    entry.push_state = push_state(entry)


def let_go(change: OutboundChange, *, now: datetime, message: str = "") -> dict[str, Any] | None:
    """Discard a change. Returns what it alone told, column → the value before; None: it is not as it was in hand.

    A later change that tells a field too is handed the value before: what was between has never been anywhere else.
    """
    if not _discard(OutboundChange.objects.filter(pk=change.pk, state=change.state), now, message):
        return None
    change.refresh_from_db(fields=["values"])
    alone = dict(change.values.get("was", {}))
    later = OutboundChange.objects.filter(entry_id=change.entry_id, pk__gt=change.pk)
    for each in later.exclude(state=PushState.DISCARDED).order_by("pk"):
        handed = {name: alone.pop(name) for name in each.values.get("fields", ()) if name in alone}
        each.values = {**each.values, "was": {**each.values.get("was", {}), **handed}}
        each.save(update_fields=["values"])
    return alone


def unsay(change: OutboundChange, name: str, *, entry: Entry, now: datetime) -> bool:
    """Leave one field out of an edit that waits; one that says nothing else is let go. False: it cannot be done."""
    names = change.values.get("fields", ())
    if name not in names:
        return False
    if names == [name]:
        return let_go(change, now=now) is not None
    was = {field: value for field, value in change.values.get("was", {}).items() if field != name}
    change.values = {**change.values, "fields": [field for field in names if field != name], "was": was}
    return rewrite(change, entry=entry, was={}, now=now)


def let_followers_go(add: OutboundChange, *, now: datetime, message: str = "") -> None:
    """Discard what waits behind an add that is let go, or that says everything by itself."""
    behind = OutboundChange.objects.filter(entry_id=add.entry_id, pk__gt=add.pk)
    _discard(behind.filter(state__in=(PushState.QUEUED, *MENDABLE)), now, message)


def _discard(changes: QuerySet[OutboundChange], now: datetime, message: str) -> int:
    said = {"message": message} if message else {}
    return changes.update(state=PushState.DISCARDED, settled_at=now, due_at=None, **said)


def rewrite(change: OutboundChange, *, entry: Entry, was: Mapping[str, Any], now: datetime) -> bool:
    """Put the entry as it is now into a change that is queued or refused. False: it was on its way already."""
    if change.state not in (PushState.QUEUED, *MENDABLE):
        return False
    values = add_values(entry) if change.action == Action.ADD_ENTRY else edit_values(entry, was, change.values)
    renewed: dict[str, Any] = {"values": values, "entry_external_id": entry.external_id or ""}
    if change.state in MENDABLE:
        renewed |= {
            "state": PushState.QUEUED, "due_at": now, "attempts": 0, "message": "", "field_errors": {},
            "request_id": "", "lease": "", "leased_until": None, "settled_at": None,
        }  # fmt: skip
    unclaimed = Q(leased_until=None) | Q(leased_until__lt=now)
    taken_in = OutboundChange.objects.filter(unclaimed, pk=change.pk, state=change.state).update(**renewed) == 1
    if taken_in:
        change_waits.send(sender=OutboundChange, connection_id=change.connection_id)
    return taken_in


def _told(entry: Entry) -> QuerySet[OutboundChange]:
    """Its changes in order, but for those that were discarded."""
    changes = OutboundChange.objects.of(entry.organisation).filter(entry_id=entry.pk)
    return changes.exclude(state=PushState.DISCARDED).order_by("pk")


def add_values(entry: Entry) -> dict[str, Any]:
    """Everything about the entry, as an outbound change keeps it."""
    return {
        "person": {name: as_json(value) for name in PERSON_FIELDS if (value := getattr(entry, name))},
        "answers": _answers(entry),
        "orders": entry.orders,
        "affiliations": entry.affiliations,
        "metadata": {"portal_entry": entry.reference[:8]},
        "fields": [],
    }


def edit_values(entry: Entry, was: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What differs from the time before the first of the collapsed edits; ``before``: the values they had so far."""
    first = {**was, **(before or {}).get("was", {})}
    names: Collection[str] = sorted({*first, *(before or {}).get("fields", ())})
    values: dict[str, Any] = {
        "person": {name: as_json(getattr(entry, name)) or "" for name in PERSON_FIELDS if name in names},
        "metadata": {},
        "fields": list(names),
        "was": first,
    }
    listed = {"answers": _answers(entry), "orders": entry.orders, "affiliations": entry.affiliations}
    return values | {name: listed[name] if name in names else type(listed[name])() for name in LISTED}


def _answers(entry: Entry) -> list[dict[str, str]]:
    """A select is answered with the id of its option."""
    return [
        {
            "question_id": answer["question_id"],
            "label": answer["label"],
            "value": answer.get("option_id") or answer["value"],
        }
        for answer in entry.answers
    ]


def _queue(entry: Entry, action: Action, values: dict[str, Any], by: User | None, now: datetime) -> None:
    assert entry.connection is not None, "an entry kept only here has nobody to be sent to"
    OutboundChange.objects.create(
        organisation=entry.organisation,
        connection=entry.connection,
        entry_id=entry.pk,
        reference=entry.reference,
        action=action.value,
        race_external_id=entry.listing.external_id if entry.listing else "",
        entry_external_id=entry.external_id or "",
        values=values,
        state=PushState.QUEUED,
        due_at=now,
        created_by=by,
        created_at=now,
    )
    change_waits.send(sender=OutboundChange, connection_id=entry.connection.pk)
    entry.push_state = PushState.QUEUED
