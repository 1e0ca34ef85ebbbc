"""What can be wrong with a database is found, and comes with what to do."""

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from organiser_portal.operations.checks import Level, database, upkeep
from organiser_portal.sync.models import PutOffIndex
from tests.conftest import NOW
from tests.operations.findings import worst


def test_a_database_that_is_well(db) -> None:
    assert [worst(check(NOW)).level for check in (database.answers, database.is_migrated)] == [Level.GOOD] * 2


def test_a_postgresql_that_is_too_old() -> None:
    assert worst(database.postgresql_version((14, 9))).level == Level.BAD
    assert worst(database.postgresql_version((15,))).level == Level.GOOD


def test_a_migration_that_is_missing(db) -> None:
    MigrationRecorder(connection).record_unapplied("operations", "0001_ticks_and_alarms")
    finding = worst(database.is_migrated(NOW))
    assert finding.sentence == "operations.0001_ticks_and_alarms is missing. Run manage.py migrate."
    MigrationRecorder(connection).record_unapplied("usersessions", "0001_initial")
    finding = worst(database.is_migrated(NOW))
    assert finding.sentence == "2 are missing, the first is operations.0001_ticks_and_alarms. Run manage.py migrate."
    assert list(database.searches_quickly(NOW)) == [], "its indexes may be among what is missing"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL alone has them")
def test_search_without_its_indexes(db) -> None:
    assert worst(database.searches_quickly(NOW)).level == Level.GOOD
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX entry_search_trigrams")
        _, _, advice = worst(database.searches_quickly(NOW)).sentence.partition("run ")
        cursor.execute(advice)
    assert worst(database.searches_quickly(NOW)).level == Level.GOOD


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL alone puts them off")
def test_indexes_that_are_put_off_are_not_missing(db) -> None:
    PutOffIndex.objects.create(table="participants_entry", definition="CREATE INDEX entry_search_trigrams")
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX entry_search_trigrams")
    found = list(database.searches_quickly(NOW))
    assert [(each.name, each.level) for each in found] == [("indexes", Level.NOTICE), ("search", Level.GOOD)]
    assert "participants_entry" in found[0].sentence


@pytest.mark.parametrize(("size", "free", "level"), [(1, 10, Level.GOOD), (20, 10, Level.NOTICE), (1, 0.1, Level.BAD)])
def test_a_disk_that_fills_up(size, free, level) -> None:
    giga = 1024**3
    assert worst(database.room(int(size * giga), int(free * giga))).level == level


@pytest.mark.parametrize(
    ("size", "memory", "cleans", "levels"),
    [
        (4, 1, True, [Level.GOOD]),
        (0.9, 0.1, True, [Level.GOOD]),  # so little that it does not matter
        (4, 0.125, True, [Level.NOTICE]),
        (4, 1, False, [Level.NOTICE]),
        (4, 0.125, False, [Level.NOTICE, Level.NOTICE]),
    ],
)
def test_a_postgresql_that_is_kept_short(size, memory, cleans, levels) -> None:
    giga = 1024**3
    found = upkeep.upkeep(int(size * giga), int(memory * giga), cleans=cleans)
    assert [each.level for each in found] == levels


def test_how_postgresql_is_looked_after_is_asked(db) -> None:
    found = list(upkeep.is_looked_after(NOW))
    assert bool(found) is (connection.vendor == "postgresql")
    assert all("PostgreSQL" in each.sentence for each in found)
