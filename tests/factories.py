"""Rows made plainly: each with the least that makes sense, everything else by keyword."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from organiser_portal.connections.models import Connection, Standing
from organiser_portal.events.models import Event, EventListing, Listing, Race, TicketType
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants import folding, search
from organiser_portal.participants.models import Application, Entry

SEEN = datetime(2027, 5, 14, 8, 0, tzinfo=UTC)
RACE_DAY = datetime(2027, 5, 23, 8, 30, tzinfo=UTC)
_numbers = count(1)


def make_connection(organisation: Organisation, provider: str = "eventrac", **values: Any) -> Connection:
    return Connection.objects.create(
        organisation=organisation, provider=provider, **{"standing": Standing.WORKING, **values}
    )


def synced(connection: Connection, external_id: str = "") -> dict[str, Any]:
    """What every mirrored row has."""
    return {
        "organisation": connection.organisation,
        "connection": connection,
        "external_id": external_id or f"x{next(_numbers)}",
        "first_seen": SEEN,
        "last_seen": SEEN,
    }


def make_event(organisation: Organisation, name: str = "Hexley Spring Running Festival") -> Event:
    return Event.objects.create(organisation=organisation, name=name)


def make_race(organisation: Organisation, name: str = "Hexley 10K", **values: Any) -> Race:
    event = values.pop("event", None) or make_event(organisation)
    return Race.objects.create(organisation=organisation, event=event, name=name, **{"starts_at": RACE_DAY, **values})


def make_listing(connection: Connection, race: Race | None = None, **values: Any) -> Listing:
    """A race as this connection's provider lists it; with a race of our own unless one is given."""
    race = race or make_race(connection.organisation, values.get("name") or "Hexley 10K")
    event_listing = EventListing.objects.create(event=race.event, name=race.event.name, **synced(connection))
    known = {"name": race.name, "starts_at": race.starts_at, "as_of": SEEN, "status": "open", "accepts_entries": True}
    return Listing.objects.create(
        race=race,
        event_listing=event_listing,
        **synced(connection, values.pop("external_id", "")),
        **{**known, **values},
    )


def make_ticket_type(listing: Listing, title: str = "Standard", **values: Any) -> TicketType:
    return TicketType.objects.create(
        listing=listing, event_listing=listing.event_listing, title=title, **synced(listing.connection), **values
    )


def entry_of(listing: Listing, first_name: str = "Siobhán", last_name: str = "Breathnach", **values: Any) -> Entry:
    """An entry that is not stored yet, for ``bulk_create``."""
    number = next(_numbers)
    entry = Entry(
        race=listing.race,
        listing=listing,
        first_name=first_name,
        last_name=last_name,
        **synced(listing.connection, values.pop("external_id", "")),
        **{"entered_at": SEEN - timedelta(minutes=number), **values},
    )
    search.refresh(entry)
    return entry


def make_entry(listing: Listing, first_name: str = "Siobhán", last_name: str = "Breathnach", **values: Any) -> Entry:
    entry = entry_of(listing, first_name, last_name, **values)
    entry.save()
    return entry


def make_application(
    listing: Listing, first_name: str = "Aled", last_name: str = "ap Rhys", **values: Any
) -> Application:
    text = folding.search_text(first_name, last_name, values.get("email", ""))
    return Application.objects.create(
        race=listing.race,
        listing=listing,
        first_name=first_name,
        last_name=last_name,
        sort_name=folding.sort_name(first_name, last_name),
        search_text=text,
        **synced(listing.connection, values.pop("external_id", "")),
        **{"applied_at": SEEN, "approval": "APPROVED", **values},
    )
