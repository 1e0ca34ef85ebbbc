"""An installation's first load makes its indexes at the end; whatever becomes of it, they are made."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Thread

import pytest
from django.core.management import call_command
from django.db import connection as database
from django.db import connections
from django.utils import timezone

from organiser_portal.connections.models import PayloadBundle, SyncState
from organiser_portal.events.models import Event, Race
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants.models import Entry
from organiser_portal.sync import put_off, tasks
from organiser_portal.sync.by_hand import sync_connection
from organiser_portal.sync.engine import run_state
from organiser_portal.sync.models import PutOffIndex, SyncRun
from organiser_portal.sync.put_off import WORTH, PutOff
from organiser_portal.sync.second_hand import SecondHand
from tests.conftest import NOW
from tests.sync.world import Clock, Script, last_page, page, received

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("database.vendor != 'postgresql'", reason="SQLite has few, and one writer"),
]

PUT_OFF = {
    *("entry_search_trigrams", "entry_by_name", "entry_by_time", "entry_of_race_by_name"),
    *("entry_in_bib_order", "entry_in_wave_order", "entry_in_partner_order", "entry_in_club_order"),
    *("entry_in_status_order", "entry_in_age_order", "entry_in_gender_order", "entry_in_ticket_order"),
}
"""What a list is sorted and searched by."""

LOCKS_HELD_HERE = """
SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
WHERE locktype = 'advisory' AND classid = %s AND datname = current_database()
"""

type Load = Callable[..., SyncRun | None]


@pytest.fixture(autouse=True)
def several_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)


@pytest.fixture(autouse=True)
def all_indexes() -> Iterator[dict[str, str]]:
    """By name; the same ones stand there behind each test."""
    before = indexes()
    yield before
    tasks.make_indexes()
    assert indexes() == before


@pytest.fixture
def load(entries: SyncState, script: Script, clock: Clock) -> Load:
    def loaded(*, promised: int = WORTH, on_page: Callable[[SyncRun], None] | None = None) -> SyncRun | None:
        script.acts = [
            page([received(1), received(2)], cursor="one", promised=promised),
            last_page([received(3)], promised=3),
        ]
        return run_state(entries.pk, clock=clock, on_page=on_page, by_hand=True, raises=False)

    return loaded


def indexes() -> dict[str, str]:
    with database.cursor() as cursor:
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'participants_entry'")
        return dict(cursor.fetchall())


@contextmanager
def somebody_else(statement: str) -> Iterator[None]:
    """Has done this in a transaction that is still open."""
    other = connections.create_connection("default")
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            cursor.execute(statement)
        yield
    finally:
        other.rollback()
        other.close()


def test_they_are_made_when_all_is_there(load: Load, all_indexes: dict[str, str]) -> None:
    meanwhile: list[set[str]] = []
    run = load(on_page=lambda _: meanwhile.append(set(indexes())))
    assert run is not None
    assert (run.outcome, Entry.objects.count()) == ("succeeded", 3)
    assert meanwhile[0] == all_indexes.keys() - PUT_OFF
    assert indexes() == all_indexes
    assert not PutOffIndex.objects.exists()


def test_they_are_made_where_the_load_failed(load: Load, all_indexes: dict[str, str]) -> None:
    def fails(_: SyncRun) -> None:
        raise ZeroDivisionError

    run = load(on_page=fails)
    assert run is not None
    assert run.outcome == "failed"
    assert indexes() == all_indexes


def test_few_records_are_not_worth_it(load: Load, all_indexes: dict[str, str]) -> None:
    load(promised=WORTH - 1, on_page=lambda _: assert_kept(all_indexes))


def test_nobody_else_loses_them(load: Load, organisation: Organisation, all_indexes: dict[str, str]) -> None:
    event = Event.objects.create(organisation=organisation, name="Fell day")
    race = Race.objects.create(organisation=organisation, event=event, name="10K")
    Entry.objects.create(organisation=organisation, race=race, entered_at=NOW, first_seen=NOW, last_seen=NOW)
    load(on_page=lambda _: assert_kept(all_indexes))


def test_who_reads_all_the_time_is_left_alone(
    load: Load, all_indexes: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(put_off, "LONGEST_WAIT", "50ms")
    with somebody_else("SELECT count(*) FROM participants_entry"):
        run = load(on_page=lambda _: assert_kept(all_indexes))
    assert run is not None
    assert run.outcome == "succeeded"


def test_what_a_dead_worker_left_is_made_within_a_minute(
    load: Load, handed_out: list[dict[str, int]], all_indexes: dict[str, str]
) -> None:
    with pytest.raises(SystemExit):
        load(on_page=_dies)
    assert set(indexes()) == all_indexes.keys() - PUT_OFF
    tasks.dispatch_due()
    assert {} in handed_out
    tasks.make_indexes()
    assert indexes() == all_indexes
    assert not put_off.waiting()


def test_what_a_dead_worker_left_goes_before_the_walks_that_would_keep_it_waiting(
    load: Load, handed_out: list[dict[str, int]]
) -> None:
    with pytest.raises(SystemExit):
        load(on_page=_dies)
    SyncState.objects.update(due_at=timezone.now())
    tasks.dispatch_due()
    assert len(handed_out) > 1
    assert handed_out[0] == {}


def test_without_a_worker_the_next_sync_by_hand_makes_them(load: Load, entries: SyncState, script: Script) -> None:
    with pytest.raises(SystemExit):
        load(on_page=_dies)
    script.acts = [last_page([received(3)], promised=3)]
    assert put_off.waiting()
    assert [result.ok for result in sync_connection(entries.connection, resource=entries.resource)] == [True]
    assert not put_off.waiting()


def test_a_migration_finds_them_all(load: Load, all_indexes: dict[str, str]) -> None:
    with pytest.raises(SystemExit):
        load(on_page=_dies)
    call_command("migrate", verbosity=0)
    assert indexes() == all_indexes
    assert not put_off.waiting()


def test_one_that_cannot_be_made_keeps_no_other_waiting(all_indexes: dict[str, str]) -> None:
    lost = PutOffIndex.objects.create(table="participants_entry", definition="CREATE INDEX ON participants_entry (x)")
    PutOffIndex.objects.create(table="participants_entry", definition=all_indexes["entry_by_name"])
    with database.cursor() as cursor:
        cursor.execute("DROP INDEX entry_by_name")
    tasks.make_indexes()
    assert indexes() == all_indexes
    assert list(PutOffIndex.objects.all()) == [lost]
    lost.delete()


def test_whoever_is_interrupted_while_they_are_made_lets_go() -> None:
    class Interrupted(SecondHand):
        def aside(self, do: Callable[[], object]) -> Future[object]:
            raise InterruptedError

    hand = Interrupted()
    with pytest.raises(InterruptedError), PutOff(Entry, hand) as kept:
        kept.until_filled(WORTH)
    hand.close()
    with database.cursor() as cursor:
        cursor.execute(LOCKS_HELD_HERE, [put_off.LOCK])
        assert cursor.fetchone() == (0,)


def test_while_somebody_loads_nobody_makes_them(load: Load) -> None:
    found: list[set[str]] = []

    def looks(_: SyncRun) -> None:
        other = Thread(target=_as_another_worker)
        other.start()
        other.join()
        found.append(set(indexes()))

    load(on_page=looks)
    assert found[0].isdisjoint(PUT_OFF)


def test_a_table_that_has_none_to_put_off_is_filled_as_ever(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger=put_off.__name__)
    hand = SecondHand()
    with PutOff(PayloadBundle, hand) as kept:
        kept.until_filled(WORTH)
        assert not put_off.waiting()
    hand.close()
    assert not caplog.records


def test_it_is_said_which_wait(load: Load) -> None:
    seen: list[list[str]] = []
    load(on_page=lambda _: seen.append(put_off.waiting()))
    assert seen[0] == ["participants_entry"]


def _dies(_: SyncRun) -> None:
    raise SystemExit


def _as_another_worker() -> None:
    tasks.make_indexes()
    database.close()


def assert_kept(all_indexes: dict[str, str]) -> None:
    assert indexes() == all_indexes
