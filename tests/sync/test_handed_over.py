"""A whole walk that needs more than a turn: what it named goes with it, so that its last turn knows what is gone."""

from datetime import timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from organiser_portal.connections.models import Connection, SyncState
from organiser_portal.sync.models import HandedOver, Outcome, Owed, RememberedPages
from providers.errors import ProviderUnavailable
from tests.sync.turns import Listing
from tests.sync.world import Clock, Script, last_page, page, received


@pytest.fixture
def listing(entries: SyncState, script: Script, clock: Clock) -> Listing:
    """Six are held, as a whole walk found them."""
    listing = Listing(entries, script, clock)
    listing.turn(last_page(map(received, range(1, 7))))
    return listing


def test_where_all_were_named_by_its_turns_together_nothing_is_owed(listing: Listing) -> None:
    listing.first(1, 2, 3)
    done = listing.last(4, 5, 6, promised=6)
    assert listing.script.asked[-1] == ("entries", "half", True), "it is still the whole walk"
    assert (done.outcome, done.owes, done.full, done.gone) == (Outcome.SUCCEEDED, "", True, 0)
    assert (done.seen, done.named_before, done.promised, done.held) == (3, 3, 6, 6)
    assert (listing.state.full_due, listing.state.last_full_at) == (False, listing.clock.now)
    assert not HandedOver.objects.exists()


def test_what_comes_once_more_after_the_pause_counts_once(listing: Listing) -> None:
    listing.first(1, 2, 3, 4)
    done = listing.last(3, 4, 5, 6, promised=6)
    assert (done.outcome, done.seen, done.named_before) == (Outcome.SUCCEEDED, 2, 4)


def test_three_turns_are_one_walk(listing: Listing) -> None:
    listing.first(1, 2)
    done = listing.turn(listing.slow(page([received(3), received(4)], cursor="more", resumed=True)), full=False)
    assert (done.owes, done.full, done.resumed) == (Owed.REST, True, True)
    assert listing.last(5, 6).outcome == Outcome.SUCCEEDED


def test_fewer_than_were_promised_leave_it_owed(listing: Listing) -> None:
    listing.first(1, 2, 3)
    for _ in range(2):
        done = listing.last(3, 5, 6, promised=6)
        assert (done.owes, done.gone) == (Owed.GONE, 0)
        listing.first(1, 2, 3)
    assert listing.listed() == "1 2 3 4 5 6"


def test_a_turn_that_failed_before_it_stored_anything_has_lost_nothing(listing: Listing) -> None:
    listing.first(1, 2, 3)
    assert listing.turn(ProviderUnavailable("down")).outcome == Outcome.FAILED
    assert listing.turn(ProviderUnavailable("down")).outcome == Outcome.FAILED
    assert listing.last(4, 5, 6).outcome == Outcome.SUCCEEDED


def test_a_turn_that_broke_off_further_on_leaves_it_owed(listing: Listing) -> None:
    listing.first(1, 2, 3)
    listing.turn(page([received(4)], cursor="later", resumed=True), ProviderUnavailable("down"))
    done = listing.last(5)
    assert (done.owes, done.gone, done.named_before) == (Owed.GONE, 0, 0)
    assert listing.listed() == "1 2 3 4 5 6"


def test_nor_does_one_that_goes_on_with_such_a_turn_hand_anything_over(listing: Listing) -> None:
    listing.first(1, 2, 3)
    listing.turn(page([received(4)], cursor="later", resumed=True), ProviderUnavailable("down"))
    listing.turn(listing.slow(page([received(5)], cursor="later still", resumed=True)))
    for _ in range(2):
        assert listing.last(6).owes == Owed.GONE
    assert listing.listed() == "1 2 3 4 5 6"


def test_where_the_provider_begins_anew_what_was_named_before_does_not_count(listing: Listing) -> None:
    listing.first(1, 2, 3)
    done = listing.last(1, 3, 4, 5, 6, resumed=False)
    assert (done.outcome, done.gone, done.named_before) == (Outcome.SUCCEEDED, 1, 0)
    assert listing.listed() == "1 3 4 5 6"
    assert not HandedOver.objects.exists()


def test_other_settings_leave_it_owed(listing: Listing) -> None:
    listing.first(1, 2, 3)
    Connection.objects.update(settings={"host_id": "another"})
    assert listing.last(4, 5, 6).owes == Owed.GONE


def test_another_key_leaves_it_owed(listing: Listing) -> None:
    listing.first(1, 2, 3)
    Connection.objects.update(key_mark="another")
    assert listing.last(4, 5, 6).owes == Owed.GONE


def test_another_version_of_what_reads_leaves_it_owed(listing: Listing, monkeypatch: pytest.MonkeyPatch) -> None:
    listing.first(1, 2, 3)
    monkeypatch.setattr("organiser_portal.sync.remembered.SOFTWARE", b"another")
    assert listing.last(4, 5, 6).owes == Owed.GONE


def test_a_walk_of_many_days_leaves_it_owed(listing: Listing) -> None:
    listing.first(1, 2, 3)
    listing.clock.now += timedelta(days=3)
    assert listing.last(4, 5, 6).owes == Owed.GONE


def test_a_first_load_in_turns_need_not_be_walked_again(entries: SyncState, script: Script, clock: Clock) -> None:
    listing = Listing(entries, script, clock)
    listing.turn(listing.slow(page([received(1)], cursor="half")), full=False)
    done = listing.last(2)
    assert (done.outcome, done.new) == (Outcome.SUCCEEDED, 1)
    assert (entries.full_due, entries.last_full_at) == (False, clock.now)


def test_of_a_walk_in_turns_no_page_is_remembered(listing: Listing) -> None:
    listing.first(1, 2, 3)
    listing.last(4, 5, 6)
    assert not RememberedPages.objects.exists()


def test_a_walk_that_fits_into_its_turn_asks_and_writes_nothing_for_it(listing: Listing) -> None:
    with CaptureQueriesContext(database) as said:
        listing.turn(last_page(map(received, range(1, 7))))
        listing.turn(last_page([received(1)], complete=False), full=False)
    assert not [each for each in said if "handedover" in each["sql"]]


def test_a_listing_that_is_always_walked_whole_begins_anew(races: SyncState, script: Script, clock: Clock) -> None:
    listing = Listing(races, script, clock)
    listing.turn(listing.slow(page(cursor="half")), full=False)
    assert not HandedOver.objects.exists()


def test_what_was_named_before_a_walk_that_was_never_ended_is_not_taken_for_another_ones(listing: Listing) -> None:
    listing.first(1, 2, 3, 4)
    listing.turn(page([received(5)], cursor="later", resumed=True), ProviderUnavailable("down"))
    listing.turn(page([received(1)], cursor="half"), ProviderUnavailable("down"))  # another, killed at the same place
    done = listing.last(6)
    assert (done.owes, done.named_before) == (Owed.GONE, 0)


def test_where_no_walk_can_tell_what_is_gone_nothing_is_left_behind(listing: Listing) -> None:
    listing.first(1, 2, 3)
    done = listing.last(4, complete=None)
    assert (done.outcome, done.owes, done.gone) == (Outcome.SUCCEEDED, "", 0)
    assert not HandedOver.objects.exists()
