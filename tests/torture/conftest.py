"""The town and its processes. What is marked as torture needs PostgreSQL and a redis-server; else it is left out."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random, SystemRandom

import pytest
from django.db import connection as database

from organiser_portal.organisations.models import Organisation, User
from providers import registry
from providers.sandbox import Sandbox
from tests.torture.processes import Installation
from tests.torture.town import Town


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    left_out = ""
    if database.vendor != "postgresql":
        left_out = "needs PostgreSQL (SUITE_DATABASE_URL)"
    elif not shutil.which("redis-server"):
        left_out = "needs redis-server"
    for item in items:
        if item.get_closest_marker("torture") and left_out:
            item.add_marker(pytest.mark.skip(reason=left_out))


@pytest.fixture
def seed() -> int:
    """TORTURE_SEED, or a new one each time: the failure prints it."""
    found = int(os.environ.get("TORTURE_SEED") or SystemRandom().randrange(1_000_000))
    print(f"\nTORTURE_SEED={found}")
    return found


@pytest.fixture
def chance(seed: int) -> Random:
    return Random(seed)


@pytest.fixture
def town(organisation: Organisation, editor: User, seed: int) -> Iterator[Town]:
    sandbox = Sandbox(size=os.environ.get("TORTURE_SIZE", "s"), seed=seed % 7 + 1)
    sandbox.clock.advance(Random(seed).randint(-180, 180))  # their clock is minutes off ours
    with sandbox.serve():
        yield Town(organisation, editor, sandbox, providers(seed))


def providers(seed: int) -> list[str]:
    """eventrac and one other; all of them where TORTURE_PROVIDERS says "all"."""
    others = sorted(registry.PROVIDERS.keys() - {"eventrac"})
    return ["eventrac", *(others if os.environ.get("TORTURE_PROVIDERS") == "all" else [others[seed % len(others)]])]


@pytest.fixture
def installation(transactional_db: None, tmp_path: Path) -> Iterator[Installation]:
    """Ask for it before the town, so that it comes up while that is built, and let it ``begin``."""
    running = Installation(tmp_path)
    try:
        yield running
    finally:
        running.end()
