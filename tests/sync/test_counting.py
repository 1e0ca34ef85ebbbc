"""PostgreSQL is told how much there is while a first load goes on: else every id is looked up by reading everything."""

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from organiser_portal.connections.counting import FIRST, GROWTH, Counting
from organiser_portal.connections.models import SourcePayload, SyncState
from organiser_portal.sync.engine import run_state
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


def test_they_are_counted_again_only_when_they_have_grown_manifold() -> None:
    counting = Counting(SourcePayload)
    for rows, counts in ((FIRST - 1, 0), (FIRST, 1), (FIRST * GROWTH - 1, 0), (FIRST * GROWTH, 1)):
        with CaptureQueriesContext(database) as asked:
            counting.added(rows)
        assert sum("ANALYZE" in one["sql"] for one in asked) == counts
