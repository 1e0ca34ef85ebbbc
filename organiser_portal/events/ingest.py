"""What a provider says about events and races, into our rows.

There are few of these and many questions about each, so this goes row by row; a page of entries that names the same
race five hundred times asks once, because the caller hands over each distinct record once per run.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from organiser_portal.connections.models import Connection
from organiser_portal.events.models import Event, EventListing, Listing, Race, TicketType
from organiser_portal.events.sold_ingest import store_products, store_questions
from providers.records import EventRecord, Money, RaceRecord, TicketTypeRecord

LARGEST = 2_147_483_647


@dataclass(slots=True)
class Place:
    """Where an external race id lives here."""

    listing_id: int
    race_id: int


@dataclass(slots=True)
class Catalogue:
    """One connection's events, races and tickets while a run is on: finds them, and stores what is new about them.

    ``new`` names the races first seen by this catalogue, so that a caller can tell.
    """

    connection: Connection
    now: Callable[[], datetime]
    _events: dict[str, EventListing] = field(default_factory=dict)
    _places: dict[str, Place] = field(default_factory=dict)
    _tickets: dict[str, int] = field(default_factory=dict)
    _said: dict[tuple[type, str], object] = field(default_factory=dict)

    def take(self, record: EventRecord | RaceRecord | TicketTypeRecord, fingerprint: bytes | None = None) -> None:
        """Store one record, unless this run has stored the same already. ``fingerprint`` None: a mention only."""
        key = (type(record), record.external_id)
        if fingerprint is None and self._said.get(key) == _content(record):
            return
        self._said[key] = _content(record)
        if isinstance(record, EventRecord):
            self._take_event(record, fingerprint)
        elif isinstance(record, RaceRecord):
            self._take_race(record, fingerprint)
        else:
            self._take_ticket(record, fingerprint)

    def place(self, race_id: str) -> Place | None:
        """Where the race with this external id lives; None if it was never heard of."""
        if race_id not in self._places:
            row = Listing.objects.filter(connection=self.connection, external_id=race_id).values_list("id", "race_id")
            for listing_id, race in row:
                self._places[race_id] = Place(listing_id, race)
        return self._places.get(race_id)

    def ticket_id(self, external_id: str) -> int | None:
        if external_id and external_id not in self._tickets:
            row = TicketType.objects.filter(connection=self.connection, external_id=external_id).values_list("id")
            for (ticket,) in row:
                self._tickets[external_id] = ticket
        return self._tickets.get(external_id)

    def _take_event(self, record: EventRecord, fingerprint: bytes | None) -> None:
        listing = self._event_row(record.external_id)
        if listing is None:
            listing = self._new_event(record)
        elif _stale(record, listing):
            return
        following = listing.event.name == _event_name(listing.name, listing.external_id)
        _write(listing, record, EVENT_COLUMNS, fingerprint, self.now())
        if following and listing.event.name != (name := _event_name(listing.name, listing.external_id)):
            listing.event.name = name
            listing.event.save(update_fields=["name"])

    def _event_row(self, external_id: str) -> EventListing | None:
        if external_id not in self._events:
            found = EventListing.objects.select_related("event").filter(
                connection=self.connection, external_id=external_id
            )
            for listing in found:
                self._events[external_id] = listing
        return self._events.get(external_id)

    def _new_event(self, record: EventRecord) -> EventListing:
        event = Event.objects.create(
            organisation_id=self.connection.organisation_id,
            name=_event_name(record.name, record.external_id),
            time_zone=self.connection.organisation.time_zone,
        )
        listing = EventListing(event=event, **self._born(record.external_id))
        self._events[record.external_id] = listing
        return listing

    def _born(self, external_id: str) -> dict[str, Any]:
        moment = self.now()
        return {
            "organisation_id": self.connection.organisation_id,
            "connection": self.connection,
            "external_id": external_id,
            "first_seen": moment,
            "last_seen": moment,
        }

    def _event_of(self, event_id: str) -> EventListing:
        if (listing := self._event_row(event_id)) is None:
            self.take(EventRecord(external_id=event_id, stub=True))
            listing = self._events[event_id]
        return listing

    def _take_race(self, record: RaceRecord, fingerprint: bytes | None) -> None:
        event_listing = self._event_of(record.event_id)
        listing = (
            Listing.objects.select_related("race")
            .filter(connection=self.connection, external_id=record.external_id)
            .first()
        )
        if listing is None:
            listing = self._new_race(record, event_listing)
        elif _stale(record, listing):
            return
        follows_name = listing.race.name == _race_name(listing.name, listing.external_id)
        follows_start = listing.race.starts_at == listing.starts_at
        _write(listing, record, RACE_COLUMNS, fingerprint, self.now(), **_prices(record))
        self._follow(listing, name=follows_name, start=follows_start)
        if not record.stub:
            store_questions(listing, record.questions)
            store_products(listing, record.products)
        self._places[record.external_id] = Place(listing.pk, listing.race_id)

    def _new_race(self, record: RaceRecord, event_listing: EventListing) -> Listing:
        race = Race.objects.create(
            organisation_id=self.connection.organisation_id,
            event_id=event_listing.event_id,
            name=_race_name(record.name, record.external_id),
            starts_at=record.starts_at,
            sport=record.sport[:60],
        )
        return Listing(race=race, event_listing=event_listing, **self._born(record.external_id))

    def _follow(self, listing: Listing, *, name: bool, start: bool) -> None:
        """Our race keeps the provider's name and start until staff give it their own."""
        race = listing.race
        race.name = _race_name(listing.name, listing.external_id) if name else race.name
        race.starts_at = listing.starts_at if start else race.starts_at
        race.sport = race.sport or listing.sport
        race.save(update_fields=["name", "starts_at", "sport"])

    def _take_ticket(self, record: TicketTypeRecord, fingerprint: bytes | None) -> None:
        ticket = TicketType.objects.filter(connection=self.connection, external_id=record.external_id).first()
        place = self.place(record.race_id) if record.race_id else None
        if ticket is None:
            ticket = TicketType(event_listing=self._event_of(record.event_id), **self._born(record.external_id))
        elif _stale(record, ticket):
            return
        if place:
            ticket.listing_id = place.listing_id
        _write(ticket, record, TICKET_COLUMNS, fingerprint, self.now(), **_money("price", record.price))
        self._tickets[record.external_id] = ticket.pk


