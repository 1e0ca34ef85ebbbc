"""A long queue survives the death of its workers, of the broker, and a provider that is down: each entry is there once.

``make torture`` sends 5,000; TORTURE_QUEUE says otherwise.
"""

import os
import time
from random import Random

import pytest

from organiser_portal.connections.models import OutboundChange
from organiser_portal.sync.outbox import UNDER_WAY
from tests.torture import rules, truth
from tests.torture.processes import Installation
from tests.torture.town import Town

LENGTH = int(os.environ.get("TORTURE_QUEUE", "60"))
PATIENCE = 120.0 + LENGTH / 10

pytestmark = [pytest.mark.torture, pytest.mark.django_db(transaction=True)]


def test_a_long_queue_arrives_whole(installation: Installation, town: Town, chance: Random) -> None:
    entries = [town.add_somebody(chance) for _ in range(LENGTH)]
    installation.begin()
    blows = iter(
        (
            lambda: town.sandbox.faults.add("eventrac:status=503,times=3"),
            lambda: installation.kill_a_worker(chance),
            lambda: town.sandbox.faults.add("eventrac:drop_after_write,method=POST,times=1"),
            installation.restart_broker,
            lambda: [worker.restart() for worker in installation.workers],
            installation.cut_database,
        )
    )
    struck, kills, started = 0, [town.sandbox.clock()], time.monotonic()
    while OutboundChange.objects.filter(state__in=UNDER_WAY).exists():
        assert time.monotonic() - started < PATIENCE, f"{arrived(town)} of {LENGTH} arrived"
        if arrived(town) >= LENGTH * struck // 6 and (blow := next(blows, None)):
            kills.append(town.sandbox.clock())
            blow()
            struck += 1
        town.time_passes(only=[])
        time.sleep(0.2)
    assert list(truth.promises_broken(town.eventrac, town.sandbox)) == []
    assert set(OutboundChange.objects.values_list("state", flat=True)) == {"confirmed"}
    assert list(rules.broken(town.sandbox, "eventrac", excused=kills)) == []
    assert all(len(town.sandbox.eventrac.stored(entry.reference)) == 1 for entry in entries[:200])
    print(f"{LENGTH} arrived in {time.monotonic() - started:.0f} s through {struck} blows")


def arrived(town: Town) -> int:
    return len(town.sandbox.eventrac.state.participants) - town.seeded
