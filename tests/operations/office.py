"""Run by ``test_several_workers`` beside real workers: what a web process does, and what then becomes of it.

    python -m tests.operations.office EVENTRAC LETSDOTHIS

Prints one JSON object: seconds from adding somebody to "sending" and to "confirmed" while a first load is on at another
provider, and what else went on.
"""

import json
import sys
import time
from collections.abc import Callable

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - all of it needs Django
from django.utils import timezone  # noqa: E402

from organiser_portal.celery import app  # noqa: E402
from organiser_portal.connections.models import Connection, OutboundChange, PushState  # noqa: E402
from organiser_portal.events.models import Listing  # noqa: E402
from organiser_portal.operations.models import Tick  # noqa: E402
from organiser_portal.operations.tasks import watch  # noqa: E402
from organiser_portal.organisations.models import User  # noqa: E402
from organiser_portal.participants.services import EntryValues, add_entry  # noqa: E402
from organiser_portal.sync.by_hand import sync_connection  # noqa: E402
from organiser_portal.sync.models import SyncRun  # noqa: E402
from organiser_portal.sync.tasks import dispatch_due  # noqa: E402
from providers.sandbox import DEMO_KEYS, DEMO_SETTINGS  # noqa: E402

LONGEST = 60.0  # seconds
CREWS = 2  # that ``test_several_workers`` sets to work


def wait_for(happened: Callable[[], bool]) -> float:
    """Seconds until it did."""
    began = time.monotonic()
    while not happened() and time.monotonic() - began < LONGEST:
        time.sleep(0.01)
    return time.monotonic() - began


def connect(provider: str, address: str, **settings: str) -> Connection:
    given = {**DEMO_SETTINGS[provider], "pace": "0", **settings}
    account = {"base_url": address, "secret": [f"api_key={DEMO_KEYS[provider]}"]}
    plain = [f"{name}={value}" for name, value in given.items()]
    call_command("connect", organisation="fellgate", provider=provider, set=plain, **account, stdout=sys.stderr)
    return Connection.objects.get(provider=provider)


def loading(connection: Connection) -> bool:
    return SyncRun.objects.filter(connection=connection, resource="entries", outcome="running", pages__gt=0).exists()


def add_somebody(connection: Connection) -> tuple[float, float]:
    """Seconds until a worker has taken it, and until the provider has it."""
    by = User.objects.create_user("olive@fellgate.example", "correct horse battery")
    listing = Listing.objects.filter(connection=connection, accepts_entries=True, is_team=False)
    listing = listing.exclude(questions__mandatory=True).earliest("pk")
    person = {"first_name": "Síle", "last_name": "Byrne", "email": "sile@example.org"}
    add_entry(
        race=listing.race, listing=listing, reference="5" * 32, values=EntryValues(person=person), by=by,
        now=timezone.now(),
    )  # fmt: skip
    change = OutboundChange.objects.filter(connection=connection)
    assert change.count() == 1, "or there would be nothing to wait for"
    taken = wait_for(lambda: not change.filter(state=PushState.QUEUED).exists())
    return taken, taken + wait_for(change.filter(state=PushState.CONFIRMED).exists)


def main(eventrac: str, letsdothis: str) -> None:
    call_command("create_organisation", "fellgate", owner="owner@fellgate.example", stdout=sys.stderr)
    takes_entries = connect("eventrac", eventrac)
    assert all(result.ok for result in sync_connection(takes_entries))
    connection = connect("letsdothis", letsdothis, page_size="250")
    wait_for(lambda: len(app.control.ping(timeout=1, limit=CREWS)) == CREWS)  # or the watch would not find them all
    for _ in range(2):  # as two beats would
        watch.delay()
        dispatch_due.delay()
    wait_for(lambda: loading(connection))
    sending, confirmed = add_somebody(takes_entries)
    told = {
        "sending": sending,
        "confirmed": confirmed,
        "still_loading": loading(connection),
        "runs": sorted(SyncRun.objects.filter(connection=connection).values_list("resource", flat=True)),
        "workers": Tick.objects.get().workers,
    }
    sys.stdout.write(json.dumps(told))


main(*sys.argv[1:])
