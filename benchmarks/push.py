"""How fast a long queue of new entries leaves for a provider with bulk add, against the pace it permits.

python -m benchmarks.push --entries 5000 --pace 2
"""

import argparse
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from typing import TYPE_CHECKING

import httpx

from benchmarks.portal import SETTINGS, fresh_postgresql
from benchmarks.table import Table
from providers.sandbox import DEMO_KEYS, DEMO_SETTINGS, Sandbox
from providers.sandbox.eventrac.site import EventracSite

if TYPE_CHECKING:
    from organiser_portal.connections.models import Connection

SERVER = "postgres://postgres@127.0.0.1:5432/postgres"
PROVIDER = "eventrac"
SHARE = 0.9  # of the permitted rate that should be used
ROOM = 1_000_000  # places in every race


def measure(table: Table, *, entries: int, pace: float, server: str) -> None:
    """The same queue at the permitted pace, and as fast as it goes."""
    table.heading(f"Push: {entries:,} new entries, in bulk")
    with remote() as root, fresh_postgresql(server, "portal_bench_push") as database:
        connection = installed(root, database)
        seconds, requests, spent = sent(connection, root, entries, pace="0")
        table.fact(
            "without a pace", f"{seconds:.2f} s, {requests / seconds:.1f} requests/s, {entries / seconds:,.0f}/s"
        )
        table.fact("of a processor, which a busy machine changes little", f"{1000 * spent / requests:.0f} ms a request")
        seconds, requests, _ = sent(connection, root, entries, pace=f"{pace:g}")
        work = f"at {pace:g} requests/s, {requests} requests"
        table.ratio(work, seconds, (requests - 1) / pace, of="the pace alone", at_most=1 / SHARE)


@contextmanager
def remote() -> Iterator[str]:
    """The sandbox in a process of its own, with room for everybody; gives its address."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=_serve, args=(theirs,), daemon=True)
    child.start()
    try:
        yield ours.recv()
    finally:
        child.terminate()
        child.join()


def _serve(pipe: Pipe) -> None:
    sandbox = Sandbox(size="s")
    for race in sandbox.eventrac.state.races.values():
        race.capacity = ROOM
    with sandbox.serve() as root:
        pipe.send(root)
        time.sleep(24 * 3600)


def installed(root: str, database: str) -> "Connection":
    """A portal over this database, in this process, that knows the provider's races."""
    os.environ |= {**SETTINGS, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "organiser_portal.settings"}
    import django

    django.setup()
    from django.core.management import call_command

    from organiser_portal.connections.models import Connection, Standing
    from organiser_portal.organisations.models import Organisation
    from organiser_portal.sync.by_hand import sync_connection

    call_command("migrate", verbosity=0)
    organisation = Organisation.objects.create(name="Bench", slug="bench")
    settings = {**DEMO_SETTINGS[PROVIDER], "pace": "0"}
    base_url = f"{root}{EventracSite.prefix}"
    connection = Connection(organisation=organisation, provider=PROVIDER, base_url=base_url, settings=settings)
    connection.seal({"api_key": DEMO_KEYS[PROVIDER]})
    connection.standing = Standing.WORKING
    connection.save()
    for result in sync_connection(connection):
        assert result.ok, result.error
    return connection


def sent(connection: "Connection", root: str, entries: int, *, pace: str) -> tuple[float, int, float]:
    """Seconds, calls and seconds of a processor until a queue of so many is confirmed."""
    from organiser_portal.sync import push

    queue(connection, entries)
    connection.settings = {**connection.settings, "pace": pace}
    connection.save()
    httpx.delete(f"{root}/_control/log")
    started, idle = time.perf_counter(), time.process_time()
    ends = push.drain(connection.pk)
    seconds, spent = time.perf_counter() - started, time.process_time() - idle
    assert ends == {"confirmed": entries}, ends
    return seconds, httpx.get(f"{root}/_control/").json()["requests"], spent


def queue(connection: "Connection", entries: int) -> None:
    """So many people, added here and waiting to be sent."""
    from django.utils import timezone

    from organiser_portal.connections.models import OutboundChange
    from organiser_portal.events.models import Listing
    from organiser_portal.participants.models import Entry
    from organiser_portal.participants.services.outbox import add_values

    now = timezone.now()
    open_ones = Listing.objects.filter(connection=connection, accepts_entries=True, is_team=False)
    listing = open_ones.exclude(questions__mandatory=True).earliest("pk")
    common = {"organisation": connection.organisation, "connection": connection}
    people = [
        Entry(
            **common,
            listing=listing,
            race=listing.race,
            origin="staff",
            first_name=f"Runner{number}",
            last_name="Quick",
            email=f"r{number}@example.org",
            first_seen=now,
            last_seen=now,
            entered_at=now,
            push_state="queued",
        )
        for number in range(entries)
    ]
    OutboundChange.objects.bulk_create(
        OutboundChange(
            **common,
            entry_id=entry.pk,
            reference=entry.reference,
            action="add_entry",
            due_at=now,
            created_at=now,
            race_external_id=listing.external_id,
            values=add_values(entry),
        )
        for entry in Entry.objects.bulk_create(people)
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--entries", type=int, default=5_000)
    arguments.add_argument("--pace", type=float, default=2.0, help="requests a second that are permitted")
    arguments.add_argument("--server", default=os.environ.get("TEST_DATABASE_URL", SERVER), help="a PostgreSQL")
    given = arguments.parse_args()
    measure(Table(), entries=given.entries, pace=given.pace, server=given.server)


if __name__ == "__main__":
    main()
