"""PostgreSQL is told how much there is while a first load goes on: else every id is looked up by reading everything."""

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from organiser_portal.connections.counting import FIRST, GROWTH, Counting
from organiser_portal.connections.models import SourcePayload, SyncState
from organiser_portal.sync.engine import run_state
from organiser_portal.sync.limits import REPLAY
from tests.sync.world import Clock, Script, last_page, page, received

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("database.vendor != 'postgresql'", reason="SQLite counts nothing beforehand"),
]


def believed(table: str) -> int:
    """How many rows PostgreSQL plans for; below one: it has never counted."""
    with database.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [table])
        return int(cursor.fetchone()[0])


def test_a_first_load_has_its_tables_counted_on_its_way(entries: SyncState, script: Script, clock: Clock) -> None:
    with database.cursor() as cursor:  # what is counted outlives the transaction, and other tests have rows counted too
        cursor.execute("ANALYZE participants_entry")
    assert believed("participants_entry") < 1
    script.acts = [
        page([received(number) for number in range(FIRST)], cursor="one"),
        last_page([received(number) for number in range(FIRST, FIRST + 10)]),
    ]
    run_state(entries.pk, clock=clock)
    assert believed("participants_entry") >= FIRST


def counted(asked: CaptureQueriesContext) -> int:
    return sum("ANALYZE" in one["sql"] and SourcePayload._meta.db_table in one["sql"] for one in asked)


def test_so_are_payloads_where_many_records_change(entries: SyncState, script: Script, clock: Clock) -> None:
    for name, number, times in (("Ada", FIRST, 1), ("Augusta", FIRST, 1), ("Ada", FIRST - 1, 0)):
        script.acts = [last_page([received(each, name) for each in range(number)])]
        with CaptureQueriesContext(database) as asked:
            run_state(entries.pk, clock=clock, by_hand=True, full=True)
        assert counted(asked) == times
    assert believed(SourcePayload._meta.db_table) >= FIRST


def test_a_replay_has_the_payloads_counted_that_came_little_by_little(
    entries: SyncState, script: Script, clock: Clock
) -> None:
    script.acts = [last_page(map(received, range(10)))]
    run_state(entries.pk, clock=clock)
    state = SyncState.objects.create(connection=entries.connection, resource=REPLAY, due_at=clock.now)
    with CaptureQueriesContext(database) as asked:
        run_state(state.pk, clock=clock, by_hand=True)
    assert counted(asked) == 1


def test_they_are_counted_again_only_when_they_have_grown_manifold() -> None:
    counting = Counting(SourcePayload)
    for rows, counts in ((FIRST - 1, 0), (FIRST, 1), (FIRST * GROWTH - 1, 0), (FIRST * GROWTH, 1)):
        with CaptureQueriesContext(database) as asked:
            counting.added(rows)
        assert sum("ANALYZE" in one["sql"] for one in asked) == counts
