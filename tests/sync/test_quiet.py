"""A provider that asks us to wait is left alone by everything that holds the same key."""

from datetime import timedelta

import pytest

from organiser_portal.connections.models import Connection, OutboundChange, SyncState
from organiser_portal.connections.services import Details, update_connection
from organiser_portal.core.encryption import Secrets
from organiser_portal.organisations.models import Organisation
from organiser_portal.sync import outbox, push
from organiser_portal.sync.asking import sync_now
from organiser_portal.sync.dispatch import due_pulls, due_pushes
from organiser_portal.sync.engine import run_state
from organiser_portal.sync.limits import REPLAY
from organiser_portal.sync.quiet import keep_quiet
from providers.errors import RateLimited
from tests.conftest import NOW
from tests.sync.conftest import connected
from tests.sync.test_push import added, drain, listing
from tests.sync.world import Clock, Script, last_page

pytestmark = pytest.mark.portable

__all__ = ["listing"]

LATER = NOW + timedelta(seconds=97)


@pytest.fixture
def limited(connection: Connection, entries: SyncState, script: Script, clock: Clock) -> Connection:
    """A connection whose entries were just answered with 429."""
    script.acts = [RateLimited("wait", retry_after=97)]
    assert run_state(entries.pk, clock=clock)
    connection.refresh_from_db()
    return connection


def test_no_sister_listing_is_called_before(limited, races, script: Script, clock: Clock) -> None:
    races.refresh_from_db()
    assert races.due_at == LATER
    assert run_state(races.pk, clock=clock) is None
    assert run_state(races.pk, clock=clock, by_hand=True) is None, "not even by hand"
    assert len(script.asked) == 1
    clock.now = LATER
    script.acts = [last_page([])]
    assert run_state(races.pk, clock=clock)


def test_what_is_due_later_stays_due_later(entries: SyncState, races: SyncState, script: Script, clock: Clock) -> None:
    tomorrow = NOW + timedelta(days=1)
    SyncState.objects.filter(pk=races.pk).update(due_at=tomorrow)
    script.acts = [RateLimited("wait", retry_after=97)]
    run_state(entries.pk, clock=clock)
    races.refresh_from_db()
    assert races.due_at == tomorrow


def test_another_key_is_not_held_up(limited, new_connection) -> None:
    other = new_connection(label="other")
    assert [job.connection_id for job in due_pulls(now=NOW)] == [other.pk]


def test_asking_by_hand_means_as_soon_as_one_may(
    limited, races, handed_out, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        sync_now(limited, now=NOW)
    races.refresh_from_db()
    assert (races.due_at, races.asked_by_hand) == (LATER, True)
    assert handed_out == []


def test_nothing_is_handed_out_that_could_not_be_claimed(limited, races) -> None:
    SyncState.objects.update(due_at=NOW)
    assert due_pulls(now=NOW) == []
    assert due_pulls(now=LATER)


def test_a_second_shorter_pause_does_not_shorten_the_first(limited) -> None:
    keep_quiet(limited, until=NOW + timedelta(seconds=5))
    limited.refresh_from_db()
    assert limited.quiet_until == LATER


@pytest.mark.postgresql
def test_another_key_may_be_tried_at_once(limited, owner) -> None:
    details = Details(credentials=Secrets(api_key="another"))
    update_connection(connection=limited, details=details, actor=owner, now=NOW)
    assert Connection.objects.get(pk=limited.pk).quiet_until is None


def test_what_is_stored_is_read_again_meanwhile(limited, clock: Clock) -> None:
    stored = SyncState.objects.create(connection=limited, resource=REPLAY, due_at=NOW)
    assert [job.pk for job in due_pulls(now=NOW)] == [stored.pk]
    assert run_state(stored.pk, clock=clock)


def test_a_listing_that_was_limited_holds_back_what_waits_to_be_sent(eventrac, listing, sandbox, clock) -> None:
    _, change = added(listing)
    sandbox.faults.add("eventrac:status=429,retry_after=97,times=1")
    assert run_state(SyncState.objects.get(connection=eventrac, resource="races").pk, clock=clock, by_hand=True)
    change.refresh_from_db()
    assert change.due_at == LATER
    _, new = added(listing, "Bea")
    assert due_pushes(now=NOW) == []
    before = len(sandbox.calls("eventrac"))
    assert drain(eventrac, clock) == {}
    assert len(sandbox.calls("eventrac")) == before
    clock.now = LATER
    assert drain(eventrac, clock) == {"confirmed": 2}
    assert OutboundChange.objects.get(pk=new.pk).state == "confirmed"


@pytest.mark.postgresql
@pytest.mark.parametrize("fault", ["status=429,retry_after=97", "status=503,retry_after=97"])
def test_a_push_that_was_limited_holds_back_the_listings(eventrac, listing, sandbox, clock, fault: str) -> None:
    added(listing)
    SyncState.objects.update(due_at=NOW)
    sandbox.faults.add(f"eventrac:{fault},method=POST,times=1")
    push.drain(eventrac.pk, clock=clock)
    assert set(SyncState.objects.values_list("due_at", flat=True)) == {LATER}
    assert due_pulls(now=NOW) == []
    assert outbox.take(eventrac.pk, now=NOW, most=10) == []


def test_the_pause_of_one_organisation_is_not_that_of_another(organisation, eventrac, sandbox, clock) -> None:
    elsewhere = Organisation.objects.create(name="Elsewhere", slug="elsewhere-too")
    other = connected(elsewhere, sandbox, "eventrac")
    sandbox.faults.add("eventrac:status=429,retry_after=97,times=1")
    run_state(SyncState.objects.get(connection=eventrac, resource="events").pk, clock=clock)
    other.refresh_from_db()
    assert other.quiet_until is None
