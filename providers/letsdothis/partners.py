"""Partners and the places held for them, into records: no I/O, and no shape that can break it."""

from collections.abc import Iterator, Mapping

from providers.decoded import Decoded
from providers.errors import BadRecord
from providers.letsdothis import folded
from providers.letsdothis.contract import PARTNER_KINDS
from providers.letsdothis.offered import EXTERNAL_IDS
from providers.letsdothis.payloads import LONGEST_ID
from providers.letsdothis.places import NOT_STATED, UNDATED
from providers.letsdothis.shapes import plain
from providers.parsing import flag, instant, lenient, plain_text, whole
from providers.partner_records import Contact, PartnerKind, PartnerRecord, ReservedGroupRecord
from providers.records import EventRecord

MARKETING: Mapping[str, str] = {"headline": "headline", "website": "websiteUrl"}

type Row = Mapping[str, object]


def partner(external_id: str, payload: bytes) -> Decoded:
    """A partner, then stubs of the events its marketing speaks of."""
    row = plain(payload)
    kind = folded.words(row.get("type"))
    record = PartnerRecord(
        external_id=external_id,
        name=folded.words(row.get("name")),
        kind=PARTNER_KINDS.get(kind.upper(), PartnerKind.OTHER),
        kind_text=kind,
        description=lenient(plain_text, row.get("description"), ""),
        contacts=contacts(row),
        other_ids=folded.external_ids(row.get("externalIds")),
        editable=tuple(partner_values(row).items()),
        created_at=lenient(instant, row.get("createdAt"), None),
        updated_at=lenient(instant, row.get("updatedAt"), None),
    )
    events = dict.fromkeys(event_id for event_id, _ in marketing_by_event(row))
    stubs = (EventRecord(external_id=each, stub=True, as_of=UNDATED) for each in events if len(each) <= LONGEST_ID)
    return Decoded(record, tuple(stubs))


def group(external_id: str, payload: bytes) -> Decoded:
    """A reserved-entry group, then a stub of its event."""
    row = plain(payload)
    event_id = _id(row, "eventId") or NOT_STATED
    record = ReservedGroupRecord(
        external_id=external_id,
        event_id=event_id,
        partner_id=_id(row, "partnerId"),
        name=folded.words(row.get("name")),
        description=lenient(plain_text, row.get("description"), ""),
        capacity=number(row, "maxCapacity"),
        used=number(row, "usedCapacity"),
        kind_text=folded.words(row.get("type")),
        ticket_ids=ticket_ids(row),
        editable=tuple(group_values(row).items()),
    )
    return Decoded(record, (EventRecord(external_id=event_id, stub=True, as_of=UNDATED),))


def partner_values(row: Row) -> dict[str, object]:
    """What an edit form shows, by field name; then the folded objects, whole."""
    default = row.get("defaultMarketing")
    held = row.get("externalIds")
    return {
        "name": folded.words(row.get("name")),
        "description": folded.words(row.get("description")),
        "kind": folded.words(row.get("type")),
        "contacts": [
            {"first_name": each.first_name, "last_name": each.last_name, "email": each.email, "phone": each.phone}
            for each in contacts(row)
        ],
        **{name: folded.words(folded.pick(held, theirs)) for name, theirs in EXTERNAL_IDS.items()},
        **{name: folded.words(folded.pick(default, theirs)) for name, theirs in MARKETING.items()},
        "event_marketing": "\n".join(_line(event_id, item) for event_id, item in marketing_by_event(row)),
        "sub_partners": lenient(flag, row.get("canCreateSubPartners"), None) is True,
        "default_marketing": default,
        "specific_marketings": row.get("specificMarketings"),
    }


def group_values(row: Row) -> dict[str, object]:
    return {
        "name": folded.words(row.get("name")),
        "description": folded.words(row.get("description")),
        "capacity": number(row, "maxCapacity"),
        "tickets": list(ticket_ids(row)),
        "kind": folded.words(row.get("type")),
        "partner": folded.words(row.get("partnerId")),
    }


def contacts(row: Row) -> tuple[Contact, ...]:
    found = map(_contact, folded.listed(row.get("contacts")))
    return tuple(each for each in found if each != Contact())


def _contact(item: object) -> Contact:
    """One person; a bare address is one, too."""
    if isinstance(item, str) and "@" in item:
        return Contact(email=item.strip())
    read = folded.contact(item)
    return Contact(first_name=read.first_name, last_name=read.last_name, email=read.email, phone=read.phone)


def marketing_by_event(row: Row) -> Iterator[tuple[str, object]]:
    """Event id and what is said there; what names no event is passed over."""
    for item in folded.listed(row.get("specificMarketings")):
        if event_id := event_named(item):
            yield event_id, item


def event_named(item: object) -> str:
    return folded.words(folded.pick(item, "eventId"))


def ticket_ids(row: Row) -> tuple[str, ...]:
    found = (ticket_id(item) for item in folded.listed(row.get("tickets")))
    return tuple(dict.fromkeys(filter(None, found)))


def ticket_id(item: object) -> str:
    return folded.words(folded.pick(item, "ticketId", "id")) or folded.words(item)


def number(row: Row, name: str) -> int:
    """A count; nothing readable is nought."""
    return max(0, lenient(whole, row.get(name), None) or 0)


def _line(event_id: str, item: object) -> str:
    said = (" ".join(folded.words(folded.pick(item, theirs)).split()) for theirs in MARKETING.values())
    return " | ".join((event_id, *said)).rstrip(" |")


def _id(row: Row, name: str) -> str:
    found = folded.words(row.get(name))
    if len(found) > LONGEST_ID:
        raise BadRecord(f"{name} is too long")
    return found
