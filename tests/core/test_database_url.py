"""A DATABASE_URL that cannot be used is told in a sentence, before anything else goes wrong."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from organiser_portal.core.database_url import UNREADABLE, read_database_url

ROOT = Path(__file__).resolve().parent.parent.parent
NONSENSE = (
    *("", "banana", "portal.sqlite3", "postgres://", "postgres://portal@db.example.org", "mysql://u@h/portal"),
    *("http://[db/portal", "postgres://u:secret@h:port/portal", "postgress://u:secret@h/portal", "redis://h/0"),
)


def manage(url: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "manage.py", *arguments]
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "organiser_portal.settings"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("url", NONSENSE)
def test_nonsense_is_a_sentence_that_quotes_nothing(url: str, recwarn: pytest.WarningsRecorder) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        read_database_url(url)
    assert str(caught.value) == UNREADABLE
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
def test_an_address_is_read(url: str, name: str) -> None:
    assert read_database_url(url)["NAME"] == name


def test_the_command_line_says_the_sentence_and_nothing_else() -> None:
    ended = manage("banana", "doctor")
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", f"{UNREADABLE}\n")


def test_a_file_that_cannot_be_opened_is_a_finding_of_the_doctor() -> None:
    ended = manage("sqlite:////nowhere/portal.sqlite3", "doctor")
    assert ended.returncode == 1
    assert "BAD     database      It does not answer" in ended.stdout
    assert "Traceback" not in ended.stderr
