"""Several worker processes, two of everything that ticks, and a broker between them and the portal."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from providers.sandbox import Sandbox
from providers.sandbox.eventrac.site import EventracSite
from providers.sandbox.letsdothis.site import LetsDoThisSite
from tests.migrated import sqlite_template

ROOT = Path(__file__).resolve().parent.parent.parent
REDIS = os.environ.get("TEST_REDIS_URL", "")
RABBITMQ = os.environ.get("TEST_RABBITMQ_URL", "")
SLOW = "letsdothis:slow=2,path=participants$,method=GET"
OTHER_NUMBER = "14"  # the workers of other tests listen to the same queues

BROKERS = {"redis": f"{REDIS.rpartition('/')[0]}/{OTHER_NUMBER}" if REDIS else "", "rabbitmq": RABBITMQ}

pytestmark = pytest.mark.portable


@pytest.fixture(params=BROKERS)
def broker(request: pytest.FixtureRequest) -> str:
    return BROKERS[request.param] or pytest.skip(f"TEST_{request.param.upper()}_URL is not set")


@pytest.fixture
def installation(tmp_path: Path, broker: str) -> dict[str, str]:
    shutil.copy(sqlite_template(), tmp_path / "portal.sqlite3")
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "organiser_portal.settings",
        "SECRET_KEY": "several-workers",
        "CREDENTIAL_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        "DATABASE_URL": f"sqlite:///{tmp_path}/portal.sqlite3",
        "CELERY_BROKER_URL": broker,
        "INSECURE_HTTP": "on",
        "PROVIDER_SANDBOX": "on",
        "LOG_LEVEL": "WARNING",
    }


@pytest.fixture
def workers(installation: dict[str, str]) -> Iterator[None]:
    """As docs/deployment.md has them."""
    celery = [sys.executable, "-m", "celery", "-A", "organiser_portal"]
    subprocess.run([*celery, "purge", "-f"], cwd=ROOT, env=installation, check=True, stdout=-3)
    crews = {"quick@portal": ("clock,push,sync", "2"), "whole@portal": ("whole", "1")}
    children = [
        subprocess.Popen(
            [*celery, "worker", "-n", name, "-Q", queues, "--concurrency", number], cwd=ROOT, env=installation
        )
        for name, (queues, number) in crews.items()
    ]
    yield
    for child in children:
        child.terminate()
    for child in children:
        child.wait(timeout=30)


def test_a_first_load_delays_no_push_and_nothing_is_begun_twice(installation: dict[str, str], workers: None) -> None:
    with Sandbox(size="s", faults=SLOW).serve() as root:
        sites = [f"{root}{site.prefix}" for site in (EventracSite, LetsDoThisSite)]
        command = [sys.executable, "-m", "tests.operations.office", *sites]
        office = subprocess.run(command, cwd=ROOT, env=installation, stdout=-1, text=True, timeout=300, check=True)
    told = json.loads(office.stdout)
    assert told["still_loading"], "when the provider had the new entry"
    assert told["sending"] < 5, "seconds; with nothing else on the machine it is a tenth of one"
    assert told["confirmed"] < 10
    assert len(set(told["runs"])) == len(told["runs"])
    assert told["workers"] == {"clock": 1, "push": 1, "sync": 1, "whole": 1}
