"""An edit follows its add, and is simply sent again when its answer was lost."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from organiser_portal.connections.models import Connection, OutboundChange, PushState
from organiser_portal.events.models import Listing
from organiser_portal.participants.models import Entry
from organiser_portal.sync import outbox, push
from organiser_portal.sync.asking import send_all_now
from organiser_portal.sync.conversation import MOST_ALONE
from organiser_portal.sync.outbox import AT_WORK
from organiser_portal.sync.settle import MOST_TURNED_AWAY, End, Verdict
from tests.conftest import NOW
from tests.sync.pushing import added, change_of, drain, enterable, entry_at, there


@pytest.fixture
def listing(eventrac: Connection) -> Listing:
    """A race at eventrac that takes entries."""
    return enterable(eventrac)


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


def test_an_add_that_was_refused_while_somebody_edited_goes_out_again_as_the_entry_is(eventrac, listing, clock) -> None:
    entry, add = added(listing, "Ada")
    other, refused = added(listing, "Bob")
    taken = outbox.take(eventrac.pk, now=NOW)
    entry.first_name = "Eda"
    entry.save(update_fields=["first_name"])
    edit = change_of(entry, "edit_entry", fields=["first_name"])
    no = Verdict(end=End.REJECTED, message="no")
    outbox.settle_all([(each.change, no) for each in taken], now=NOW)
    for change in (add, refused, edit):
        change.refresh_from_db()
    assert (add.state, add.values["person"]["first_name"]) == (PushState.QUEUED, "Eda")
    assert (refused.state, edit.state) == (PushState.REJECTED, PushState.DISCARDED)
    assert [Entry.objects.get(pk=each.pk).push_state for each in (entry, other)] == ["queued", "rejected"]
    assert drain(eventrac, clock) == {"confirmed": 1}


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


def edited(listing: Listing, names: Sequence[str], **more: Any) -> list[tuple[Entry, OutboundChange]]:
    """Entries that the provider has, each with an edit that waits."""
    entries = [added(listing, name)[0] for name in names]
    assert set(push.drain(listing.connection.pk, clock=lambda: NOW)) == {"confirmed"}
    Entry.objects.filter(pk__in=[entry.pk for entry in entries]).update(city="Leeds")
    return [(entry, change_of(entry, "edit_entry", fields=["first_name"], **more)) for entry in entries]


def test_an_entry_that_the_provider_chokes_on_holds_up_no_other(eventrac, listing, sandbox, clock) -> None:
    (bad, _), *_others = edited(listing, ("Ada", "Bea", "Cleo"))
    sandbox.faults.add(f"eventrac:status=500,method=PUT,path={bad.reference},times=forever")
    assert drain(eventrac, clock) == {"unknown": 1, "confirmed": 2}


def test_where_one_after_another_fails_the_rest_waits_for_a_minute_at_most(eventrac, listing, sandbox, clock) -> None:
    """However long those that failed have been failing: by then they are not in the way any more."""
    changes = [change for _, change in edited(listing, ("Ada", "Bea", "Cleo", "Dot", "Eve"), attempts=9)]
    sandbox.faults.add("eventrac:status=500,method=PUT,times=forever")
    assert drain(eventrac, clock) == {"unknown": MOST_ALONE}
    for change in changes:
        change.refresh_from_db()
    assert [change.state for change in changes] == ["unknown"] * 3 + ["queued"] * 2
    assert min(change.due_at for change in changes[:3]) > NOW + timedelta(hours=4)
    assert max(change.due_at for change in changes[3:]) <= NOW + timedelta(seconds=75)


def test_many_that_the_provider_chokes_on_stand_in_nobodys_way_either(eventrac, listing, sandbox, clock) -> None:
    changes = edited(listing, [*"ABCDEFGH"])
    bad = "|".join(entry.reference for entry, _ in changes[:5])
    sandbox.faults.add(f"eventrac:status=500,method=PUT,path={bad},times=forever")
    for _ in range(3):
        send_all_now(eventrac, now=NOW)
        drain(eventrac, clock)
    states = [OutboundChange.objects.get(pk=change.pk).state for _, change in changes]
    assert states == ["unknown"] * 5 + ["confirmed"] * 3


def test_who_was_not_even_told_has_not_been_tried(eventrac, listing, sandbox, clock) -> None:
    changes = [change for _, change in edited(listing, ("Ada", "Bea"))]
    sandbox.faults.add("eventrac:status=429,retry_after=9,method=PUT")
    assert drain(eventrac, clock) == {"queued": 1}
    assert [OutboundChange.objects.get(pk=change.pk).attempts for change in changes] == [1, 0]


def test_a_wall_that_does_not_let_one_through_holds_up_no_other(eventrac, listing, sandbox, clock) -> None:
    """Some guard a server by words, and answer with a status of their own."""
    (bad, _), _ = edited(listing, ("Ada", "Bea"))
    sandbox.faults.add(f"eventrac:status=406,body=html,method=PUT,path={bad.reference},times=forever")
    assert drain(eventrac, clock) == {"queued": 1, "confirmed": 1}


@pytest.mark.parametrize("status", [308, 405, 413, 418, 451])
@pytest.mark.parametrize(("action", "method"), [("add_entry", "POST"), ("edit_entry", "PUT")])
def test_what_is_turned_away_each_time_is_handed_to_a_person(
    eventrac, listing, sandbox, clock, action, method, status
) -> None:
    """It does not wait for ever on a server that will not have it."""
    change = added(listing)[1] if action == "add_entry" else edited(listing, ("Ada",))[0][1]
    sandbox.faults.add(f"eventrac:status={status},body=html,method={method},times=forever")
    for _ in range(MOST_TURNED_AWAY):
        change.refresh_from_db()
        assert (change.state, change.settled_at) == ("queued", None)
        send_all_now(eventrac, now=NOW)
        drain(eventrac, clock)
    change.refresh_from_db()
    assert (change.state, change.due_at) == ("needs_person", None)
    assert f"HTTP {status}" in change.message
    assert drain(eventrac, clock) == {}


def test_what_was_turned_away_each_time_may_have_arrived_before_that(eventrac, listing, sandbox, clock) -> None:
    [(_, change)] = edited(listing, ("Ada",))
    sandbox.faults.add("eventrac:status=500,method=PUT,times=1")
    drain(eventrac, clock)
    sandbox.faults.add("eventrac:status=413,method=PUT,times=forever")
    for _ in range(MOST_TURNED_AWAY):
        clock.now += AT_WORK
        send_all_now(eventrac, now=clock())
        drain(eventrac, clock)
    change.refresh_from_db()
    assert change.state == "needs_person"
    assert "An earlier try may have arrived" in change.message
