"""How long after staff have saved an edit it is on its way to the provider, with a worker that has nothing else to do.

    python -m benchmarks.one_edit [--edits 20]

Needs PostgreSQL (TEST_DATABASE_URL) and Redis (TEST_REDIS_URL).
"""

import argparse
import os
import time
from collections.abc import Callable
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.portal import fresh_postgresql
from benchmarks.push import SERVER, installed, queue, remote
from benchmarks.table import Table
from benchmarks.worker import working

if TYPE_CHECKING:
    from organiser_portal.connections.models import OutboundChange
    from organiser_portal.organisations.models import User
    from organiser_portal.participants.models import Entry

BROKER = "redis://127.0.0.1:6379/15"
SOON, PATIENCE = 1.0, 60.0  # seconds
LOOK_EVERY = 0.005


def measure(table: Table, *, edits: int, server: str) -> None:
    """From the commit of an edit until a worker has it in hand, and until the provider has said yes."""
    table.heading(f"One edit, from save to sending: {edits} of them, one after the other")
    # Another number than that of the tests, whose workers listen to the same queues.
    broker = os.environ.get("TEST_REDIS_URL", BROKER).rpartition("/")[0]
    os.environ["CELERY_BROKER_URL"] = f"{broker}/13"
    with remote() as root, fresh_postgresql(server, "portal_bench_edit") as database:
        entries, author = entered(root, database, edits + 1)
        with working(1):
            edited(entries[0], author, "Warm")  # whatever is compiled and connected is, from here on
            taken, confirmed = zip(*(edited(entry, author, "Quick") for entry in entries[1:]), strict=True)
        close()
    table.limit("in hand of a worker, median", median(taken), "s", at_most=SOON)
    table.limit("in hand of a worker, slowest", max(taken), "s", at_most=SOON)
    table.fact("confirmed by the provider, median", f"{median(confirmed):.2f} s")


def entered(root: str, database: str, number: int) -> tuple[list["Entry"], "User"]:
    """So many entries that the provider has, and somebody who edits them."""
    connection = installed(root, database)

    from organiser_portal.organisations.models import User
    from organiser_portal.participants.models import Entry
    from organiser_portal.sync import push

    queue(connection, number)
    ends = push.drain(connection.pk)
    assert ends == {"confirmed": number}, ends
    return list(Entry.objects.filter(origin="staff").order_by("pk")), User.objects.create(email="bench@portal.example")


def edited(entry: "Entry", author: "User", last_name: str) -> tuple[float, float]:
    """Seconds from the save until it is being sent, and until it is confirmed."""
    from django.utils import timezone

    from organiser_portal.connections.models import OutboundChange, PushState
    from organiser_portal.participants.services import EntryValues, edit_entry

    values = EntryValues(person={"last_name": f"{last_name}{entry.pk}"})
    edit_entry(entry=entry, values=values, by=author, now=timezone.now())
    saved = time.perf_counter()
    change = OutboundChange.objects.filter(entry_id=entry.pk).latest("pk")
    wait_until(change, lambda state: state != PushState.QUEUED)
    taken = time.perf_counter() - saved
    wait_until(change, lambda state: state == PushState.CONFIRMED)
    return taken, time.perf_counter() - saved


def wait_until(change: "OutboundChange", is_so: Callable[[str], bool]) -> None:
    until = time.perf_counter() + PATIENCE
    while time.perf_counter() < until:
        change.refresh_from_db(fields=["state"])
        if is_so(change.state):
            return
        time.sleep(LOOK_EVERY)
    raise SystemExit(f"A change is still {change.state} after {PATIENCE:.0f} s.")


def close() -> None:
    """So that the database can be dropped."""
    from django.db import connection

    connection.close()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--edits", type=int, default=20)
    arguments.add_argument("--server", default=os.environ.get("TEST_DATABASE_URL", SERVER), help="a PostgreSQL")
    given = arguments.parse_args()
    measure(Table(), edits=given.edits, server=given.server)


if __name__ == "__main__":
    main()
