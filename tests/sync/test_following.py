"""What is asked for event by event is asked for again when one more event is heard of."""

from datetime import timedelta

import pytest

from organiser_portal.connections.models import Connection, SyncState
from organiser_portal.events.models import TicketType
from organiser_portal.sync.engine import run_state
from tests.sync.world import Clock

pytestmark = pytest.mark.django_db

SLOWLY = ("tickets", "reserved_groups")


def walk(connection: Connection, key: str, clock: Clock) -> None:
    clock.now += timedelta(minutes=1)
    run = run_state(SyncState.objects.get(connection=connection, resource=key).pk, clock=clock, by_hand=True)
    assert run is not None
    assert run.outcome == "succeeded", run.error_sentence


def due(connection: Connection, clock: Clock) -> set[str]:
    states = SyncState.objects.filter(connection=connection, due_at__lte=clock.now)
    return set(states.values_list("resource", flat=True))


def test_tickets_asked_for_before_their_events_were_heard_of_are_due_at_once(
    letsdothis: Connection, clock: Clock
) -> None:
    for key in SLOWLY:
        walk(letsdothis, key, clock)
    assert not due(letsdothis, clock).intersection(SLOWLY)
    walk(letsdothis, "entries", clock)
    assert due(letsdothis, clock).issuperset(SLOWLY)
    walk(letsdothis, "tickets", clock)
    assert TicketType.objects.filter(connection=letsdothis, stub=False).exists()


def test_they_wait_for_their_time_when_no_event_is_new(letsdothis: Connection, clock: Clock) -> None:
    walk(letsdothis, "entries", clock)
    for key in SLOWLY:
        walk(letsdothis, key, clock)
    walk(letsdothis, "applications", clock)
    assert not due(letsdothis, clock).intersection(SLOWLY)


def test_one_that_failed_or_is_held_waits_for_its_own_time(letsdothis: Connection, clock: Clock) -> None:
    for key in SLOWLY:
        walk(letsdothis, key, clock)
    later = clock.now + timedelta(hours=3)
    SyncState.objects.filter(connection=letsdothis, resource="tickets").update(failures=2, due_at=later)
    SyncState.objects.filter(connection=letsdothis, resource="reserved_groups").update(due_at=None)
    walk(letsdothis, "entries", clock)
    assert not due(letsdothis, clock).intersection(SLOWLY)
