"""A variable that cannot be used is told in a sentence, before anything else goes wrong."""

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


def doctor(**variables: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "manage.py", "doctor"]
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
        ("EMAIL_URL", "banana"),
        ("TRUSTED_PROXIES", "two"),
        ("LOG_FORMAT", "xml"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_the_command_line_says_one_sentence_and_nothing_else(name: str, value: str) -> None:
    ended = doctor(**{name: value})
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith(f"{name} is ")
    assert ended.stderr.count("\n") == 1
    assert value not in ended.stderr


def test_a_file_that_cannot_be_opened_is_a_finding_of_the_doctor() -> None:
    ended = doctor(DATABASE_URL="sqlite:////nowhere/portal.sqlite3")
    assert ended.returncode == 1
    assert "BAD     database      It does not answer" in ended.stdout
    assert "Traceback" not in ended.stderr
