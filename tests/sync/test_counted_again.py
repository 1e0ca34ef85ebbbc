"""What was added is in the provider's own count, which may close a race: the listing that tells it is due soon."""

from datetime import datetime, timedelta

import pytest

from organiser_portal.connections.models import Connection, SyncState
from organiser_portal.events.models import Listing
from organiser_portal.sync.claim import claim, settle
from organiser_portal.sync.engine import run_state
from providers.sandbox.world import Sandbox
from tests.conftest import NOW
from tests.sync.pushing import added, drain, enterable
from tests.sync.world import Clock

pytestmark = pytest.mark.portable

PACE = timedelta(minutes=10)  # as often as a listing of races may be asked for
LATER = NOW + timedelta(hours=4)


@pytest.fixture
def listing(eventrac: Connection) -> Listing:
    """A race at eventrac that takes entries, read an hour ago."""
    race = enterable(eventrac)
    states = SyncState.objects.filter(connection=eventrac)
    states.update(due_at=LATER, last_attempt_at=NOW - timedelta(hours=1))
    return race


@pytest.fixture
def races(eventrac: Connection, listing: Listing) -> SyncState:
    return SyncState.objects.get(connection=eventrac, resource="races")


def due(state: SyncState) -> datetime | None:
    state.refresh_from_db()
    return state.due_at


@pytest.mark.postgresql
def test_after_an_add_the_count_of_the_race_is_as_told_there_within_minutes(
    eventrac: Connection, listing: Listing, races: SyncState, clock: Clock
) -> None:
    sold = listing.sold
    assert sold is not None
    added(listing)
    drain(eventrac, clock)
    assert due(races) == NOW
    run_state(races.pk, clock=clock)
    listing.refresh_from_db()
    assert listing.sold == sold + 1


@pytest.mark.postgresql
def test_only_the_listing_that_counts_is_put_forward(
    eventrac: Connection, listing: Listing, races: SyncState, clock: Clock
) -> None:
    added(listing)
    drain(eventrac, clock)
    others = SyncState.objects.filter(connection=eventrac).exclude(pk=races.pk)
    assert set(others.values_list("due_at", flat=True)) == {LATER}


def test_many_pushes_in_a_row_have_it_asked_for_no_oftener_than_its_pace(
    eventrac: Connection, listing: Listing, races: SyncState, clock: Clock
) -> None:
    added(listing, "Ada")
    drain(eventrac, clock)
    run_state(races.pk, clock=clock)
    for name in ("Bea", "Cleo"):
        clock.now += timedelta(minutes=1)
        added(listing, name)
        drain(eventrac, clock)
        assert due(races) == NOW + PACE


def test_a_listing_that_failed_or_is_due_sooner_keeps_its_time(
    eventrac: Connection, listing: Listing, races: SyncState, clock: Clock
) -> None:
    added(listing, "Ada")
    SyncState.objects.filter(pk=races.pk).update(failures=1, due_at=LATER)
    drain(eventrac, clock)
    assert due(races) == LATER
    added(listing, "Bea")
    sooner = NOW - timedelta(minutes=1)
    SyncState.objects.filter(pk=races.pk).update(failures=0, due_at=sooner)
    drain(eventrac, clock)
    assert due(races) == sooner


def test_what_the_provider_refused_puts_nothing_forward(
    eventrac: Connection, listing: Listing, races: SyncState, clock: Clock, sandbox: Sandbox
) -> None:
    added(listing, email="")
    assert drain(eventrac, clock) == {"rejected": 1}
    assert due(races) == LATER


def test_a_count_that_is_being_read_meanwhile_is_read_again(
    eventrac: Connection, listing: Listing, races: SyncState, clock: Clock
) -> None:
    mine = claim(races.pk, now=NOW, whatever_the_hour=True)
    assert mine is not None
    added(listing)
    drain(eventrac, clock)
    settle(mine, due_at=LATER)
    assert due(races) == NOW + PACE
