"""Does it live, and can it do its work: for machines that come without a name, a session or TLS."""

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from organiser_portal.operations import probes

WELL = {"database": True, "migrations": True, "broker": True, "cache": True}


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that has just begun."""
    monkeypatch.setattr(probes._Known, "migrated", False)


@pytest.fixture
def probe(settings) -> Client:
    """Comes by address and without TLS."""
    settings.SECURE_SSL_REDIRECT = True
    return Client(headers={"host": "10.1.2.3:8000"})


def test_it_lives_without_a_database(probe) -> None:
    answer = probe.get("/healthz")  # the suite lets nothing ask a database here
    assert (answer.status_code, answer.content, answer["Cache-Control"]) == (200, b"alive\n", "no-store")


def test_it_is_ready(probe, db) -> None:
    answer = probe.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "parts": WELL}


def test_a_migration_that_is_missing_is_named_by_its_part_alone(probe, db) -> None:
    MigrationRecorder(connection).record_unapplied("operations", "0001_ticks_and_alarms")
    answer = probe.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "parts": WELL | {"migrations": False}}


def test_a_broker_that_is_away_is_told_and_pages_open_without_it(probe, db, settings) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    answer = probe.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "parts": WELL | {"broker": False}})


def test_a_cache_that_is_away_is_told_and_people_sign_in_without_it(probe, db, cache_away: None) -> None:
    answer = probe.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "parts": WELL | {"cache": False}})


def test_a_database_that_is_away_takes_its_migrations_with_it(probe, db) -> None:
    def away(*_: object) -> None:
        raise OperationalError("could not connect to server")

    with connection.execute_wrapper(away):
        answer = probe.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"] == WELL | {"database": False, "migrations": False}
    assert b"could not" not in answer.content


def test_a_connection_that_was_closed_is_a_database_that_is_away(probe, db) -> None:
    def closed(*_: object) -> None:
        raise InterfaceError("connection already closed")

    with connection.execute_wrapper(closed):
        answer = probe.get("/readyz")
    assert (answer.status_code, answer.json()["parts"]) == (503, WELL | {"database": False, "migrations": False})


@pytest.mark.parametrize("fault", [OperationalError, InterfaceError])
def test_a_database_that_goes_away_while_it_is_asked_is_no_error_of_ours(probe, db, fault: type[Exception]) -> None:
    def away_after_the_first(execute, sql: str, *more: object) -> object:
        if sql != "SELECT 1" and sql.lstrip().startswith("SELECT"):
            raise fault("server closed the connection unexpectedly")
        return execute(sql, *more)

    with connection.execute_wrapper(away_after_the_first):
        answer = probe.get("/readyz")
    assert (answer.status_code, answer.json()["parts"]) == (503, WELL | {"migrations": False})
