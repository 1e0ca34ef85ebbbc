"""Rights that a provider takes away are given back some day: who has seen to that should not wait for hours."""

from datetime import timedelta

import pytest

from organiser_portal.connections.models import Connection, SyncState
from organiser_portal.connections.overview import card
from organiser_portal.sync.engine import run_state
from providers.errors import AccessDenied, ProviderUnavailable
from tests.conftest import NOW
from tests.sync.world import Clock, Script, last_page

pytestmark = pytest.mark.portable

DENIED = AccessDenied("Ask for the right to read this.")


def attempt(state: SyncState, clock: Clock) -> None:
    run_state(state.pk, clock=clock, by_hand=True)
    state.refresh_from_db()


def waits(state: SyncState) -> timedelta:
    assert state.due_at is not None
    return state.due_at - NOW


@pytest.fixture
def both_denied(entries: SyncState, races: SyncState, script: Script, clock: Clock) -> None:
    for state in (entries, races):
        script.acts = [DENIED]
        attempt(state, clock)


def test_the_first_wait_is_short_and_each_further_one_longer(entries: SyncState, script: Script, clock: Clock) -> None:
    script.acts = [DENIED, DENIED, DENIED]
    found = []
    for _ in range(3):
        attempt(entries, clock)
        found.append(waits(entries))
    for wait, plain in zip(found, (15, 30, 60), strict=True):
        assert timedelta(minutes=plain) * 0.75 <= wait <= timedelta(minutes=plain) * 1.25


def test_one_that_is_let_in_has_the_others_asked_again(
    both_denied: None, entries: SyncState, races: SyncState, script: Script, clock: Clock
) -> None:
    script.acts = [last_page([])]
    attempt(races, clock)
    entries.refresh_from_db()
    assert (races.held_reason, races.failures) == ("", 0)
    assert (waits(entries), entries.held_reason) == (timedelta(), DENIED.sentence)


def test_one_that_was_never_denied_tells_nothing_about_the_others(
    entries: SyncState, races: SyncState, script: Script, clock: Clock
) -> None:
    script.acts = [DENIED]
    attempt(entries, clock)
    script.acts = [last_page([])]
    attempt(races, clock)
    entries.refresh_from_db()
    assert waits(entries) > timedelta(minutes=10)


def test_those_that_failed_otherwise_keep_their_time(
    both_denied: None, entries: SyncState, races: SyncState, script: Script, clock: Clock
) -> None:
    script.acts = [ProviderUnavailable("down"), last_page([])]
    attempt(entries, clock)
    before = entries.due_at
    attempt(races, clock)
    entries.refresh_from_db()
    assert entries.due_at == before != NOW


def test_a_connection_of_which_one_listing_is_denied_is_not_said_to_be_silent(
    connection: Connection, entries: SyncState, script: Script, clock: Clock
) -> None:
    script.acts = [DENIED] * 3
    for _ in range(3):
        attempt(entries, clock)
    shown = card(connection, now=NOW)
    assert (shown.shown, shown.failing, shown.needs_a_person) == ("denied", [], True)
