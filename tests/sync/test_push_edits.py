"""An edit follows its add, and is simply sent again when its answer was lost."""

from datetime import timedelta

import pytest

from organiser_portal.connections.models import Connection, OutboundChange, PushState
from organiser_portal.events.models import Listing
from organiser_portal.participants.models import Entry
from organiser_portal.sync import outbox
from organiser_portal.sync.by_hand import sync_connection
from tests.conftest import NOW
from tests.sync.pushing import added, change_of, drain, entry_at, there


@pytest.fixture
def listing(eventrac: Connection) -> Listing:
    """A race at eventrac that takes entries."""
    assert all(result.ok for result in sync_connection(eventrac))
    enterable = Listing.objects.filter(connection=eventrac, accepts_entries=True, is_team=False, closes_at__gt=NOW)
    return enterable.exclude(questions__mandatory=True).earliest("pk")


def test_an_edit_waits_for_the_add_and_follows_it(eventrac, listing, sandbox, clock) -> None:
    entry, _ = added(listing)
    entry.first_name = "Zoe Mary"
    entry.save()
    edit = change_of(entry, "edit_entry", fields=["first_name"])
    taken = outbox.take(eventrac.pk, now=NOW, most=10)
    assert [each.change.action for each in taken] == ["add_entry"]
    OutboundChange.objects.update(state=PushState.QUEUED, lease="", leased_until=None)
    assert drain(eventrac, clock) == {"confirmed": 2}
    (stored,) = there(sandbox, entry)
    assert stored["first_name"] == "Zoe Mary"
    edit.refresh_from_db()
    entry.refresh_from_db()
    assert edit.entry_external_id == entry.external_id == str(stored["id"])


def test_a_lost_answer_to_an_edit_is_simply_sent_again(eventrac, listing, sandbox, clock) -> None:
    entry, _ = added(listing)
    drain(eventrac, clock)
    entry.first_name = "Zoe"
    entry.save(update_fields=["first_name"])
    change_of(entry, "edit_entry", fields=["first_name"])
    sandbox.faults.add("eventrac:drop_after_write,method=PUT,times=1")
    assert drain(eventrac, clock) == {"unknown": 1}
    clock.now += timedelta(minutes=2)
    assert drain(eventrac, clock) == {"confirmed": 1}
    assert there(sandbox, entry)[0]["first_name"] == "Zoe"


def test_an_edit_of_what_is_not_there_needs_a_person(eventrac, listing, sandbox, clock) -> None:
    entry = entry_at(listing)
    Entry.objects.filter(pk=entry.pk).update(external_id="99999999")
    change_of(entry, "edit_entry", fields=["first_name"])
    assert drain(eventrac, clock) == {"needs_person": 1}
