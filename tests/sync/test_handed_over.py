"""A whole walk that needs more than a turn: what it named goes with it, so that its last turn knows what is gone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from organiser_portal.connections.models import Connection, RejectedRecord, SyncState
from organiser_portal.participants.models import Entry
from organiser_portal.sync.engine import run_state
from organiser_portal.sync.models import HandedOver, Outcome, Owed, RememberedPages, SyncRun
from providers.errors import ProviderUnavailable
from providers.port import Page, Received
from tests.sync.world import Clock, CountedOff, Script, last_page, page, received

TURN = timedelta(minutes=25)


class Listing:
    """Walked by a provider that does what it is told. What is not said to be resumed has begun at the beginning."""

    def __init__(self, state: SyncState, script: Script, clock: Clock) -> None:
        self.state = state
        self.script = script
        self.clock = clock

    def turn(self, *acts: object, full: bool = True) -> SyncRun:
        self.clock.now += timedelta(minutes=1)
        self.script.acts = list(acts)  # type: ignore[arg-type]
        done = run_state(self.state.pk, clock=self.clock, by_hand=True, full=full, budget=TURN)
        assert done is not None
        self.state.refresh_from_db()
        return done

    def first(self, *numbers: int, cursor: str = "half", **more: object) -> SyncRun:
        """A turn whose time is up after these."""
        done = self.turn(self.slow(page(map(received, numbers), cursor=cursor, **more)))
        assert (done.outcome, done.owes) == (Outcome.SHORT, Owed.REST)
        return done

    def last(self, *numbers: int, full: bool = False, **more: object) -> SyncRun:
        """The turn that goes on to the end."""
        return self.turn(last_page(map(received, numbers), **{"resumed": True, **more}), full=full)

    def slow(self, told: Page) -> Callable[[], Page]:
        def act() -> Page:
            self.clock.now += timedelta(minutes=30)
            return told

        return act

    def listed(self) -> str:
        rows = Entry.objects.filter(connection=self.state.connection, gone_at=None)
        return " ".join(sorted(rows.values_list("external_id", flat=True)))


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
    assert (done.outcome, done.seen, done.named_before) == (Outcome.SUCCEEDED, 4, 2)


def test_three_turns_are_one_walk(listing: Listing) -> None:
    listing.first(1, 2)
    done = listing.turn(listing.slow(page([received(3), received(4)], cursor="more", resumed=True)), full=False)
    assert (done.owes, done.full, done.resumed) == (Owed.REST, True, True)
    assert listing.last(5, 6).outcome == Outcome.SUCCEEDED


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


def test_what_another_account_missed_is_not_gone_for_that(listing: Listing) -> None:
    listing.first(1, 2, 3)
    listing.last(4, 6)
    Connection.objects.update(settings={"host_id": "another"})
    listing.first(1, 2, 3)
    assert (listing.last(4, 6).gone, listing.listed()) == (0, "1 2 3 4 5 6")


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


def unreadable(number: int) -> Received:
    return received(number, bad="yes")


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


def test_what_was_named_before_a_walk_that_was_never_ended_is_not_taken_for_another_ones(listing: Listing) -> None:
    listing.first(1, 2, 3, 4)
    listing.turn(page([received(5)], cursor="later", resumed=True), ProviderUnavailable("down"))
    listing.turn(page([received(1)], cursor="half"), ProviderUnavailable("down"))  # another, killed at the same place
    done = listing.last(6)
    assert (done.owes, done.named_before) == (Owed.GONE, 0)


def test_what_was_missed_before_a_walk_that_named_it_has_to_be_missed_twice_again(listing: Listing) -> None:
    listing.first(1, 2, 3)
    listing.last(4, 6)
    SyncState.objects.update(full_due=False)  # as after two walks that came short
    listing.turn(last_page(map(received, range(1, 7))))
    listing.first(1, 2, 3)
    assert (listing.last(4, 6).gone, listing.listed()) == (0, "1 2 3 4 5 6")


def test_where_no_walk_can_tell_what_is_gone_nothing_is_left_behind(listing: Listing) -> None:
    listing.first(1, 2, 3)
    done = listing.last(4, complete=None)
    assert (done.outcome, done.owes, done.gone) == (Outcome.SUCCEEDED, "", 0)
    assert not HandedOver.objects.exists()
