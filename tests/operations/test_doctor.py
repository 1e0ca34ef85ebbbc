"""Each thing that can be wrong with an installation is found, and comes with what to do."""

import json
import os
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection

from organiser_portal.connections.models import Connection, Standing, SyncState
from organiser_portal.core.commands import Failed
from organiser_portal.operations.checks import (
    Level,
    clocks,
    configuration,
    database,
    engines,
    keys,
    shared_cache,
    sources,
    static_files,
)
from organiser_portal.operations.models import Alarm, Fault, Letter, Tick
from organiser_portal.sync.lanes import Lane
from tests.conftest import NOW
from tests.factories import make_connection
from tests.operations.findings import worst
from tests.sync.test_claim_race import queued

pytestmark = pytest.mark.django_db  # the system checks look at the database

MINUTE = timedelta(minutes=1)
REDIS = os.environ.get("TEST_REDIS_URL", "")
EVERYBODY = {lane.value: 1 for lane in Lane}


def tick(ago: timedelta = timedelta(), workers: dict[str, int] | None = None) -> None:
    Tick.objects.create(pk=1, at=NOW - ago, steady_since=NOW - timedelta(days=2), workers=workers or EVERYBODY)


@pytest.fixture
def deployed(settings: Any) -> Any:
    """As a real installation would be set up."""
    settings.SECRET_KEY = "checked-" + "x9Qz" * 16
    settings.INSECURE_HTTP = settings.PROVIDER_SANDBOX = False
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    settings.PORTAL_URL = "https://portal.example.org"
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend"}}
    return settings


def test_settings_that_fit(deployed) -> None:
    assert [finding.sentence for finding in configuration.settings_fit(NOW)] == ["Fit for use."]


@pytest.mark.parametrize(
    ("name", "value", "level", "told"),
    [
        ("DEBUG", True, Level.BAD, "DEBUG"),
        ("SECURE_SSL_REDIRECT", False, Level.BAD, "SECURE_SSL_REDIRECT"),
        ("PORTAL_URL", "http://127.0.0.1:8000", Level.BAD, "Set PORTAL_URL"),
        ("PORTAL_URL", "portal.example.org", Level.BAD, "PORTAL_URL is not a web address"),
        ("PROVIDER_SANDBOX", True, Level.NOTICE, "PROVIDER_SANDBOX is on"),
        ("INSECURE_HTTP", True, Level.NOTICE, "in the clear"),
        ("CELERY_BROKER_URL", "redis://localhost/0", Level.NOTICE, "Set CACHE_URL"),
    ],
)
def test_a_setting_that_is_unsafe_or_forgotten(deployed, name, value, level, told) -> None:
    setattr(deployed, name, value)
    finding = worst(configuration.settings_fit(NOW))
    assert finding.level == level
    assert told in finding.sentence


def test_mail_that_leaves_nowhere(deployed) -> None:
    deployed.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}
    (finding,) = configuration.settings_fit(NOW)
    assert "Set EMAIL_URL" in finding.sentence


def sealed(organisation) -> Connection:
    made = make_connection(organisation)
    made.seal({"api_key": "secret"})
    made.save()
    return made


def test_keys_that_open_what_is_stored(organisation) -> None:
    sealed(organisation)
    assert worst(keys.open_what_is_stored(NOW)).level == Level.GOOD


def test_a_key_that_is_missing_is_told_without_a_secret(organisation, settings) -> None:
    lost = sealed(organisation)
    settings.CREDENTIAL_KEYS = ["QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY="]
    finding = worst(keys.open_what_is_stored(NOW))
    assert finding.level == Level.BAD
    assert f"the credentials of connection {lost.pk}" in finding.sentence
    assert "secret" not in finding.sentence


@pytest.mark.parametrize("given", [[], ["not a key"]])
def test_keys_that_are_none(settings, given) -> None:
    settings.CREDENTIAL_KEYS = given
    assert ".env.example" in worst(keys.open_what_is_stored(NOW)).sentence


