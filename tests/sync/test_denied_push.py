"""A key that may not write waits for a person, and whoever has seen to it should not wait for hours."""

from datetime import timedelta

import pytest

from organiser_portal.connections.models import Connection, OutboundChange, SyncState
from organiser_portal.connections.services import Details, update_connection
from organiser_portal.connections.services import test_connection as ask_again
from organiser_portal.events.models import Listing
from organiser_portal.sync import outbox
from organiser_portal.sync.engine import run_state
from tests.conftest import NOW
from tests.sync.pushing import added, drain, enterable
from tests.sync.world import Clock

HOUR = timedelta(hours=1)
DENIES = "eventrac:status=403,method=POST,times=forever"
SAID = "It is not allowed."


@pytest.fixture
def listing(eventrac: Connection) -> Listing:
    return enterable(eventrac)


@pytest.fixture
def denied(eventrac: Connection, listing: Listing, sandbox, clock: Clock) -> list[OutboundChange]:
    """Three that were added and may not be sent."""
    for name in ("Ada", "Bea", "Cleo"):
        added(listing, name)
    sandbox.faults.add(DENIES)
    assert drain(eventrac, clock) == {"queued": 3}
    assert min(waits()) > timedelta(minutes=10)
    return list(OutboundChange.objects.order_by("pk"))


def waits() -> list[timedelta]:
    return [due - NOW for due in OutboundChange.objects.order_by("pk").values_list("due_at", flat=True) if due]


def only_this_one_is_due(change: OutboundChange) -> None:
    OutboundChange.objects.update(due_at=NOW + HOUR)
    OutboundChange.objects.filter(pk=change.pk).update(due_at=NOW)


def test_the_first_wait_is_short_and_each_further_one_longer(eventrac, listing, sandbox, clock) -> None:
    _, change = added(listing)
    sandbox.faults.add(DENIES)
    for plain in (15, 30, 60, 60, 60):
        drain(eventrac, clock)
        change.refresh_from_db()
        wait = change.due_at - clock.now
        assert timedelta(minutes=plain) * 0.75 <= wait <= min(timedelta(minutes=plain) * 1.25, HOUR)
        clock.now = change.due_at


def test_one_that_gets_through_has_the_others_sent_at_once(eventrac, denied, sandbox, clock) -> None:
    sandbox.faults.clear()
    only_this_one_is_due(denied[0])
    assert drain(eventrac, clock) == {"confirmed": 3}


def test_one_that_is_objected_to_was_at_least_allowed(eventrac, denied, sandbox, clock) -> None:
    sandbox.faults.clear()
    sandbox.faults.add("eventrac:status=422,method=POST,times=1")
    only_this_one_is_due(denied[0])
    assert drain(eventrac, clock) == {"rejected": 1, "confirmed": 2}


def test_one_that_was_never_denied_tells_nothing_about_the_others(eventrac, listing, denied, sandbox, clock) -> None:
    """It may be their race alone that is locked: each entry of another would have all of them sent in vain."""
    sandbox.faults.clear()
    added(listing, "Dot")
    assert drain(eventrac, clock) == {"confirmed": 1}


def test_a_listing_that_is_let_in_again_has_them_tried_too(eventrac, denied, sandbox, clock) -> None:
    sandbox.faults.clear()
    races = SyncState.objects.get(connection=eventrac, resource="races")
    SyncState.objects.filter(pk=races.pk).update(held_reason=SAID, failures=2)
    run_state(races.pk, clock=clock, by_hand=True)
    assert drain(eventrac, clock) == {"confirmed": 3}


def test_one_that_gets_through_has_denied_listings_read_again(eventrac, denied, sandbox, clock) -> None:
    sandbox.faults.clear()
    states = SyncState.objects.filter(connection=eventrac, resource="events")
    states.update(held_reason=SAID, due_at=NOW + HOUR)
    only_this_one_is_due(denied[0])
    drain(eventrac, clock)
    assert states.get().due_at == NOW


def test_who_has_one_tried_again_has_all_that_were_denied_tried(eventrac, listing, denied, sandbox, clock) -> None:
    """Whoever presses it knows, or believes, that the right is there again, and it is the same for all."""
    sandbox.faults.clear()
    other = added(listing, "Dot")[1]
    OutboundChange.objects.filter(pk=other.pk).update(due_at=NOW + HOUR, error_kind="ProviderUnavailable", attempts=3)
    assert outbox.try_again(denied[1], due=NOW)
    assert drain(eventrac, clock) == {"confirmed": 3}
    other.refresh_from_db()
    assert (other.state, other.due_at) == ("queued", NOW + HOUR)


def test_a_test_that_is_passed_hands_them_out_without_waiting_for_the_minute(
    eventrac, denied, sandbox, clock, handed_out, django_capture_on_commit_callbacks
) -> None:
    sandbox.faults.clear()
    with django_capture_on_commit_callbacks(execute=True):
        assert ask_again(connection=eventrac, actor=None, now=NOW).accepted
    assert handed_out == [{"connection_id": eventrac.pk}]
    assert drain(eventrac, clock) == {"confirmed": 3}


def test_a_test_behind_which_nothing_waits_hands_out_nothing(
    eventrac, handed_out, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert ask_again(connection=eventrac, actor=None, now=NOW).accepted
    assert handed_out == []


def test_a_connection_that_begins_to_work_sends_whatever_waited_for_whatever_reason(
    eventrac, listing, sandbox, clock, handed_out, django_capture_on_commit_callbacks
) -> None:
    """What failed at another address, or with another key, says nothing about this one."""
    added(listing)
    OutboundChange.objects.update(due_at=NOW + HOUR, error_kind="HostUnreachable", attempts=8, message="Who is that?")
    details = Details(base_url=f"{eventrac.base_url}/", base_url_allowed=True, settings={**eventrac.settings})
    assert update_connection(connection=eventrac, details=details, actor=None, now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        assert ask_again(connection=eventrac, actor=None, now=NOW).accepted
    assert handed_out == [{"connection_id": eventrac.pk}]
    assert drain(eventrac, clock) == {"confirmed": 1}


def test_what_may_still_be_on_its_way_is_not_hurried(eventrac, listing, clock) -> None:
    added(listing)
    soon = NOW + timedelta(seconds=30)
    OutboundChange.objects.update(state="unknown", due_at=soon, leased_until=soon, attempts=1)
    Connection.objects.update(standing="needs_attention")
    eventrac.refresh_from_db()
    assert ask_again(connection=eventrac, actor=None, now=NOW).accepted
    assert drain(eventrac, clock) == {}
