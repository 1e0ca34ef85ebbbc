"""Entries in the states that their pages tell apart."""

from datetime import timedelta
from typing import Any

from organiser_portal.connections.models import OutboundChange, PushState
from organiser_portal.events.models import Listing
from organiser_portal.organisations.models import User
from organiser_portal.participants.models import Entry
from organiser_portal.participants.services.outbox import add_values
from tests.conftest import NOW
from tests.factories import make_entry


def change_of(entry: Entry, by: User, **values: Any) -> OutboundChange:
    """An add on its way, or over."""
    told = {"action": "add_entry", "state": PushState.CONFIRMED, "values": add_values(entry), "due_at": None}
    change = OutboundChange.objects.create(
        organisation=entry.organisation,
        connection=entry.connection,
        entry_id=entry.pk,
        reference=entry.reference,
        race_external_id=entry.listing.external_id,
        created_by=by,
        created_at=NOW - timedelta(minutes=6),
        **{**told, **values},
    )
    Entry.objects.filter(pk=entry.pk).update(push_state=change.state)
    return change


def confirmed(listing: Listing, by: User, **values: Any) -> Entry:
    """Added here, and there too."""
    entry = make_entry(listing, email="siobhan@mail.example", origin="staff", external_id="512077", **values)
    change_of(entry, by, sent_at=NOW, settled_at=NOW)
    return entry


def refused(listing: Listing, by: User, errors: dict[str, list[str]], **values: Any) -> Entry:
    """Added here, and refused there."""
    entry = make_entry(listing, email="siobhan@mail,example", origin="staff", **values)
    Entry.objects.filter(pk=entry.pk).update(external_id=None)
    entry.refresh_from_db()
    change_of(entry, by, state=PushState.REJECTED, field_errors=errors, message="eventrac refused.", settled_at=NOW)
    return entry
