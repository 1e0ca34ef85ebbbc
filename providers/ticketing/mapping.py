"""TickeTing's words into ours: an event is an event, its sections are the races, a ticket is an entry."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from providers.gate_records import AdmissionRecord, GateTokenRecord
from providers.parsing import count, flag, identifier, lenient, plain_text, text, web_address
from providers.records import (
    NOBODY,
    EntryRecord,
    EntryStatus,
    EventRecord,
    ListingStatus,
    Person,
    RaceRecord,
)
from providers.ticketing import dates
from providers.ticketing.event_facts import event_facts, is_draft, venue_of
from providers.ticketing.money import money
from providers.ticketing.payloads import (
    AccountPayload,
    AdmissionPayload,
    EventPayload,
    Held,
    NamedPayload,
    PricePayload,
    SectionPayload,
    TicketPayload,
    TokenPayload,
    links,
    many,
    one,
    read,
    section_of,
)
from providers.ticketing.uris import last_id, needed_id

NOT_HERE = "places are sold as tickets at TickeTing"
_OVER = {
    **dict.fromkeys(("cancelled", "canceled", "void", "voided", "revoked", "expired"), EntryStatus.CANCELLED),
    **dict.fromkeys(("refunded", "returned"), EntryStatus.REFUNDED),
    "transferred": EntryStatus.TRANSFERRED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Local:
    """What TickeTing never says: the zone of local times, and the currency of amounts."""

    zone: tzinfo
    currency: str


def event_and_races(payload: bytes, local: Local) -> tuple[EventRecord | RaceRecord, ...]:
    sent = read(payload, EventPayload)
    event = _event(sent, local)
    sections = (one(raw, SectionPayload) for raw in many(sent.sections))
    races = (_race(section, sent, event, local) for section in sections if section and last_id(section.uri))
    return (event, *races)


def _event(sent: EventPayload, local: Local) -> EventRecord:
    return EventRecord(
        external_id=needed_id(sent.uri),
        name=lenient(text, sent.title, ""),
        description=lenient(plain_text, sent.description, ""),
        location=_location(one(sent.venue, NamedPayload)),
        image_url=lenient(web_address, sent.banner, ""),
        draft=is_draft(sent),
        facts=event_facts(sent, local.zone),
    )


def _location(venue: NamedPayload | None) -> str:
    if venue is None:
        return ""
    region = one(venue.region, NamedPayload)
    parts = (venue_of(venue), lenient(text, region.name, "") if region else "")
    return ", ".join(part for part in parts if part)


def _race(sent: SectionPayload, event: EventPayload, record: EventRecord, local: Local) -> RaceRecord:
    price = one(sent.price, PricePayload) or PricePayload()
    status = _listing_status(sent)
    return RaceRecord(
        external_id=needed_id(sent.uri, "section"),
        event_id=record.external_id,
        name=lenient(text, sent.name, ""),
        description=lenient(plain_text, sent.description, ""),
        starts_at=_when(event.start, local.zone),
        closes_at=_when(sent.sales_end, local.zone),
        capacity=lenient(count, sent.capacity, None),
        sold=lenient(count, sent.sold, None),
        status=status,
        status_text=_status_text(event, sent),
        closed_because=NOT_HERE,
        price=money(price.current, local.currency) or money(price.base, local.currency),
        sport=lenient(text, event.subcategory, "") or _category(event),
    )


def _when(value: object, zone: tzinfo) -> datetime | None:
    return lenient(lambda each: dates.event_time(each, zone), value, None)


def _category(event: EventPayload) -> str:
    category = one(event.category, NamedPayload)
    return lenient(text, category.name, "") if category else ""


def _status_text(event: EventPayload, section: SectionPayload) -> str:
    """TickeTing's own word for the event, and what is ordered but not paid."""
    reserved = lenient(count, section.reserved, None) or 0
    words = (lenient(text, event.status, ""), f"{reserved} reserved" if reserved else "")
    return ", ".join(word for word in words if word)


