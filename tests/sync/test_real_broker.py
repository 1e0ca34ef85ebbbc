"""The engines as they run in production: a worker and beat of their own, with Redis between them and the portal."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from providers.sandbox import DEMO_KEYS, Sandbox
from tests.migrated import sqlite_template

ROOT = Path(__file__).resolve().parent.parent.parent
REDIS = os.environ.get("TEST_REDIS_URL", "")

pytestmark = [pytest.mark.portable, pytest.mark.skipif(not REDIS, reason="TEST_REDIS_URL is not set")]


@pytest.fixture
def installation(tmp_path: Path) -> dict[str, str]:
    """The environment of a small installation with a database of its own."""
    shutil.copy(sqlite_template(), tmp_path / "portal.sqlite3")
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "organiser_portal.settings",
        "SECRET_KEY": "real-broker",
        "CREDENTIAL_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        "DATABASE_URL": f"sqlite:///{tmp_path}/portal.sqlite3",
        "CELERY_BROKER_URL": REDIS,
        "INSECURE_HTTP": "on",
        "PROVIDER_SANDBOX": "on",
        "LOG_LEVEL": "WARNING",
    }


@pytest.fixture
def manage(installation: dict[str, str]) -> Callable[..., None]:
    def run(*arguments: str) -> None:
        subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=installation, check=True)

    return run


@pytest.fixture
def worker(installation: dict[str, str], tmp_path: Path) -> Iterator[None]:
    beat = ["--beat", "--schedule", str(tmp_path / "beat")]
    command = [sys.executable, "-m", "celery", "-A", "organiser_portal", "worker", "--concurrency", "1", *beat]
    child = subprocess.Popen([*command, "--loglevel", "WARNING"], cwd=ROOT, env=installation)
    yield
    child.terminate()
    child.wait(timeout=30)


def _entries(tmp_path: Path) -> int:
    with sqlite3.connect(tmp_path / "portal.sqlite3") as database:
        return int(database.execute("SELECT count(*) FROM participants_entry").fetchone()[0])


def test_a_worker_behind_redis_brings_the_entries(
    manage: Callable[..., None], worker: None, installation: dict[str, str], tmp_path: Path
) -> None:
    with Sandbox(size="s").serve() as root:
        manage("create_organisation", "Fellgate", "--owner", "olive@fellgate.example", "--json")
        connect = ["connect", "--organisation", "fellgate", "--provider", "letsdothis", "--set", "pace=0", "--json"]
        key = f"api_key={DEMO_KEYS['letsdothis']}"
        manage(*connect, "--base-url", f"{root}/letsdothis/v0", "--secret", key)
        call = [sys.executable, "-m", "celery", "-A", "organiser_portal", "call"]
        subprocess.run(
            [*call, "organiser_portal.sync.tasks.dispatch_due"], cwd=ROOT, env=installation, check=True, stdout=-3
        )
        deadline = time.monotonic() + 45
        while _entries(tmp_path) < 1_500 and time.monotonic() < deadline:
            time.sleep(0.3)
        assert _entries(tmp_path) >= 1_500
