"""A server that takes a call and says nothing keeps nobody waiting who must say in time that it is away."""

import time
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from organiser_portal.core.commands import Failed
from organiser_portal.core.environment import Environment
from organiser_portal.operations import probes
from tests.operations.silent import GoesSilent, silent

SOON = 7.0  # seconds: the line is cut after three, and three more go by until there is no other
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="a file is never silent")


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that has just begun."""
    monkeypatch.setattr(probes._Known, "migrated", False)


@pytest.fixture
def port() -> Iterator[int]:
    with silent() as there:
        yield there


@pytest.fixture
def line() -> Iterator[GoesSilent]:
    """Between us and the database, from now on. Its port is put back before anything else is cleaned up."""
    before = dict(connection.settings_dict)
    with GoesSilent(before["HOST"], int(before["PORT"] or 5432)) as between:
        connection.close()
        connection.settings_dict |= {"HOST": "127.0.0.1", "PORT": between.port}
        yield between
        connection.close()
        connection.settings_dict |= {"HOST": before["HOST"], "PORT": before["PORT"]}


def parts_of(answer: Any) -> set[str]:
    """Those that are not there."""
    return {name for name, there in answer.json()["parts"].items() if not there}


@pytest.mark.portable
def test_a_broker_that_says_nothing(db, settings: Any, port: int) -> None:
    settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{port}/0"
    began = time.monotonic()
    answer = Client().get("/readyz")
    assert (answer.status_code, parts_of(answer)) == (200, {"broker"})
    assert time.monotonic() - began < SOON


@pytest.mark.portable
def test_a_broker_of_the_other_kind_that_says_nothing(db, settings: Any, port: int) -> None:
    settings.CELERY_BROKER_URL = f"amqp://guest:guest@127.0.0.1:{port}//"
    began = time.monotonic()
    assert parts_of(Client().get("/readyz")) == {"broker"}
    assert time.monotonic() - began < SOON


@pytest.mark.portable
def test_a_cache_that_says_nothing(db, settings: Any, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CACHE_URL", f"redis://127.0.0.1:{port}/0")
    settings.CACHES = {**settings.CACHES, "shared": Environment().cache_address("CACHE_URL", default="")}
    began = time.monotonic()
    assert parts_of(Client().get("/readyz")) == {"cache"}
    assert time.monotonic() - began < SOON


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_database_that_says_nothing_any_more(line: GoesSilent, settings: Any) -> None:
    settings.METRICS_TOKEN = "tell-me"
    probe = Client(headers={"authorization": "Bearer tell-me"})
    assert probe.get("/readyz").status_code == 200
    line.be_silent()
    for page in ("/readyz", "/metrics"):
        began = time.monotonic()
        assert probe.get(page).status_code == 503
        assert time.monotonic() - began < SOON


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_the_doctor_asks_a_database_that_says_nothing_only_once(line: GoesSilent) -> None:
    line.be_silent()
    said = StringIO()
    began = time.monotonic()
    with pytest.raises(Failed, match=r"^Not well: .*database, migrations"):
        call_command("doctor", stdout=said)
    assert time.monotonic() - began < 2 * SOON
    assert "BAD     database      It does not answer" in said.getvalue()


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_figures_behind_a_lock_are_not_waited_for(settings: Any) -> None:
    settings.METRICS_TOKEN = "tell-me"
    other = connection.copy()
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            cursor.execute("LOCK TABLE connections_connection IN ACCESS EXCLUSIVE MODE")
        began = time.monotonic()
        answer = Client(headers={"authorization": "Bearer tell-me"}).get("/metrics")
        assert (answer.status_code, answer.content) == (503, b"The database does not answer.\n")
        assert time.monotonic() - began < 10, "a Prometheus does not wait longer"
    finally:
        other.close()
