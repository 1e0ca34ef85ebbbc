"""eventrac's words into ours. One function per record; only an id is needed, the rest may be missing or odd."""

from collections.abc import Iterable

import msgspec

from providers.errors import BadRecord
from providers.eventrac.payloads import (
    EventPayload,
    FormAdditionPayload,
    IdPayload,
    OptionPayload,
    ParticipantPayload,
    PricePayload,
    ProductPayload,
    RacePayload,
    VariationPayload,
)
from providers.parsing import (
    canonical,
    count,
    day,
    fingerprint,
    flag,
    lenient,
    member,
    plain_text,
    shown_instant,
    text,
    web_address,
    whole,
)
from providers.parsing import (
    identifier as any_identifier,
)
from providers.port import Received, Rejected
from providers.records import (
    EventRecord,
    Gender,
    Kind,
    ListingStatus,
    Money,
    OptionRecord,
    Person,
    ProductRecord,
    QuestionRecord,
    RaceRecord,
    SkuRecord,
    TicketTypeRecord,
)

STANDARD_ENTRY = "Standard entry"
LONGEST_ID = 100  # theirs are whole numbers; a column has room for as much and for ":standard"


def read[S](payload: bytes, shape: type[S]) -> S:
    """One object; raises BadRecord for anything that is not one."""
    try:
        return msgspec.json.decode(payload, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise BadRecord("the record is not a readable object") from None


def identifier(value: object) -> str:
    """An id that the portal can keep, and that stays in its place in an address.

    One that no column holds would break the whole page with it.
    """
    found = any_identifier(value)
    if not found.strip("."):
        raise BadRecord("id is not an id")
    if len(found) > LONGEST_ID:
        raise BadRecord("id is too long")
    return found


def receive(kind: Kind, payload: bytes) -> Received | Rejected:
    """One object as it came, told apart by its id. Of the event nested in a race only the id makes it another one."""
    external_id = ""
    try:
        external_id = identifier(read(payload, IdPayload).id)
        told = read(payload, dict[str, object])
    except BadRecord as error:
        kept = payload.decode(errors="replace").encode()
        return Rejected(kind=kind, external_id=external_id, reason=str(error), payload=kept)
    if kind is Kind.RACE:
        of = told.pop("event", None)
        told["event"] = of.get("id") if isinstance(of, dict) else None
    return Received(kind=kind, external_id=external_id, fingerprint=fingerprint(canonical(told)), payload=payload)


def event(sent: EventPayload, *, stub: bool = False) -> EventRecord:
    picture = lenient(web_address, sent.img_url, "") or lenient(web_address, sent.header_image_url, "")
    return EventRecord(
        external_id=identifier(sent.id),
        name=lenient(text, sent.name, ""),
        description=lenient(plain_text, sent.description, ""),
        location=lenient(text, sent.location, ""),
        url=lenient(web_address, sent.url, ""),
        image_url=picture,
        stub=stub,
    )


def event_of(sent: RacePayload) -> EventRecord | None:
    """The event nested in a race: whole if it says where it is, else just a name to hang the race on."""
    if not isinstance(sent.event, dict):
        return None
    nested = one(sent.event, EventPayload)
    if nested is None or not lenient(identifier, nested.id, ""):
        return None
    whole_one = "location" in sent.event and "description" in sent.event
    return event(nested, stub=not whole_one)


def race(sent: RacePayload) -> RaceRecord:
    nested = event_of(sent)
    price = one(sent.price, PricePayload) or PricePayload()
    is_team = lenient(flag, sent.team_race, None) or False
    status = _status(sent)
    closed_because = _closed_because(status, is_team=is_team)
    return RaceRecord(
        external_id=identifier(sent.id),
        event_id=nested.external_id if nested else "",
        name=lenient(text, sent.name, ""),
        description=lenient(plain_text, sent.description, ""),
        url=lenient(web_address, sent.url, ""),
        starts_at=shown_instant(sent.date),
        closes_at=shown_instant(sent.closing_date),
        capacity=lenient(count, sent.capacity, None),
        sold=lenient(count, sent.participant_count, None),
        status=status,
        status_text=lenient(text, sent.status, ""),
        accepts_entries=not closed_because,
        closed_because=closed_because,
        price=_money(price.amount, price),
        affiliated_price=_money(price.affiliated_amount, price),
        fee=_money(price.booking_fee, price),
        fee_paid_by_entrant=_entrant_pays_fee(price),
        sport=lenient(text, sent.category, ""),
        is_team=is_team,
        min_team_size=lenient(count, sent.min_team_size, None),
        max_team_size=lenient(count, sent.max_team_size, None),
        affiliations=tuple(_slugs(sent.affiliations)),
        questions=_distinct(
            {each.external_id: each for each in map(_question, many(sent.form_additions, FormAdditionPayload)) if each}
        ),
        products=_distinct({each.key: each for each in map(_product, _products(sent))}),
    )


def standard_entry(of: RaceRecord) -> TicketTypeRecord:
    """eventrac sells one thing per race and has no name for it."""
    return TicketTypeRecord(
        external_id=f"{of.external_id}:standard",
        event_id=of.event_id,
        race_id=of.external_id,
        title=STANDARD_ENTRY,
        price=of.price,
        capacity=of.capacity,
    )


def person(sent: ParticipantPayload) -> Person:
    """The few things that are given back; a birthday comes as midnight UTC and stays that day."""
    return Person(
        first_name=lenient(text, sent.first_name, ""),
        last_name=lenient(text, sent.last_name, ""),
        birth_date=lenient(day, sent.dob, None),
        gender=member(sent.gender, Gender, Gender.UNKNOWN),
    )


def one[S](value: object, shape: type[S]) -> S | None:
    try:
        return msgspec.convert(value, shape) if isinstance(value, dict) else None
    except msgspec.ValidationError:
        return None


def many[S](value: object, shape: type[S]) -> list[S]:
    """The objects of a list; whatever else is in it, or instead of it, is left out."""
    found = value if isinstance(value, list) else []
    return [each for each in (one(item, shape) for item in found) if each is not None]


def _distinct[T](by_key: dict[str, T]) -> tuple[T, ...]:
    return tuple(by_key.values())


def _status(sent: RacePayload) -> ListingStatus:
    """``open`` and ``has_capacity`` are said apart and do not always agree; both are needed to enter."""
    status = member(sent.status, ListingStatus, ListingStatus.UNKNOWN)
    no_room = lenient(flag, sent.has_capacity, None) is False
    return ListingStatus.FULL if status is ListingStatus.OPEN and no_room else status


def _closed_because(status: ListingStatus, *, is_team: bool) -> str:
    if is_team:
        return "a team race; eventrac takes only single entries through its API"
    return {
        ListingStatus.OPEN: "",
        ListingStatus.FULL: "the race is full",
        ListingStatus.CLOSED: "entries are closed",
        ListingStatus.UNKNOWN: "eventrac does not say whether entries are open",
    }[status]


def _money(amount: object, price: PricePayload) -> Money | None:
    """Amounts are minor units (pence). Without a currency an amount means nothing."""
    minor = lenient(whole, amount, None)
    currency = lenient(text, price.currency, "").upper()
    return Money(minor=minor, currency=currency) if minor is not None and len(currency) == len("GBP") else None


def _entrant_pays_fee(price: PricePayload) -> bool:
    return lenient(text, price.booking_fee_paid_by, "") == "participant"


def _slugs(value: object) -> Iterable[str]:
    """On a race a list; read a map as its keys, should one come."""
    found = value if isinstance(value, list | dict) else []
    return dict.fromkeys(slug for slug in (lenient(text, each, "") for each in found) if slug)


def _question(sent: FormAdditionPayload) -> QuestionRecord | None:
    external_id = lenient(identifier, sent.id, "")
    if not external_id:
        return None
    options = (
        OptionRecord(external_id=lenient(identifier, each.id, ""), label=lenient(text, each.label, ""))
        for each in many(sent.select_options, OptionPayload)
    )
    return QuestionRecord(
        external_id=external_id,
        label=lenient(text, sent.label, ""),
        mandatory=lenient(flag, sent.mandatory, None) or False,
        input_type=lenient(text, sent.input_type, "") or "text",
        options=_distinct({each.external_id: each for each in options if each.external_id}),
    )


def _products(sent: RacePayload) -> list[ProductPayload]:
    return many(sent.products, ProductPayload) or many(sent.product, ProductPayload)


def _product(sent: ProductPayload) -> ProductRecord:
    title = lenient(text, sent.title, "")
    skus = _distinct({each.external_id: each for each in map(_sku, many(sent.variations, VariationPayload)) if each})
    return ProductRecord(
        key=_product_key(title, [sku.external_id for sku in skus]),
        title=title,
        description=lenient(plain_text, sent.description, ""),
        image_url=lenient(web_address, sent.img_url, ""),
        max_quantity=lenient(count, sent.max_quantity, None),
        skus=skus,
    )


def _product_key(title: str, sku_ids: list[str]) -> str:
    """A product has no id: it is the set of its variations, or failing those, its title."""
    if sku_ids:
        return "skus-" + fingerprint(*(sku_id.encode() for sku_id in sorted(sku_ids))).hex()
    return "title-" + fingerprint(title.encode()).hex()


def _sku(sent: VariationPayload) -> SkuRecord | None:
    external_id = lenient(identifier, sent.id, "")
    if not external_id:
        return None
    price = one(sent.price, PricePayload) or PricePayload()
    return SkuRecord(
        external_id=external_id,
        title=lenient(text, sent.title, ""),
        stock=lenient(whole, sent.inventory_remain, None),
        price=_money(price.amount, price),
        shipping=_money(price.shipping_amount, price),
        fee=_money(price.booking_fee, price),
        fee_paid_by_entrant=_entrant_pays_fee(price),
    )
