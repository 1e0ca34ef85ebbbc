"""Run by ``test_several_workers`` beside real workers: what a web process does, and what then becomes of it.

    python -m tests.operations.office SANDBOX_ROOT

Prints one JSON object: seconds from saving an edit to "sending" while a first load is on, and what else went on.
"""

import json
import sys
import time
from collections.abc import Callable

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - all of it needs Django
from django.utils import timezone  # noqa: E402

from organiser_portal.connections.models import Connection, OutboundChange, PushState  # noqa: E402
from organiser_portal.operations.models import Tick  # noqa: E402
from organiser_portal.operations.tasks import watch  # noqa: E402
from organiser_portal.organisations.models import User  # noqa: E402
from organiser_portal.participants.models import Entry  # noqa: E402
from organiser_portal.participants.services import EntryValues, edit_entry  # noqa: E402
from organiser_portal.sync.models import SyncRun  # noqa: E402
from organiser_portal.sync.tasks import dispatch_due  # noqa: E402
from providers.sandbox import DEMO_KEYS  # noqa: E402

LONGEST = 60.0  # seconds


def wait_for(happened: Callable[[], bool]) -> float:
    """Seconds until it did."""
    began = time.monotonic()
    while not happened() and time.monotonic() - began < LONGEST:
        time.sleep(0.01)
    return time.monotonic() - began


def connect(slug: str, root: str) -> Connection:
    silent = {"stdout": sys.stderr}
    call_command("create_organisation", slug, owner=f"{slug}@portal.example", **silent)
    key = f"api_key={DEMO_KEYS['letsdothis']}"
    address = f"{root}/letsdothis/v0"
    given = {"base_url": address, "secret": [key], "set": ["pace=0", "page_size=250"]}
    call_command("connect", organisation=slug, provider="letsdothis", **given, **silent)
    return Connection.objects.get(organisation__slug=slug)


def loading(connection: Connection) -> bool:
    return SyncRun.objects.filter(connection=connection, resource="entries", outcome="running", pages__gt=0).exists()


def save_an_edit(connection: Connection) -> float:
    """Seconds until a worker has taken it."""
    by = User.objects.create_user("olive@fellgate.example", "correct horse battery")
    entry = Entry.objects.filter(connection=connection).order_by("pk")[0]
    edit_entry(entry=entry, values=EntryValues(person={"first_name": "Síle"}), by=by, now=timezone.now())
    return wait_for(lambda: not OutboundChange.objects.filter(state=PushState.QUEUED).exists())


def main(root: str) -> None:
    call_command("migrate", verbosity=0)
    connection = connect("fellgate", root)
    for _ in range(2):  # as two beats would
        watch.delay()
        dispatch_due.delay()
    wait_for(lambda: loading(connection))
    saved = save_an_edit(connection)
    told = {
        "saved": saved,
        "still_loading": loading(connection),
        "runs": sorted(SyncRun.objects.values_list("resource", flat=True)),
        "workers": Tick.objects.get().workers,
    }
    sys.stdout.write(json.dumps(told))


main(sys.argv[1])
