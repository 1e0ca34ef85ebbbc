"""Walks from end to end: when one is due, what cuts it short, and what it may take for gone."""

from datetime import timedelta

import pytest

from organiser_portal.connections.models import SyncState
from organiser_portal.participants.models import Entry
from organiser_portal.sync.engine import run_state
from organiser_portal.sync.models import Outcome, SyncRun
from providers.errors import (
    ProviderUnavailable,
    RateLimited,
)
from tests.conftest import NOW
from tests.sync.world import Clock, Script, last_page, page, received

pytestmark = pytest.mark.portable


def run(state: SyncState, clock: Clock, **options: object) -> SyncRun:
    done = run_state(state.pk, clock=clock, **options)  # type: ignore[arg-type]
    assert done is not None
    state.refresh_from_db()
    return done


def test_once_a_day_everything_is_walked(entries: SyncState, script: Script, clock: Clock) -> None:
    script.acts = [last_page([received(1)]), last_page([received(1)])]
    run(entries, clock)
    clock.now += timedelta(hours=24)
    done = run(entries, clock)
    assert done.full
    assert script.asked[-1] == ("entries", "end", True)


def test_a_walk_that_saw_too_little_is_done_again_from_the_start(
    entries: SyncState, script: Script, clock: Clock
) -> None:
    script.acts = [last_page([received(1)]), last_page([], complete=False, short=True, promised=3)]
    run(entries, clock)
    first_success = entries.last_success_at
    clock.now += timedelta(hours=4)
    short = run(entries, clock)
    assert short.outcome == Outcome.SHORT
    assert short.error_sentence == "3 of 3 promised did not come. All of it is read again."
    assert entries.full_due
    assert entries.last_success_at == first_success
    clock.now += timedelta(hours=4)
    script.acts = [last_page([received(1)], short=True, complete=False, promised=3)]
    done = run(entries, clock)
    assert done.full
    assert done.outcome == Outcome.SHORT
    assert not entries.full_due, "a whole walk will not see more by being repeated at once"
    assert (entries.promised, entries.held) == (3, 1)


def test_what_comes_again_when_a_walk_begins_anew_counts_once(entries: SyncState, script: Script, clock: Clock) -> None:
    """Two of five, twice: three did not come, and not one."""
    rows = [received(1), received(2)]
    script.acts = [page(rows), last_page(rows, complete=False, short=True, promised=5)]
    short = run(entries, clock)
    assert (short.seen, short.new, short.same) == (2, 2, 0)
    assert short.error_sentence == "3 of 5 promised did not come. All of it is read again."
    clock.now += timedelta(hours=4)
    script.acts = [page([received(1)]), page([received(1, "Eda"), received(3)]), last_page(rows)]
    done = run(entries, clock)
    assert (done.seen, done.new, done.changed, done.same) == (3, 1, 2, 1), "1 changed, and changed back"


def test_a_whole_walk_that_saw_too_little_is_done_again_once(entries: SyncState, script: Script, clock: Clock) -> None:
    script.acts = [last_page([received(1)], complete=False, short=True, promised=3) for _ in range(2)]
    assert run(entries, clock).outcome == Outcome.SHORT
    assert entries.full_due
    assert entries.due_at is not None
    assert entries.due_at < clock.now + timedelta(minutes=5)
    clock.now += timedelta(minutes=5)
    assert run(entries, clock).full
    assert not entries.full_due, "what is missing twice will not come by being asked for at once"


def test_what_may_have_been_passed_over_is_said_where_as_many_came_as_were_promised(
    entries: SyncState, script: Script, clock: Clock
) -> None:
    script.acts = [last_page([received(1)], complete=False, short=True, promised=1)]
    told = run(entries, clock).error_sentence
    assert told == "Some may be missing: it changed while it was read, or a part came empty. All of it is read again."


def test_a_whole_walk_that_was_cut_short_stays_due(entries: SyncState, script: Script, clock: Clock) -> None:
    script.acts = [last_page([received(1)]), page([received(1)], cursor="one"), ProviderUnavailable("down")]
    run(entries, clock)
    run(entries, clock, by_hand=True, full=True)
    assert entries.full_due
    script.acts = [last_page([received(1)])]
    assert run(entries, clock, by_hand=True).full
    assert not entries.full_due


@pytest.mark.postgresql
def test_a_resumed_walk_retires_nothing(entries: SyncState, script: Script, clock: Clock) -> None:
    script.acts = [page([received(1)], cursor="one"), ProviderUnavailable("down")]
    run(entries, clock)
    clock.now += timedelta(hours=1)
    script.acts = [last_page([received(2)], complete=False)]
    done = run(entries, clock)
    assert (done.gone, done.outcome, done.resumed) == (0, Outcome.SHORT, True)
    assert "what is gone" in done.error_sentence
    assert Entry.objects.filter(gone_at=None).count() == 2
    assert (entries.full_due, entries.last_full_at, entries.last_success_at) == (True, None, clock.now)


def test_after_a_whole_walk_in_two_goes_the_next_one_looks_for_what_is_gone(
    entries: SyncState, script: Script, clock: Clock
) -> None:
    script.acts = [last_page([received(1), received(2)])]
    run(entries, clock)
    script.acts = [page([received(1)], cursor="one"), RateLimited("wait", retry_after=7)]
    run(entries, clock, by_hand=True, full=True)
    clock.now += timedelta(seconds=7)
    script.acts = [last_page([], complete=False)]
    assert run(entries, clock, by_hand=True).resumed
    assert entries.last_full_at == NOW
    clock.now += timedelta(hours=4)
    script.acts = [last_page([received(1)])]
    done = run(entries, clock)
    assert (done.full, done.gone, done.outcome) == (True, 1, Outcome.SUCCEEDED)
    assert (entries.full_due, entries.last_full_at) == (False, clock.now)


@pytest.mark.postgresql
def test_a_whole_walk_after_a_broken_incremental_one_sees_what_is_gone(
    entries: SyncState, script: Script, clock: Clock
) -> None:
    script.acts = [last_page([received(1), received(2)])]
    run(entries, clock)
    script.acts = [page([received(1)], cursor="one"), ProviderUnavailable("down")]
    run(entries, clock, by_hand=True)
    script.acts = [page([received(1)], cursor="two"), last_page([received(3)])]
    done = run(entries, clock, by_hand=True, full=True)
    assert (done.full, done.resumed, done.gone) == (True, False, 1)
    assert Entry.objects.get(gone_at__isnull=False).external_id == "2"


def test_a_whole_walk_that_settles_nothing_is_not_repeated_at_every_turn(
    entries: SyncState, script: Script, clock: Clock
) -> None:
    script.acts = [last_page([received(number) for number in range(60)]), last_page([received(1)])]
    run(entries, clock)
    assert run(entries, clock, by_hand=True, full=True).outcome == Outcome.IMPLAUSIBLE
    assert (entries.full_due, entries.last_full_at) == (True, NOW)
    for minutes, full in ((30, False), (40, True)):
        clock.now += timedelta(minutes=minutes)
        SyncState.objects.filter(pk=entries.pk).update(due_at=clock.now)
        script.acts = [last_page([received(1)], complete=full)]
        assert run(entries, clock).full is full
