"""What a provider says about events and races, into our rows.

Thousands of entries name the same few races: a mention counts once in a run, and all that a page says is looked up
together and written together.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from organiser_portal.connections.among import Among
from organiser_portal.connections.each import write_each
from organiser_portal.connections.models import Connection
from organiser_portal.events.models import Event, EventListing, Listing, Race, TicketType
from organiser_portal.events.sheet import Sheet
from organiser_portal.events.sold_ingest import store_sold
from providers.records import EventRecord, Money, RaceRecord, TicketTypeRecord

CATALOGUED = (EventRecord, RaceRecord, TicketTypeRecord)
EVENT_COLUMNS = ("name", "description", "location", "url", "image_url", "draft", "facts", "stub", "as_of")
RACE_COLUMNS = (
    "name", "description", "url", "starts_at", "closes_at", "capacity", "sold", "status", "status_text",
    "accepts_entries", "closed_because", "fee_paid_by_entrant", "sport", "distance", "is_team", "min_team_size",
    "max_team_size", "affiliations", "stub", "as_of",
)  # fmt: skip
PRICE_COLUMNS = ("price_minor", "price_unknown", "currency")
RACE_PRICES = (*PRICE_COLUMNS, "affiliated_price_minor", "fee_minor")
TICKET_COLUMNS = ("title", "capacity", "stub", "as_of")
LARGEST = 2_147_483_647
OURS = ("name", "starts_at", "sport", "event_id")  # of a race; each is the provider's until staff give it their own

type Record = EventRecord | RaceRecord | TicketTypeRecord
type Said[R] = tuple[R, bytes | None]
"""A record and its fingerprint; None: a mention only."""


@dataclass(slots=True)
class Place:
    """Where an external race id lives here. A listing that is gone leaves its entries the race."""

    listing_id: int | None
    race_id: int


@dataclass(slots=True)
class Catalogue:
    """One connection's events, races and tickets while a run is on: finds them, and stores what is new about them.

    ``added``: whether it has stored any that were not there since somebody said that it had not.
    """

    connection: Connection
    now: Callable[[], datetime]
    added: bool = False
    _tickets: dict[str, int] = field(default_factory=dict)
    _said: dict[tuple[type, str], object] = field(default_factory=dict)
    _early: dict[str, list[int]] = field(default_factory=dict)  # tickets, by the race that was not there yet

    def take(self, said: Iterable[Said[Record]]) -> None:
        """Store these, but for what this run has stored already in the same words. Of two, the later counts."""
        news = [one for one in said if self._is_news(*one)]
        if not news:
            return
        of_events = [(record, mark) for record, mark in news if isinstance(record, EventRecord)]
        of_races = [(record, mark) for record, mark in news if isinstance(record, RaceRecord)]
        of_tickets = [(record, mark) for record, mark in news if isinstance(record, TicketTypeRecord)]
        needed = [record.event_id for record, _ in of_races] + [record.event_id for record, _ in of_tickets]
        events = self._take_events(of_events, needed)
        if of_races:
            self._take_races(of_races, events)
        if of_tickets:
            self._take_tickets(of_tickets, events)

    def places(self, race_ids: Iterable[str]) -> dict[str, Place]:
        """Where the races with these external ids live; those never heard of are not in it.

        Asked anew for each batch, and held until that is stored: meanwhile somebody may say which races are the same.
        """
        rows = Listing.objects.filter(Among("external_id", set(race_ids)), connection=self.connection).order_by("pk")
        held = rows.select_for_update(no_key=True).values_list("external_id", "pk", "race_id")
        return {external_id: Place(listing, race) for external_id, listing, race in held}

    def ticket_ids(self, external_ids: Iterable[str]) -> Mapping[str, int]:
        """The tickets of these that are known, and others."""
        unknown = set(external_ids) - self._tickets.keys() - {""}
        if unknown:
            rows = TicketType.objects.filter(Among("external_id", unknown), connection=self.connection)
            self._tickets |= rows.values_list("external_id", "pk")
        return self._tickets

    def _is_news(self, record: Record, fingerprint: bytes | None) -> bool:
        key, content = (type(record), record.external_id), _content(record)
        if fingerprint is None and self._said.get(key) == content:
            return False
        self._said[key] = content
        return True

    def _take_events(self, said: list[Said[EventRecord]], needed: Sequence[str]) -> dict[str, EventListing]:
        """The rows of all these, by external id. ``needed``: made if we never heard of them."""
        named = {record.external_id for record, _ in said}
        rows = EventListing.objects.select_related("event").filter(connection=self.connection)
        sheet = Sheet(rows, named.union(needed), (*EVENT_COLUMNS, "fingerprint"))
        names = {listing.event_id: listing.event.name for listing in sheet.rows.values()}
        unheard = [each for each in dict.fromkeys(needed) if each not in named and each not in sheet.rows]
        bare = ((EventRecord(external_id=each, stub=True), None) for each in unheard)
        for record, fingerprint in (*said, *bare):
            listing = sheet.rows.get(record.external_id) or sheet.add(self._new_event(record))
            following = listing.event.name == _event_name(listing.name, listing.external_id)
            sheet.put(listing, record, _values(listing, record, EVENT_COLUMNS), fingerprint, self.now())
            if following:
                listing.event.name = _event_name(listing.name, listing.external_id)
        Event.objects.bulk_create([listing.event for listing in sheet.new])
        self.added = self.added or bool(sheet.new)
        events = [listing.event for listing in sheet.rows.values()]
        renamed = [event for event in events if names.get(event.pk, event.name) != event.name]
        write_each(Event, ["name"], {event.pk: [event.name] for event in renamed})
        sheet.save(self.now())
        return sheet.rows

    def _new_event(self, record: EventRecord) -> EventListing:
        event = Event(
            organisation_id=self.connection.organisation_id,
            name=_event_name(record.name, record.external_id),
            time_zone=self.connection.organisation.time_zone,
        )
        return EventListing(event=event, **self._born(record.external_id))

    def _born(self, external_id: str) -> dict[str, Any]:
        moment = self.now()
        return {
            "organisation_id": self.connection.organisation_id,
            "connection": self.connection,
            "external_id": external_id,
            "first_seen": moment,
            "last_seen": moment,
        }

    def _take_races(self, said: list[Said[RaceRecord]], events: dict[str, EventListing]) -> None:
        rows = Listing.objects.select_related("race", "event_listing").filter(connection=self.connection)
        columns = (*RACE_COLUMNS, *RACE_PRICES, "event_listing_id", "fingerprint")
        sheet = Sheet(rows, {record.external_id for record, _ in said}, columns)
        ours = {listing.race_id: _ours(listing.race) for listing in sheet.rows.values()}
        for record, fingerprint in said:
            listing = sheet.rows.get(record.external_id)
            if listing is None:
                listing = sheet.add(self._new_race(record, events[record.event_id]))
            follows_name = listing.race.name == _race_name(listing.name, listing.external_id)
            follows_start = listing.race.starts_at == listing.starts_at
            follows_event = listing.race.event_id == listing.event_listing.event_id
            values = _values(listing, record, RACE_COLUMNS, **_prices(record))
            if sheet.put(listing, record, values, fingerprint, self.now()):
                _follow(listing, name=follows_name, start=follows_start)
                if record.event_id and not record.stub:
                    _move(listing, events[record.event_id], with_race=follows_event)
        Race.objects.bulk_create([listing.race for listing in sheet.new])
        self.added = self.added or bool(sheet.new)
        moved = [row.race for row in sheet.rows.values() if ours.get(row.race_id, _ours(row.race)) != _ours(row.race)]
        write_each(Race, OURS, {race.pk: _ours(race) for race in moved})
        sheet.save(self.now())
        self._give_tickets(sheet.new)
        store_sold((sheet.rows[record.external_id], record) for record, _ in said if not record.stub)

    def _give_tickets(self, races: Iterable[Listing]) -> None:
        """Those that were told of before their race was."""
        given = {pk: [race.pk] for race in races for pk in self._early.pop(race.external_id, ())}
        write_each(TicketType, ["listing_id"], given)

    def _new_race(self, record: RaceRecord, event_listing: EventListing) -> Listing:
        race = Race(
            organisation_id=self.connection.organisation_id,
            event_id=event_listing.event_id,
            name=_race_name(record.name, record.external_id),
            starts_at=record.starts_at,
            sport=record.sport[:60],
        )
        return Listing(race=race, event_listing=event_listing, **self._born(record.external_id))

    def _take_tickets(self, said: list[Said[TicketTypeRecord]], events: dict[str, EventListing]) -> None:
        rows = TicketType.objects.filter(connection=self.connection)
        columns = (*TICKET_COLUMNS, *PRICE_COLUMNS, "event_listing_id", "listing_id", "fingerprint")
        sheet = Sheet(rows, {record.external_id for record, _ in said}, columns)
        places = self.places(record.race_id for record, _ in said if record.race_id)
        for record, fingerprint in said:
            ticket = sheet.rows.get(record.external_id)
            if ticket is None:
                ticket = sheet.add(TicketType(event_listing=events[record.event_id], **self._born(record.external_id)))
            values = _values(ticket, record, TICKET_COLUMNS, **_money("price", record.price))
            if place := places.get(record.race_id):
                values["listing_id"] = place.listing_id
            if record.event_id and not record.stub:
                values["event_listing_id"] = events[record.event_id].pk
            sheet.put(ticket, record, values, fingerprint, self.now())
        self.added = self.added or bool(sheet.new)
        sheet.save(self.now())
        for record, _ in said:
            if record.race_id and record.race_id not in places:
                self._early.setdefault(record.race_id, []).append(sheet.rows[record.external_id].pk)
        self._tickets |= {external_id: ticket.pk for external_id, ticket in sheet.rows.items()}


def _content(record: Record) -> object:
    """What a mention says, apart from when it was said."""
    return replace(record, as_of=None)


def _values(row: Any, record: Any, columns: Iterable[str], **more: Any) -> dict[str, Any]:
    return {name: _fitting(row, name, getattr(record, name)) for name in columns} | more


def _ours(race: Race) -> list[object]:
    return [getattr(race, name) for name in OURS]


def _follow(listing: Listing, *, name: bool, start: bool) -> None:
    """Our race keeps the provider's name and start until staff give it their own."""
    race = listing.race
    race.name = _race_name(listing.name, listing.external_id) if name else race.name
    race.starts_at = listing.starts_at if start else race.starts_at
    race.sport = race.sport or listing.sport


def _move(listing: Listing, event: EventListing, *, with_race: bool) -> None:
    """Into the event that a full record names, and our race with it until staff have put that somewhere themselves."""
    listing.event_listing = event
    listing.race.event_id = event.event_id if with_race else listing.race.event_id


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