def _listing_status(section: SectionPayload) -> ListingStatus:
    if lenient(count, section.remaining, None) == 0:
        return ListingStatus.FULL
    active = lenient(flag, section.active, None)
    if active is None:
        return ListingStatus.UNKNOWN
    return ListingStatus.OPEN if active else ListingStatus.CLOSED


def entry(payload: bytes, local: Local) -> EntryRecord:
    """When a ticket last changed is not told: a transfer leaves no time, and a use taken back takes its own away."""
    held = read(payload, Held)
    sent = read(held.body, TicketPayload)
    section = section_of(sent.section)
    price = one(section.price, PricePayload) or PricePayload()
    owner = one(sent.owner, AccountPayload)
    holder = person(owner)
    status = lenient(text, sent.status, "")
    return EntryRecord(
        external_id=identifier(sent.serial, "serial"),
        event_id=held.event,
        race_id=needed_id(section.uri, "section"),
        status=_OVER.get(status.lower(), EntryStatus.LIVE),
        status_text=status,
        person=holder,
        person_is_booker=True,  # a holder may hold several tickets
        ticket_title=lenient(text, section.name, ""),
        list_price=money(price.base, local.currency),
        booker_name=name_of(owner),
        booker_email=holder.email,
        created_at=lenient(dates.stamp, sent.issued, None),
    )


def person(sent: AccountPayload | None) -> Person:
    """The holder of a ticket."""
    if sent is None:
        return NOBODY
    return Person(
        first_name=lenient(text, sent.first_name, ""),
        last_name=lenient(text, sent.last_name, ""),
        email=lenient(text, sent.email, ""),
        birth_date=lenient(dates.birth_date, sent.date_of_birth, None),
        phone=lenient(text, sent.phone, ""),
        address_1=lenient(text, sent.first_address_line, ""),
        address_2=lenient(text, sent.second_address_line, ""),
        city=lenient(text, sent.city, ""),
        region=lenient(text, sent.state, "") or lenient(text, sent.district, ""),
        country=lenient(text, sent.country, ""),
    )


def name_of(sent: AccountPayload | None) -> str:
    """A name to show: the person's, or failing that the account's."""
    if sent is None:
        return ""
    parts = (lenient(text, each, "") for each in (sent.first_name, sent.last_name))
    name = " ".join(part for part in parts if part)
    return name or lenient(text, sent.username, "") or lenient(text, sent.number, "")


def admission(payload: bytes) -> AdmissionRecord:
    held = read(payload, Held)
    sent = read(held.body, AdmissionPayload)
    serial = identifier(sent.ticket, "ticket")
    section = section_of(sent.section)
    return AdmissionRecord(
        external_id=last_id(sent.uri) or serial,
        event_id=held.event,
        race_id=last_id(section.uri),
        ticket=serial,
        steward=lenient(text, sent.redeemer, ""),
        device=lenient(text, sent.device, ""),
        name=name_of(one(sent.patron, AccountPayload)),
        admitted_at=lenient(dates.stamp, sent.admitted, None),
    )


def gate_token(payload: bytes, code: str, *, own: bool = False) -> GateTokenRecord:
    """``code`` travels apart from the payload, which is stored."""
    held = read(payload, Held)
    sent = read(held.body, TokenPayload)
    found = (last_id(each) for each in links(sent.sections))
    return GateTokenRecord(
        external_id=token_name(held.event, needed_id(sent.uri)),
        event_id=held.event,
        code=code,
        everywhere=lenient(flag, sent.is_global, None) or False,
        own=own,
        race_ids=tuple(dict.fromkeys(section for section in found if section)),
    )


def token_name(event_id: str, token_id: str) -> str:
    """A token is found below its event only, so our name for it holds both."""
    return f"{event_id}-{token_id}"
