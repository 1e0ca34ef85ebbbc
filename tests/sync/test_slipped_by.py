"""Pages counted off from the front: a row may slip by a walk, and is not gone for that.

A row vanishes behind the reader, and the first of the next page moves onto the one already read. If another is appended
meanwhile, the count is right, and nothing tells that a row was missed.
"""

from collections.abc import Callable

import pytest

from organiser_portal.connections.models import Connection, SyncState
from organiser_portal.participants.models import Entry
from organiser_portal.sync.engine import run_state
from organiser_portal.sync.models import Outcome, SyncRun
from providers.errors import ProviderUnavailable
from tests.sync.world import Clock, CountedOff, Script, last_page, page, received

pytestmark = pytest.mark.portable


@pytest.fixture
def entries(new_connection: Callable[..., Connection]) -> SyncState:
    """Where we are with entries that come on pages counted off."""
    return SyncState.objects.get(connection=new_connection(CountedOff.key), resource="entries")


@pytest.fixture
def held(entries: SyncState, script: Script, clock: Clock) -> SyncState:
    """Four are held, as a whole walk found them."""
    script.acts = [last_page([received(number) for number in range(1, 5)])]
    walked(entries, clock)
    script.asked.clear()
    return entries


def walked(state: SyncState, clock: Clock) -> SyncRun:
    done = run_state(state.pk, clock=clock, by_hand=True, full=True)
    assert done is not None
    state.refresh_from_db()
    return done


def listed() -> list[str]:
    return sorted(Entry.objects.filter(gone_at=None).values_list("external_id", flat=True))


def test_what_slipped_by_is_found_by_a_second_look(held: SyncState, script: Script, clock: Clock) -> None:
    script.acts = [
        page([received(1), received(2)], cursor="two"),
        last_page([received(4), received(5)], promised=4),  # 1 vanished, so that 3 slipped by, and 5 is new
        page([received(2), received(3, "Augusta")], cursor="once more"),
    ]
    done = walked(held, clock)
    assert (done.outcome, done.gone) == (Outcome.SUCCEEDED, 0)
    assert listed() == ["1", "2", "3", "4", "5"]
    assert Entry.objects.get(external_id="3").first_name == "Augusta"
    assert (done.seen, done.new, done.changed, done.same) == (5, 1, 1, 3)
    assert held.cursor == "end", "it stands where the walk ended"
    assert (done.pages, done.requests, done.promised) == (3, 3, 4)


def test_what_a_second_look_does_not_find_either_is_gone(held: SyncState, script: Script, clock: Clock) -> None:
    script.acts = [last_page([received(1), received(2)]), last_page([received(1), received(2), received(4)])]
    assert walked(held, clock).gone == 1
    assert listed() == ["1", "2", "4"]
    assert script.asked == [("entries", "end", True), ("entries", "", True)]


def test_where_all_were_named_nobody_looks_twice(held: SyncState, script: Script, clock: Clock) -> None:
    script.acts = [last_page([received(number) for number in range(1, 6)])]
    walked(held, clock)
    assert len(script.asked) == 1


def test_a_second_look_ends_when_all_have_been_found(held: SyncState, script: Script, clock: Clock) -> None:
    script.acts = [last_page([received(1), received(2), received(4)]), page([received(2), received(3)])]
    script.acts += [ProviderUnavailable("nobody asks for a page more")]
    assert walked(held, clock).outcome == Outcome.SUCCEEDED
    assert listed() == ["1", "2", "3", "4"]


@pytest.mark.postgresql
def test_where_the_second_look_fails_nothing_is_gone(held: SyncState, script: Script, clock: Clock) -> None:
    script.acts = [last_page([received(1), received(2)]), ProviderUnavailable("down")]
    assert walked(held, clock).outcome == Outcome.FAILED
    assert listed() == ["1", "2", "3", "4"]
    assert held.full_due


def test_an_empty_list_is_doubted_as_ever(held: SyncState, script: Script, clock: Clock) -> None:
    script.acts = [last_page()]
    assert walked(held, clock).outcome == Outcome.IMPLAUSIBLE
    assert len(script.asked) == 1


def test_where_rows_do_not_slip_nobody_looks_twice(
    new_connection: Callable[..., Connection], script: Script, clock: Clock
) -> None:
    state = SyncState.objects.get(connection=new_connection(), resource="entries")
    script.acts = [last_page([received(1), received(2)]), last_page([received(1)])]
    walked(state, clock)
    assert walked(state, clock).gone == 1
    assert len(script.asked) == 2
