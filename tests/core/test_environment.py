"""A variable that cannot be used is told in a sentence, before anything else goes wrong."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from organiser_portal.core.environment import NO_DATABASE, Environment

ROOT = Path(__file__).resolve().parent.parent.parent
NONSENSE = (
    *("", "banana", "portal.sqlite3", "postgres://", "postgres://portal@db.example.org", "mysql://u@h/portal"),
    *("http://[db/portal", "postgres://u:secret@h:port/portal", "postgress://u:secret@h/portal", "redis://h/0"),
)


DOCTOR = ("manage.py", "doctor")


def doctor(**variables: str) -> "subprocess.CompletedProcess[str]":
    return ran(*DOCTOR, **variables)


def ran(*arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, *arguments]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "organiser_portal.settings", **variables}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def database(url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DATABASE_URL", url)
    return str(Environment().database("DATABASE_URL", default="")["NAME"])


@pytest.mark.parametrize("url", NONSENSE)
def test_nonsense_is_a_sentence_that_quotes_nothing(
    url: str, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        database(url, monkeypatch)
    assert str(caught.value) == f"DATABASE_URL {NO_DATABASE}"
    assert not list(recwarn), "a warning would quote the password"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("postgres://portal:p%40ss@db.example.org:5432/portal", "portal"),
        ("postgresql:///portal", "portal"),
        ("sqlite:////srv/portal.sqlite3", "/srv/portal.sqlite3"),
        ("sqlite://:memory:", ":memory:"),
    ],
)
def test_an_address_is_read(url: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert database(url, monkeypatch) == name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "banana"),
        ("CACHE_URL", "banana"),
        ("CACHE_URL", "memcache://banana:11211"),
        ("CELERY_BROKER_URL", "banana"),
        ("CELERY_BROKER_URL", "banana://u:p@h/0"),
        ("CELERY_BROKER_URL", "redis://:banana/@h:6379/0"),
        ("DEBUG", "banana"),
        ("EMAIL_URL", "banana"),
        ("TRUSTED_PROXIES", "two"),
        ("LOG_FORMAT", "xml"),
        ("LOG_LEVEL", "LOUD"),
        ("BROKER_QUEUES", "mirrored"),
    ],
)
def test_the_command_line_says_one_sentence_and_nothing_else(name: str, value: str) -> None:
    ended = doctor(**{name: value})
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith(f"{name} is ")
    assert ended.stderr.count("\n") == 1
    assert "banana" not in ended.stderr.lower()
    assert value not in ended.stderr


def test_a_program_is_told_in_json() -> None:
    ended = ran(*DOCTOR, "--json", DATABASE_URL="banana")
    assert ended.returncode == 1
    assert json.loads(ended.stdout) == {"ok": False, "error": ended.stderr.strip()}
    assert ended.stderr.startswith("DATABASE_URL is ")


@pytest.mark.parametrize(
    ("process", "status"),
    [
        (("-m", "celery", "-A", "organiser_portal", "worker"), 1),
        (("-m", "celery", "-A", "organiser_portal", "beat"), 1),
        (("-c", "import organiser_portal.wsgi"), 3),
    ],
    ids=["worker", "beat", "web"],
)
def test_every_process_says_one_sentence_and_ends(process: tuple[str, ...], status: int) -> None:
    ended = ran(*process, DATABASE_URL="banana")
    assert (ended.returncode, ended.stdout) == (status, "")
    assert ended.stderr.startswith("DATABASE_URL is ")
    assert ended.stderr.count("\n") == 1


def test_a_secret_may_begin_with_a_dollar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "$HOME-is-where-the-fell-is")
    assert Environment().required("SECRET_KEY") == "$HOME-is-where-the-fell-is"


def test_a_secret_that_is_empty_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "")
    with pytest.raises(ImproperlyConfigured, match=r"^SECRET_KEY must not be empty"):
        Environment().required("SECRET_KEY")


@pytest.mark.parametrize(("value", "on"), [("True", True), ("on", True), ("Off", False), ("0", False), ("", False)])
def test_a_switch_is_on_or_off(value: str, on: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEBUG", value)
    assert Environment().flag("DEBUG", default=not on) is on


def test_a_line_of_the_file_that_says_nothing_is_named_by_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LEGIBLE_IN_A_FILE", raising=False)
    written = tmp_path / ".env"
    written.write_text("# ours\n\nexport LEGIBLE_IN_A_FILE=yes\n")
    Environment().read_file(written)
    assert os.environ.pop("LEGIBLE_IN_A_FILE") == "yes"
    written.write_text("# ours\nSECRET_KEY = hunter2\n")
    with pytest.raises(ImproperlyConfigured) as caught:
        Environment().read_file(written)
    assert str(caught.value) == f"Line 2 of {written} is not NAME=VALUE, without spaces around the =."


def test_a_file_that_cannot_be_opened_is_a_finding_of_the_doctor() -> None:
    ended = doctor(DATABASE_URL="sqlite:////nowhere/portal.sqlite3")
    assert ended.returncode == 1
    assert "BAD     database      It does not answer" in ended.stdout
    assert "Traceback" not in ended.stderr


KINDS = """
import json
from organiser_portal.celery import app
print(json.dumps({name: (queue.queue_arguments or {}).get("x-queue-type") for name, queue in app.amqp.queues.items()}))
"""


@pytest.mark.parametrize(("asked", "kind"), [({}, None), ({"BROKER_QUEUES": "quorum"}, "quorum")])
def test_every_queue_is_of_the_kind_that_was_asked_for(asked: dict[str, str], kind: str | None) -> None:
    kinds = json.loads(ran("-c", KINDS, **asked).stdout)
    assert kinds == dict.fromkeys(("clock", "push", "sync", "whole"), kind)
