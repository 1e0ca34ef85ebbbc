"""The figures for operators: for who brings the token, over all organisations, without a name."""

from datetime import timedelta

import pytest
import time_machine
from django.db import InterfaceError, OperationalError
from django.db import connection as database
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from organiser_portal.connections.models import OutboundChange, PushState, RejectedRecord, SyncState
from organiser_portal.operations import figures
from organiser_portal.operations.metrics import exposition
from organiser_portal.operations.models import Tick
from organiser_portal.sync.models import Outcome, SyncRun
from tests.conftest import NOW
from tests.factories import make_connection

HOUR = timedelta(hours=1)
TOKEN = "a-token-for-figures"


@pytest.fixture
def token(settings) -> str:
    settings.METRICS_TOKEN = TOKEN
    return TOKEN


def ask(token: str | None = None) -> int:
    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
    return Client().get("/metrics", headers=headers).status_code


def test_without_a_token_in_the_settings_there_is_no_such_page(db, settings) -> None:
    settings.METRICS_TOKEN = ""
    assert (ask(), ask("")) == (404, 404)


def test_only_the_token_opens_it(token, db) -> None:
    assert (ask(), ask(""), ask("wrong"), ask("ä"), ask(token)) == (401, 401, 401, 401, 200)
    assert Client().get("/metrics")["WWW-Authenticate"] == "Bearer"


def figure(name: str, **labels: str) -> float | None:
    """One figure of the page, None where it is not there."""
    for family in text_string_to_metric_families(exposition(now=NOW).decode()):
        for sample in family.samples:
            if sample.name == f"organiser_portal_{name}" and sample.labels == labels:
                return sample.value
    return None


def run(connection, ended_ago: timedelta, outcome: str = Outcome.SUCCEEDED, **more: int) -> None:
    at = NOW - ended_ago
    SyncRun.objects.create(
        organisation=connection.organisation,
        connection=connection,
        resource="entries",
        outcome=outcome,
        started_at=at,
        progressed_at=at,
        finished_at=at,
        **more,
    )


def test_runs_and_what_they_did_in_the_last_hour(organisation) -> None:
    one = make_connection(organisation)
    run(one, HOUR / 2, seen=10, new=4, requests=3)
    run(one, HOUR / 3, outcome=Outcome.FAILED, seen=5, requests=1)
    run(one, 2 * HOUR, seen=900)
    assert figure("runs_last_hour", provider="eventrac", outcome="succeeded") == 1
    assert figure("runs_last_hour", provider="eventrac", outcome="failed") == 1
    assert figure("records_last_hour", provider="eventrac", tally="seen") == 15
    assert figure("requests_last_hour", provider="eventrac") == 4


def test_what_is_due_and_how_late(organisation) -> None:
    one = make_connection(organisation)
    states = {"races": {"due_at": NOW - HOUR}, "events": {"due_at": NOW + HOUR, "failures": 3}}
    for resource, values in states.items():
        SyncState.objects.create(connection=one, resource=resource, last_success_at=NOW - 3 * HOUR, **values)
    leased = {"due_at": NOW - 2 * HOUR, "lease": "x", "leased_until": NOW + HOUR}
    SyncState.objects.create(connection=one, resource="entries", last_success_at=NOW - 5 * HOUR, **leased)
    assert figure("listings_due", provider="eventrac") == 1
    assert figure("listings_lateness_seconds", provider="eventrac") == 3600
    assert figure("listings_running", provider="eventrac") == 1
    assert figure("listings_failing", provider="eventrac") == 1
    assert figure("connection_age_seconds", connection=str(one.pk), provider="eventrac") == 5 * 3600


def test_what_waits_to_be_sent_and_what_could_not_be_read(organisation) -> None:
    one = make_connection(organisation)
    common = {"organisation": organisation, "connection": one, "reference": "r", "action": "add_entry"}
    for number, state in enumerate((PushState.QUEUED, PushState.QUEUED, PushState.CONFIRMED)):
        at = NOW - (number + 1) * HOUR
        OutboundChange.objects.create(**common, entry_id=number, race_external_id="1", state=state, created_at=at)
    RejectedRecord.objects.create(
        connection=one, resource="r", kind="entry", external_id="1", reason="", data=b"", first_seen=NOW, last_seen=NOW
    )
    assert figure("outbound_changes", provider="eventrac", state="queued") == 2
    assert figure("outbound_oldest_seconds", provider="eventrac", state="queued") == 7200
    assert figure("outbound_changes", provider="eventrac", state="confirmed") is None
    assert figure("rejected_records_open", provider="eventrac") == 1


def test_the_clock_and_who_listens(db) -> None:
    assert figure("beat_age_seconds") is None
    Tick.objects.create(pk=1, at=NOW - timedelta(seconds=40), steady_since=NOW, workers={"push": 2})
    assert figure("beat_age_seconds") == 40
    assert figure("workers", queue="push") == 2


def test_a_scrape_costs_the_same_however_much_there_is(organisation, django_assert_num_queries, monkeypatch) -> None:
    monkeypatch.setattr(figures, "MOST_CONNECTIONS", 5)
    for number in range(12):
        one = make_connection(organisation, "letsdothis" if number % 2 else "eventrac", label="Olive's own")
        SyncState.objects.create(connection=one, resource="entries", last_success_at=NOW - number * HOUR)
        run(one, HOUR / 2)
    with django_assert_num_queries(10):
        page = exposition(now=NOW).decode()
    assert page.count("organiser_portal_connection_age_seconds{") == 5
    assert "Olive" not in page
    assert "fellgate" not in page.lower()
    assert "process_resident_memory_bytes" in page


def test_the_page_is_what_a_prometheus_reads(token, db) -> None:
    with time_machine.travel(NOW, tick=False):
        answer = Client().get("/metrics", headers={"Authorization": f"Bearer {token}"})
    assert answer["Content-Type"].startswith("text/plain; version=")
    names = {family.name for family in text_string_to_metric_families(answer.content.decode())}
    assert {"organiser_portal_connections", "organiser_portal_alarms_open", "process_cpu_seconds"} <= names


@pytest.mark.parametrize("fault", [OperationalError, InterfaceError])
def test_without_a_database_it_is_one_sentence(token, db, fault: type[Exception]) -> None:
    def away(*_: object) -> None:
        raise fault("could not connect to server")

    with database.execute_wrapper(away):
        answer = Client().get("/metrics", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.content) == (503, b"The database does not answer.\n")
