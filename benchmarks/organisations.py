"""How many organisations of the typical size one worker of two cores keeps up to date, and what gives way next.

    python -m benchmarks.organisations [--organisations 1000] [--seconds 60]

Needs PostgreSQL (TEST_DATABASE_URL), which should have nothing else to do, and Redis (TEST_REDIS_URL). One organisation
of 1,500 entries is loaded and copied, every listing of every copy falls due, and a worker with two processes asks for
them all for so many seconds; the provider answers that nothing has changed. Prints runs a second, processor time a run
by who spent it, how long handing out and looking round take, and from it all how many organisations can be kept.
"""

import argparse
import os
import subprocess
import time
from collections.abc import Callable
from io import StringIO
from typing import Any

from benchmarks.portal import SETTINGS, fresh_postgresql
from benchmarks.processor import name_of, parent_of, seconds_of
from benchmarks.remote import running
from benchmarks.worker import working

SERVER = "postgres://postgres@127.0.0.1:5432/postgres"
BROKER = "redis://127.0.0.1:6379/15"
ENTRIES = 1_500
CORES = 2
# Minutes between two looks at a listing, by how often it is worth asking for, as ``sync/schedule.py`` has them.
MINUTES = {
    "usual": {"fast": 240, "slow": 240},
    "race week": {"fast": 15, "slow": 60},
    "race day": {"fast": 1, "slow": 60},
}
# Of a year of five races: five weeks before them, five days of them.
SHARE = {"usual": 0.89, "race week": 0.096, "race day": 0.014}
LISTINGS = {"fast": 2, "slow": 3}  # of Let's Do This


def main() -> None:
    asked = _arguments()
    broker = os.environ.get("TEST_REDIS_URL", BROKER)
    with fresh_postgresql(os.environ.get("TEST_DATABASE_URL", SERVER)) as database, running(ENTRIES) as provider:
        # Another number than that of the tests, whose workers listen to the same queues.
        own = {"DATABASE_URL": database, "CELERY_BROKER_URL": f"{broker.rpartition('/')[0]}/13"}
        os.environ.update({**SETTINGS, **own, "DJANGO_SETTINGS_MODULE": "organiser_portal.settings"})
        import django
        from django.db import connection

        django.setup()
        try:
            _measure(asked.organisations, asked.seconds, provider)
        finally:
            connection.close()


def _measure(organisations: int, seconds: float, provider: str) -> None:
    print(f"{organisations:,} organisations, {_prepare(organisations, provider)}", flush=True)
    handing_out = _timed(_hand_out)
    print(f"handing out what is due: {handing_out:.2f} s; looking for stale sources: {_timed(_look_round):.2f} s")
    with working(CORES) as worker:
        _hand_out()
        idle = _wait_for_the_first()
        began, before = time.monotonic(), _processor_time(worker)
        _hand_out_for(seconds)
        runs, wall, after = _good_runs() - idle, time.monotonic() - began, _processor_time(worker)
    _report(runs, wall, {who: after[who] - before[who] for who in after})


def _prepare(organisations: int, provider: str) -> str:
    """Load one, copy it, and have everything fall due."""
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from benchmarks.copies import copy_organisation
    from organiser_portal.connections.models import SyncState
    from organiser_portal.participants.models import Entry

    quiet: dict[str, Any] = {"stdout": StringIO()}
    call_command("migrate", verbosity=0)
    call_command("create_organisation", "bench", owner="bench@portal.example", **quiet)
    given = {"base_url": f"{provider}/v0", "secret": ["api_key=bench"], "set": ["pace=0"]}
    call_command("connect", organisation="bench", provider="letsdothis", **given, **quiet)
    call_command("sync", organisation="bench", **quiet)
    copying = _timed(lambda: copy_organisation(organisations))
    now = timezone.now()
    SyncState.objects.update(due_at=now, last_success_at=now, last_full_at=now, full_due=False)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return f"{Entry.objects.count():,} entries, {SyncState.objects.count():,} listings, copied in {copying:.0f} s"


def _hand_out() -> None:
    from organiser_portal.sync.tasks import dispatch_due

    dispatch_due()


def _look_round() -> None:
    from django.utils import timezone

    from organiser_portal.operations import alarms

    alarms.look(now=timezone.now())


def _good_runs() -> int:
    from organiser_portal.sync.models import Outcome, SyncRun

    return SyncRun.objects.filter(outcome=Outcome.SUCCEEDED).count()


def _wait_for_the_first() -> int:
    """Until the worker has begun to work. Returns how many runs there were by then."""
    idle = _good_runs()
    while _good_runs() <= idle:
        time.sleep(0.2)
    return _good_runs()


def _hand_out_for(seconds: float) -> None:
    """Once a minute, as beat does."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(60.0, left))
        _hand_out()


def _processor_time(worker: "subprocess.Popen[bytes]") -> dict[str, float]:
    """By who has spent it; without the database where that is on another machine."""
    database = _database_seconds()
    return {"worker": seconds_of(worker.pid)} | ({} if database is None else {"database": database})


def _report(runs: int, wall: float, spent: dict[str, float]) -> None:
    print(f"{runs:,} runs in {wall:.0f} s: {runs / wall:.1f} a second")
    for who, seconds in spent.items():
        print(f"  {who:9} {1000 * seconds / max(runs, 1):6.1f} ms of a processor each run")
    if "database" not in spent:
        print("  database  runs on another machine, so what it has spent is not known")
    rates = {"on this machine now": runs / wall, "by its processor time": CORES * runs / max(spent["worker"], 0.01)}
    for how, rate in rates.items():
        kept = ", ".join(f"{phase} {rate / needed(phase):,.0f}" for phase in MINUTES)
        mixed = rate / sum(share * needed(phase) for phase, share in SHARE.items())
        print(f"organisations kept, {how}: {kept}; of a year's mixture {mixed:,.0f}")


def needed(phase: str) -> float:
    """Runs a second that one organisation needs."""
    return sum(number / (60 * MINUTES[phase][cadence]) for cadence, number in LISTINGS.items())


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _database_seconds() -> float | None:
    """Of the whole server: each task has a connection of its own, whose process ends with it. None: it is elsewhere."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    server = parent_of(backend)
    return seconds_of(server) if server and name_of(backend).startswith("postgres:") else None


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--organisations", type=int, default=1_000)
    parser.add_argument("--seconds", type=float, default=60.0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
