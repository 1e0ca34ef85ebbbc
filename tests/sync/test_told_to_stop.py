"""A worker that is told to stop gives its walk back at the next page. Another goes on from there at once."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from providers.sandbox import DEMO_KEYS, Sandbox
from tests.migrated import sqlite_template

ROOT = Path(__file__).resolve().parent.parent.parent
REDIS = os.environ.get("TEST_REDIS_URL", "")
CELERY = [sys.executable, "-m", "celery", "-A", "organiser_portal"]
SLOW = "letsdothis:slow=0.4,path=participants$"
STATE = "FROM sync_syncrun WHERE resource = 'entries' ORDER BY id"

pytestmark = [pytest.mark.portable, pytest.mark.skipif(not REDIS, reason="TEST_REDIS_URL is not set")]

type Ask = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture
def installation(tmp_path: Path) -> dict[str, str]:
    shutil.copy(sqlite_template(), tmp_path / "portal.sqlite3")
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "organiser_portal.settings",
        "SECRET_KEY": "told-to-stop",
        "CREDENTIAL_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        "DATABASE_URL": f"sqlite:///{tmp_path}/portal.sqlite3",
        "CELERY_BROKER_URL": REDIS,
        "INSECURE_HTTP": "on",
        "PROVIDER_SANDBOX": "on",
        "LOG_LEVEL": "WARNING",
    }


@pytest.fixture
def start(installation: dict[str, str]) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Without beat: nobody looks every minute for what is due."""
    subprocess.run([*CELERY, "purge", "-f"], cwd=ROOT, env=installation, check=True, stdout=-3)
    children: list[subprocess.Popen[bytes]] = []

    def worker() -> subprocess.Popen[bytes]:
        command = [*CELERY, "worker", "--concurrency", "1", "--without-gossip", "--without-mingle"]
        children.append(subprocess.Popen(command, cwd=ROOT, env=installation))
        return children[-1]

    yield worker
    for child in children:
        child.kill()
        child.wait()
    subprocess.run([*CELERY, "purge", "-f"], cwd=ROOT, env=installation, check=True, stdout=-3)


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    def answer(statement: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(tmp_path / "portal.sqlite3", timeout=20) as database:
            return database.execute(statement).fetchall()

    return answer


def entries(ask: Ask) -> int:
    return int(ask("SELECT count(*) FROM participants_entry")[0][0])


def wait_for(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not happened() and time.monotonic() < until:
        time.sleep(0.1)
    assert happened()


def test_another_worker_goes_on_where_one_was_told_to_stop(
    installation: dict[str, str], start: Callable[[], subprocess.Popen[bytes]], ask: Ask
) -> None:
    with Sandbox(size="s", faults=SLOW).serve() as root:
        manage = [sys.executable, "manage.py"]
        there = ["--provider", "letsdothis", "--base-url", f"{root}/letsdothis/v0", "--json"]
        key = ["--set", "pace=0", "--set", "page_size=100", "--secret", f"api_key={DEMO_KEYS['letsdothis']}"]
        for command in (
            [*manage, "create_organisation", "Fellgate", "--owner", "olive@fellgate.example", "--json"],
            [*manage, "connect", "--organisation", "fellgate", *there, *key],
        ):
            subprocess.run(command, cwd=ROOT, env=installation, check=True, stdout=-3)
        subprocess.run(
            [*CELERY, "call", "organiser_portal.sync.tasks.dispatch_due"],
            cwd=ROOT, env=installation, check=True, stdout=-3,
        )  # fmt: skip
        first = start()
        wait_for(lambda: entries(ask) > 0)
        first.send_signal(signal.SIGTERM)
        first.wait(timeout=30)
        assert 0 < entries(ask) < 1_500
        assert ask(f"SELECT outcome, owes {STATE}") == [("short", "rest")]
        assert ask(
            "SELECT lease, leased_until, cursor != '' FROM connections_syncstate WHERE resource = 'entries'"
        ) == [("", None, 1)]
        start()
        wait_for(lambda: len(ask(f"SELECT 1 {STATE}")) == 2 and ask(f"SELECT outcome {STATE}")[1][0] != "running")
        (_, _, begun), (outcome, owes, rest) = ask(f"SELECT outcome, owes, new {STATE}")
        assert (outcome, owes, begun + rest) == ("succeeded", "", entries(ask))
        assert ask("SELECT last_full_at IS NOT NULL FROM connections_syncstate WHERE resource = 'entries'") == [(1,)]
        assert entries(ask) >= 1_500
