"""Somebody added here, and what is there of them afterwards."""

from collections import Counter
from datetime import date
from typing import Any

from organiser_portal.connections.models import Connection, OutboundChange
from organiser_portal.events.models import Listing
from organiser_portal.participants.models import Entry
from organiser_portal.sync import push
from organiser_portal.sync.by_hand import sync_connection
from providers.sandbox.world import Sandbox
from tests.conftest import NOW
from tests.sync.world import Clock


def enterable(eventrac: Connection) -> Listing:
    """A race there that takes entries and asks for nothing in particular, once everything was read."""
    assert all(result.ok for result in sync_connection(eventrac))
    open_now = Listing.objects.filter(connection=eventrac, accepts_entries=True, is_team=False, closes_at__gt=NOW)
    return open_now.exclude(questions__mandatory=True).earliest("pk")


def entry_at(listing: Listing, first: str = "Zoë", **more: Any) -> Entry:
    values = {
        "last_name": "Ní Dhomhnaill",
        "email": "runner@example.org",
        "birth_date": date(1990, 3, 5),
        "gender": "f",
        **more,
    }
    return Entry.objects.create(
        organisation=listing.organisation,
        connection=listing.connection,
        listing=listing,
        race=listing.race,
        origin="staff",
        first_name=first,
        first_seen=NOW,
        last_seen=NOW,
        entered_at=NOW,
        push_state="queued",
        **values,
    )


def change_of(entry: Entry, action: str = "add_entry", **more: Any) -> OutboundChange:
    person = {name: getattr(entry, name) for name in ("first_name", "last_name", "email", "gender")}
    birth = {"birth_date": entry.birth_date.isoformat()} if entry.birth_date else {}
    values = {"person": {**person, **birth}, "fields": more.pop("fields", [])}
    assert entry.listing
    return OutboundChange.objects.create(
        organisation=entry.organisation,
        connection=entry.connection,
        entry_id=entry.pk,
        reference=entry.reference,
        action=action,
        race_external_id=entry.listing.external_id,
        values=values,
        due_at=NOW,
        created_at=NOW,
        **more,
    )


def added(listing: Listing, first: str = "Zoë", **more: Any) -> tuple[Entry, OutboundChange]:
    entry = entry_at(listing, first, **more)
    return entry, change_of(entry)


def drain(connection: Connection, clock: Clock) -> Counter[str]:
    ends = push.drain(connection.pk, clock=clock)
    connection.refresh_from_db()
    return ends


def there(sandbox: Sandbox, entry: Entry) -> list[dict[str, Any]]:
    return sandbox.eventrac.stored(entry.reference)


def writes(sandbox: Sandbox) -> int:
    return len([call for call in sandbox.calls("eventrac") if call.method != "GET"])
