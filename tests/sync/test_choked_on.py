"""One entry that the provider's server fails on each time, whatever is done: a mistake of theirs that no wait mends."""

from datetime import timedelta

import pytest

from organiser_portal.connections.models import Connection, OutboundChange, PushState
from organiser_portal.events.models import Listing
from organiser_portal.participants.models import Entry
from organiser_portal.sync.asking import send_all_now
from organiser_portal.sync.outbox import AT_WORK
from organiser_portal.sync.settle import MOST_FAILED
from providers.sandbox.world import Sandbox
from tests.sync.pushing import added, change_of, drain, enterable, there
from tests.sync.world import Clock

POISON = "Poison"


@pytest.fixture
def listing(eventrac: Connection) -> Listing:
    """A race at eventrac that takes entries."""
    return enterable(eventrac)


def chokes(sandbox: Sandbox) -> None:
    sandbox.faults.add(f"eventrac:status=500,holding={POISON},times=forever")


def tried_once_more(connection: Connection, clock: Clock) -> None:
    clock.now += AT_WORK
    send_all_now(connection, now=clock())
    drain(connection, clock)
    clock.now += timedelta(minutes=1)


def edited(listing: Listing, clock: Clock, entry: Entry, first: str) -> OutboundChange:
    Entry.objects.filter(pk=entry.pk).update(first_name=first)
    entry.refresh_from_db()
    return change_of(entry, "edit_entry", fields=["first_name"])


def test_an_add_that_fails_each_time_while_others_arrive_comes_to_a_person(eventrac, listing, sandbox, clock) -> None:
    chokes(sandbox)
    entry, change = added(listing, POISON)
    for number in range(MOST_FAILED):
        change.refresh_from_db()
        assert change.state in ("queued", "unknown")
        added(listing, f"Ada {number}")
        tried_once_more(eventrac, clock)
    change.refresh_from_db()
    entry.refresh_from_db()
    assert (change.state, entry.push_state, change.due_at) == ("needs_person", "needs_person", None)
    assert change.message.startswith(f"eventrac failed on this, though it was tried {MOST_FAILED} times and")
    assert not there(sandbox, entry)


def test_an_edit_that_fails_each_time_while_others_arrive_comes_to_a_person(eventrac, listing, sandbox, clock) -> None:
    chokes(sandbox)
    bad, good = (added(listing, name)[0] for name in ("Ada", "Bea"))
    drain(eventrac, clock)
    change = edited(listing, clock, bad, POISON)
    for number in range(MOST_FAILED):
        change.refresh_from_db()
        assert change.state in ("queued", "unknown")
        edited(listing, clock, good, f"Bea {number}")
        tried_once_more(eventrac, clock)
    change.refresh_from_db()
    assert change.state == "needs_person"
    assert "It may have arrived all the same" in change.message


def test_an_outage_hands_nothing_to_a_person(eventrac, listing, sandbox, clock) -> None:
    """Nothing else went through either: when they are back, all of it does, by itself."""
    sandbox.faults.add("eventrac:status=500,method=POST,times=forever")
    changes = [added(listing, name)[1] for name in ("Ada", "Bea")]
    for _ in range(2 * MOST_FAILED):
        tried_once_more(eventrac, clock)
    assert [OutboundChange.objects.get(pk=change.pk).state for change in changes] == ["unknown"] * 2
    sandbox.faults.clear()
    tried_once_more(eventrac, clock)
    assert [OutboundChange.objects.get(pk=change.pk).state for change in changes] == ["confirmed"] * 2


def test_edits_that_arrive_say_nothing_of_adds_that_do_not(eventrac, listing, sandbox, clock) -> None:
    good, _ = added(listing, "Ada")
    drain(eventrac, clock)
    sandbox.faults.add("eventrac:status=500,method=POST,times=forever")
    _, change = added(listing, "Bea")
    for number in range(MOST_FAILED):
        edited(listing, clock, good, f"Ada {number}")
        tried_once_more(eventrac, clock)
    change.refresh_from_db()
    assert change.state == "unknown"


def test_those_that_were_cut_off_together_with_it_arrive(eventrac, listing, sandbox, clock) -> None:
    """They are looked for, are not there, and are sent together with it: once, and not each time."""
    chokes(sandbox)
    changes = [added(listing, name)[1] for name in ("Ada", POISON, "Cleo")]
    OutboundChange.objects.update(state=PushState.UNKNOWN, attempts=1)
    for _ in range(3):
        tried_once_more(eventrac, clock)
    assert [OutboundChange.objects.get(pk=change.pk).state for change in changes] == [
        "confirmed",
        "unknown",
        "confirmed",
    ]