def test_static_files_that_nobody_collected(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
    assert "manage.py collectstatic" in worst(static_files.are_collected(NOW)).sentence
    (tmp_path / "staticfiles.json").write_text("{}")
    assert worst(static_files.are_collected(NOW)).level == Level.GOOD


def test_a_cache_that_is_well() -> None:
    assert worst(shared_cache.is_there(NOW)).level == Level.GOOD


def test_a_cache_that_is_away(cache_away: None) -> None:
    finding = worst(shared_cache.is_there(NOW))
    assert finding.level == Level.BAD
    assert "CACHE_URL" in finding.sentence


@pytest.mark.parametrize(
    "check",
    [
        database.answers,
        database.is_migrated,
        keys.open_what_is_stored,
        engines.clock_ticks,
        engines.every_queue_is_listened_to,
        engines.keep_up,
        clocks.agree_with_the_providers,
        sources.are_fresh,
        sources.letters_go_out,
    ],
    ids=lambda check: getattr(check, "check", check).__name__,
)
def test_a_database_that_is_away_is_a_finding_and_no_traceback(db, check: Callable[..., Any], monkeypatch) -> None:
    def away(*_: object) -> None:
        raise OperationalError("could not connect: password of portal is hunter2")

    monkeypatch.setattr(connection, "get_database_version", away)
    with connection.execute_wrapper(away):
        finding = worst(check(NOW))
    assert finding.level == Level.BAD
    assert "hunter2" not in finding.sentence


def test_a_broker_that_is_away(settings) -> None:
    assert worst(engines.broker_is_there(NOW)).level == Level.GOOD
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    assert "CELERY_BROKER_URL" in worst(engines.broker_is_there(NOW)).sentence


def test_a_clock_that_ticks(db) -> None:
    tick(MINUTE)
    assert worst(engines.clock_ticks(NOW)).sentence == "Ticks, without a pause for 2 days."
    assert worst(engines.every_queue_is_listened_to(NOW)).level == Level.GOOD


def test_a_clock_that_has_stopped(db) -> None:
    assert "never ticked" in worst(engines.clock_ticks(NOW)).sentence
    tick(4 * MINUTE)
    assert worst(engines.clock_ticks(NOW)).sentence.endswith("Start manage.py serve.")


def test_a_clock_cannot_tick_without_a_broker(db, settings) -> None:
    """Whoever started another beat for that would have two of them afterwards, and still no broker."""
    tick(4 * MINUTE)
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    assert worst(engines.clock_ticks(NOW)).sentence.endswith("It cannot without a broker: see to that first.")


@pytest.mark.skipif(not REDIS, reason="TEST_REDIS_URL is not set")
def test_a_clock_that_has_stopped_beside_a_broker_that_answers(db, settings) -> None:
    tick(4 * MINUTE)
    settings.CELERY_BROKER_URL = REDIS
    assert worst(engines.clock_ticks(NOW)).sentence.endswith("Start celery -A organiser_portal beat.")


def test_a_clock_that_ticks_in_the_future(db) -> None:
    tick(-180 * MINUTE)
    finding = worst(engines.clock_ticks(NOW))
    assert finding.level == Level.BAD
    assert "last ticked 3 h from now" in finding.sentence


def test_a_queue_that_nobody_listens_to(db) -> None:
    tick(workers={"clock": 1, "sync": 2, "push": 1})
    assert worst(engines.every_queue_is_listened_to(NOW)).sentence.startswith("Nobody listens to: whole.")


def test_work_that_piles_up(organisation) -> None:
    made = make_connection(organisation)
    SyncState.objects.create(connection=made, resource="entries", due_at=NOW - 10 * MINUTE)
    assert worst(engines.keep_up(NOW)).level == Level.GOOD
    assert "due for 26 min" in worst(engines.keep_up(NOW + 16 * MINUTE)).sentence


def test_an_edit_that_nobody_sends(organisation) -> None:
    working = make_connection(organisation, standing=Standing.WORKING)
    (change,) = queued(working, 1)
    assert worst(engines.keep_up(change.due_at + 14 * MINUTE)).level == Level.GOOD
    finding = worst(engines.keep_up(change.due_at + 16 * MINUTE))
    assert finding.sentence == "An edit could have been sent 16 min ago. See to the workers of queue push."


def test_a_database_that_is_away_is_told_once(db, capsys: pytest.CaptureFixture[str]) -> None:
    def away(*_: object) -> None:
        raise OperationalError("could not connect to server")

    with connection.execute_wrapper(away), pytest.raises(Failed):
        call_command("doctor")
    told = [line for line in capsys.readouterr().out.splitlines() if "see to the database" in line]
    assert len(told) == 1
    assert {"migrations", "beat", "connections"} <= set(told[0].replace(",", "").replace(":", "").split())


def test_clocks_that_differ(organisation) -> None:
    assert worst(clocks.agree_with_the_database(NOW)).level == Level.GOOD
    assert clocks.compared(timedelta(seconds=-90)).level == Level.BAD
    told = make_connection(organisation, account={"name": "x", "facts": [["Their clock", "+3 s against ours"]]})
    assert list(clocks.agree_with_the_providers(NOW)) == []
    Connection.objects.filter(pk=told.pk).update(account={"facts": [["Their clock", "-180 s against ours"]]})
    assert f"(connection {told.pk}) was -180 s" in worst(clocks.agree_with_the_providers(NOW)).sentence


def test_a_connection_that_is_stale_or_waits_for_its_owner(organisation) -> None:
    assert worst(sources.are_fresh(NOW)).level == Level.GOOD
    stale = make_connection(organisation)
    alarm = Alarm.objects.create(
        connection=stale, fault=Fault.PROVIDER, sentence="It is down.", since=NOW - 9 * 60 * MINUTE, raised_at=NOW
    )
    parked = make_connection(organisation, standing=Standing.NEEDS_ATTENTION, standing_reason="The key is refused.")
    first, second = sources.are_fresh(NOW)
    assert first.sentence == f"eventrac of fellgate (connection {stale.pk}) is stale, 9 h old. It is down."
    assert second.sentence.endswith(f"(connection {parked.pk}) waits for its owner. The key is refused.")
    assert worst(sources.letters_go_out(NOW)).level == Level.GOOD
    Letter.objects.create(alarm=alarm, about=Letter.About.STALE, tries=6)
    assert "1 were given up" in worst(sources.letters_go_out(NOW)).sentence


def test_the_command_speaks_to_programs(db, deployed) -> None:
    said = StringIO()
    with pytest.raises(Failed, match="Not well: beat, workers"):
        call_command("doctor", json=True, stdout=said)
    answer = json.loads(said.getvalue())
    assert answer["ok"] is False
    assert {finding["name"] for finding in answer["findings"] if finding["level"] == "bad"} == {"beat", "workers"}
