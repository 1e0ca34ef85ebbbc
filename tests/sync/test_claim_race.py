"""Many workers reach for the same thing at the same moment. Needs a database that lets them."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from threading import Event as Flag

import pytest
from django.db import connection as database
from django.db import transaction

from organiser_portal.connections.models import Connection, OutboundChange, SyncState
from organiser_portal.events.models import Event, Race
from organiser_portal.participants.models import Entry
from organiser_portal.sync import outbox
from organiser_portal.sync.claim import claim
from tests.conftest import NOW
from tests.waiting import somebody_waits

WORKERS = 6
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("database.vendor == 'sqlite'", reason="one writer at a time by nature"),
]


def at_once(act: Callable[[int], object]) -> list[object]:
    """What each worker got; all of them begin together."""
    barrier = Barrier(WORKERS)

    def work(number: int) -> object:
        try:
            barrier.wait()
            return act(number)
        finally:
            database.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        return [got for got in pool.map(work, range(WORKERS)) if got]


def test_one_worker_gets_the_state(entries: SyncState) -> None:
    assert len(at_once(lambda _: claim(entries.pk, now=NOW))) == 1


def test_one_listing_of_a_key_is_walked(entries: SyncState, races: SyncState) -> None:
    assert len(at_once(lambda number: claim((entries, races)[number % 2].pk, now=NOW))) == 1


def queued(connection: Connection, count: int) -> list[OutboundChange]:
    event = Event.objects.create(organisation=connection.organisation, name="Hexley")
    race = Race.objects.create(organisation=connection.organisation, event=event, name="10K")
    changes = []
    for _ in range(count):
        entry = Entry.objects.create(
            organisation=connection.organisation, connection=connection, race=race,
            first_seen=NOW, last_seen=NOW, entered_at=NOW,
        )  # fmt: skip
        changes.append(OutboundChange.objects.create(
            organisation=connection.organisation, connection=connection, entry_id=entry.pk, reference=entry.reference,
            action="add_entry", race_external_id="R", due_at=NOW, created_at=NOW,
        ))  # fmt: skip
    return changes


def test_one_worker_sends_for_a_connection(connection: Connection) -> None:
    queued(connection, 5)
    (batch,) = at_once(lambda _: outbox.take(connection.pk, now=NOW, most=10))
    assert isinstance(batch, list)
    assert len(batch) == 5


def test_an_edit_and_the_worker_that_takes_it_do_not_wait_in_a_circle(connection: Connection) -> None:
    (change,) = queued(connection, 1)
    edited, taking = Flag(), Flag()

    def edit() -> int:
        with transaction.atomic():
            Entry.objects.select_for_update().get(pk=change.entry_id)
            edited.set()
            taking.wait(5)
            time.sleep(0.3)  # by now the worker waits for the entry
            return OutboundChange.objects.filter(pk=change.pk, state="queued").update(message="edited")

    def take() -> int:
        edited.wait(5)
        taking.set()
        return len(outbox.take(connection.pk, now=NOW, most=10))

    assert at_once(lambda number: (edit, take)[number]() if number < 2 else 0) == [1, 1]


def test_a_worker_that_waits_for_an_entry_lets_the_edit_of_it_be_saved(connection: Connection) -> None:
    """Saving asks at its end whether the connection it points at is there, which the worker has claimed meanwhile."""
    (change,) = queued(connection, 1)

    def send() -> int:
        try:
            return len(outbox.take(connection.pk, now=NOW))
        finally:
            database.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Entry.objects.select_for_update().get(pk=change.entry_id)
            sending, until = pool.submit(send), time.monotonic() + 10
            while not somebody_waits():
                assert time.monotonic() < until, "the worker did not come this far"
            OutboundChange.objects.create(
                organisation=connection.organisation, connection=connection, entry_id=change.entry_id,
                reference=change.reference, action="edit_entry", race_external_id="R", due_at=NOW, created_at=NOW,
            )  # fmt: skip
        assert sending.result() == 1