EVENT_COLUMNS = ("name", "description", "location", "url", "image_url", "draft", "facts", "stub", "as_of")
RACE_COLUMNS = (
    "name", "description", "url", "starts_at", "closes_at", "capacity", "sold", "status", "status_text",
    "accepts_entries", "closed_because", "fee_paid_by_entrant", "sport", "distance", "is_team", "min_team_size",
    "max_team_size", "affiliations", "stub", "as_of",
)  # fmt: skip
TICKET_COLUMNS = ("title", "capacity", "stub", "as_of")


def _content(record: EventRecord | RaceRecord | TicketTypeRecord) -> tuple[object, ...]:
    """What a mention says, apart from when it was said."""
    return tuple(getattr(record, name) for name in record.__dataclass_fields__ if name != "as_of")


def _stale(record: Any, row: Any) -> bool:
    """A mention never overwrites a full record, nor an older mention a newer one."""
    if not record.stub:
        return False
    if not row.stub:
        return True
    return bool(row.as_of and (record.as_of is None or record.as_of < row.as_of))


def _write(
    row: Any, record: Any, columns: Iterable[str], fingerprint: bytes | None, now: datetime, **more: Any
) -> None:
    for name in columns:
        setattr(row, name, _fitting(row, name, getattr(record, name)))
    for name, value in more.items():
        setattr(row, name, value)
    row.fingerprint = fingerprint if fingerprint is not None else row.fingerprint
    row.last_seen = now
    row.gone_at = None
    row.save()


def _fitting(row: Any, name: str, value: Any) -> Any:
    """The value as its column can hold it; the payload keeps what is cut."""
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, str):
        return value.replace("\0", "")[: row._meta.get_field(name).max_length]
    if isinstance(value, int) and not isinstance(value, bool):
        return max(0, min(value, LARGEST))
    return value


def _money(name: str, money: Money | None) -> dict[str, Any]:
    columns: dict[str, Any] = {f"{name}_minor": money.minor if money else None}
    if name == "price":
        columns["price_unknown"] = money.unknown_unit if money else None
        columns["currency"] = money.currency[:3] if money else ""
    return columns


def _prices(record: RaceRecord) -> dict[str, Any]:
    return {
        **_money("price", record.price),
        **_money("affiliated_price", record.affiliated_price),
        **_money("fee", record.fee),
    }


def _event_name(name: str, external_id: str) -> str:
    return (name or f"Event {external_id}")[:300]


def _race_name(name: str, external_id: str) -> str:
    return (name or f"Race {external_id}")[:300]
