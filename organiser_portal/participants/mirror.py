"""Entries show how they stand with their provider, so that a list of them need not look."""

from collections import defaultdict
from collections.abc import Iterable

from organiser_portal.connections.models import OutboundChange
from organiser_portal.connections.telling import telling
from organiser_portal.participants.models import Entry


def mirror(entry_ids: Iterable[int]) -> None:
    """Write it on these entries."""
    wanted = set(entry_ids)
    told = telling(OutboundChange.objects.filter(entry_id__in=wanted).only("entry_id", "state"))
    by_state: defaultdict[str, list[int]] = defaultdict(list)
    for entry_id in wanted:
        by_state[told[entry_id].state if entry_id in told else ""].append(entry_id)
    for state, entries in by_state.items():
        Entry.objects.filter(pk__in=entries).update(push_state=state)


def push_state(entry: Entry) -> str:
    """The same for the entry in hand; the caller saves it."""
    changes = OutboundChange.objects.filter(entry_id=entry.pk, organisation=entry.organisation_id)
    change = telling(changes.only("entry_id", "state")).get(entry.pk)
    return change.state if change else ""
