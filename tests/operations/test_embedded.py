"""The portal in one process: its threads keep the queues apart as separate workers would."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from organiser_portal.embedded import CREWS
from organiser_portal.sync.lanes import Lane

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = pytest.mark.portable


def test_long_loads_keep_no_edit_and_no_small_listing_waiting(tmp_path: Path) -> None:
    """In a process of its own: a worker takes over the database connections of whichever it lives in."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "SUITE_DATABASE_URL": f"sqlite:///{tmp_path}/x",
    }
    command = [sys.executable, "-m", "tests.operations.crews_at_work"]
    child = subprocess.run(command, cwd=ROOT, env=environment, stdout=-1, text=True, timeout=60, check=True)
    told = json.loads(child.stdout)
    assert sorted(told["done"]) == ["clock", "long", "push", "sync"]
    assert told["seconds"] < 1
    assert told["listeners"] == {lane.value: 1 for lane in Lane}


def test_every_queue_has_a_crew() -> None:
    assert sorted(lane for lanes, _ in CREWS.values() for lane in lanes) == sorted(Lane)
