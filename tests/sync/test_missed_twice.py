"""What a whole walk of several turns did not name is looked for by the next one, before it counts as gone."""

from collections.abc import Callable

import pytest

from organiser_portal.connections.models import Connection, RejectedRecord, SyncState
from organiser_portal.sync.models import HandedOver, Outcome, Owed, SyncRun
from providers.port import Received
from tests.sync.turns import Listing
from tests.sync.world import Clock, CountedOff, Script, last_page, page, received


@pytest.fixture
def listing(entries: SyncState, script: Script, clock: Clock) -> Listing:
    """Six are held, as a whole walk found them."""
    listing = Listing(entries, script, clock)
    listing.turn(last_page(map(received, range(1, 7))))
    return listing


def test_what_two_whole_walks_in_turns_did_not_name_is_gone(listing: Listing) -> None:
    listing.first(1, 2, 3)
    done = listing.last(4, 6)
    assert (done.outcome, done.owes, done.gone) == (Outcome.SHORT, Owed.GONE, 0)
    assert listing.listed() == "1 2 3 4 5 6"
    assert listing.state.full_due
    listing.first(1, 2, 3)
    done = listing.last(4, 6)
    assert (done.outcome, done.owes, done.gone, done.held) == (Outcome.SUCCEEDED, "", 1, 5)
    assert listing.listed() == "1 2 3 4 6"
    assert (listing.state.full_due, listing.state.held) == (False, 5)
    assert not HandedOver.objects.exists()


def test_what_the_second_one_names_stays_and_what_it_misses_first_is_looked_for_by_a_third(listing: Listing) -> None:
    listing.first(1, 2, 3)
    listing.last(4, 6)
    listing.first(1, 2, 3)
    done = listing.last(5, 6)
    assert (done.owes, done.gone) == (Owed.GONE, 0)
    listing.first(1, 2, 3)
    assert listing.last(5, 6).gone == 1
    assert listing.listed() == "1 2 3 5 6"


def test_a_walk_in_one_turn_after_it_says_at_once_what_is_gone(listing: Listing) -> None:
    listing.first(1, 2, 3)
    listing.last(4, 6)
    assert listing.turn(last_page(map(received, (1, 2, 3, 4, 6)))).gone == 1
    assert not HandedOver.objects.exists()


def test_what_another_account_missed_is_not_gone_for_that(listing: Listing) -> None:
    listing.first(1, 2, 3)
    listing.last(4, 6)
    Connection.objects.update(settings={"host_id": "another"})
    listing.first(1, 2, 3)
    assert (listing.last(4, 6).gone, listing.listed()) == (0, "1 2 3 4 5 6")


def test_far_too_many_at_once_are_not_believed_the_first_time_nor_the_second(
    entries: SyncState, script: Script, clock: Clock
) -> None:
    listing = Listing(entries, script, clock)
    listing.turn(last_page(map(received, range(60))))
    for _ in range(2):
        listing.first(1, 2)
        done = listing.last(3)
        assert (done.outcome, done.gone) == (Outcome.IMPLAUSIBLE, 0)
    SyncRun.objects.filter(pk=done.pk).update(error_kind="Accepted")
    listing.first(1, 2)
    assert listing.last(3).gone == 57
    assert listing.listed() == "1 2 3"


def test_of_a_walk_in_one_turn_that_was_not_believed_nothing_is_kept(
    entries: SyncState, script: Script, clock: Clock
) -> None:
    listing = Listing(entries, script, clock)
    listing.turn(last_page(map(received, range(60))))
    assert listing.turn(last_page([received(1)])).outcome == Outcome.IMPLAUSIBLE
    assert not HandedOver.objects.exists()


def test_an_empty_list_is_believed_when_it_is_empty_again(listing: Listing) -> None:
    listing.first()
    assert listing.last().outcome == Outcome.IMPLAUSIBLE
    listing.first()
    assert listing.last().gone == 6


def test_what_cannot_be_read_waits_until_two_walks_did_not_come_by_it(listing: Listing) -> None:
    listing.turn(last_page([*map(received, range(1, 7)), unreadable(7), unreadable(8)]))
    waiting = RejectedRecord.objects.waiting()
    assert waiting.count() == 2
    listing.turn(listing.slow(page([*map(received, (1, 2, 3)), unreadable(7)], cursor="half")))
    done = listing.last(4, 5, 6)
    assert (done.owes, waiting.count()) == (Owed.GONE, 2)
    listing.turn(listing.slow(page([*map(received, (1, 2, 3)), unreadable(7)], cursor="half")))
    assert listing.last(4, 5, 6).owes == ""
    assert [each.external_id for each in waiting] == ["7"]


def test_what_could_not_be_read_in_an_earlier_turn_does_not_stand_for_a_row_that_is_missing(listing: Listing) -> None:
    listing.turn(listing.slow(page([*map(received, (1, 2, 3)), unreadable(7)], cursor="half")))
    assert listing.last(4, 6).owes == Owed.GONE, "as many were named as are held"


def unreadable(number: int) -> Received:
    return received(number, bad="yes")


@pytest.fixture
def counted_off(new_connection: Callable[..., Connection], script: Script, clock: Clock) -> Listing:
    """Six are held of a listing that is looked through twice."""
    state = SyncState.objects.get(connection=new_connection(CountedOff.key), resource="entries")
    listing = Listing(state, script, clock)
    listing.turn(last_page(map(received, range(1, 7))))
    return listing


def test_nobody_walks_everything_a_second_time_at_the_end_of_a_long_walk(counted_off: Listing) -> None:
    counted_off.first(1, 2, 3)
    counted_off.script.asked.clear()
    assert counted_off.last(4, 5).owes == Owed.GONE
    assert len(counted_off.script.asked) == 1
    counted_off.first(1, 2, 3)
    assert counted_off.last(4, 5).gone == 1


def test_a_second_look_that_takes_too_long_is_left_to_the_next_walk(counted_off: Listing) -> None:
    named = last_page(map(received, range(1, 6)))
    done = counted_off.turn(named, counted_off.slow(page([received(1)])))
    assert (done.owes, done.gone) == (Owed.GONE, 0)
    assert counted_off.state.full_due
    done = counted_off.turn(named, counted_off.slow(page([received(1)])))
    assert (done.owes, done.gone) == ("", 1)
    assert counted_off.listed() == "1 2 3 4 5"


def test_what_was_missed_before_a_walk_that_named_it_has_to_be_missed_twice_again(listing: Listing) -> None:
    listing.first(1, 2, 3)
    listing.last(4, 6)
    SyncState.objects.update(full_due=False)  # as after two walks that came short
    listing.turn(last_page(map(received, range(1, 7))))
    listing.first(1, 2, 3)
    assert (listing.last(4, 6).gone, listing.listed()) == (0, "1 2 3 4 5 6")
