"""What a provider tells us, in our words.

Records are frozen, keyword-only values. Strings are stripped, absent text is ``""``; instants are aware
UTC datetimes; birth dates are plain dates; remote HTML has become plain text. Whatever a provider says
beyond these fields stays in the raw payload that travels beside the record. Between processes, records go as lists.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import msgspec

from providers.gate_records import GateSide
from providers.partner_records import PartnerSide
from providers.written import WrittenEntry


class Kind(StrEnum):
    """The nouns a provider can send. The value is stored; do not rename."""

    EVENT = "event"
    RACE = "race"
    TICKET_TYPE = "ticket_type"
    ENTRY = "entry"
    APPLICATION = "application"
    PARTNER = "partner"
    RESERVED_GROUP = "reserved_group"
    CAMPAIGN = "campaign"
    CONVERSION = "conversion"
    DAY_STAT = "day_stat"
    ADMISSION = "admission"
    GATE_TOKEN = "gate_token"  # noqa: S105 - a noun


class Money(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An amount of money: ``minor`` units of ``currency`` (1050, "GBP" is £10.50).

    ``minor`` is None when the provider does not say in which unit it counts; the number it sent is
    then kept in ``unknown_unit`` and must be shown as it is, never computed with.
    """

    minor: int | None
    currency: str
    unknown_unit: Decimal | None = None


class ListingStatus(StrEnum):
    OPEN = "open"
    FULL = "full"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class EntryStatus(StrEnum):
    """LIVE holds a place; every other value does not."""

    LIVE = "live"
    CANCELLED = "cancelled"
    TRANSFERRED = "transferred"
    DEFERRED = "deferred"
    REFUNDED = "refunded"
    WITHDRAWN = "withdrawn"


class Gender(StrEnum):
    FEMALE = "f"
    MALE = "m"
    NON_BINARY = "nb"
    UNKNOWN = ""


class EventRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True, tag=True):
    """What is put on. ``stub``: known only because something else pointed at it.

    ``draft``: the public cannot see it yet. ``facts``: what else the provider says of it, as (name, value) to be shown.
    """

    external_id: str
    name: str = ""
    description: str = ""
    location: str = ""
    url: str = ""
    image_url: str = ""
    draft: bool = False
    facts: tuple[tuple[str, str], ...] = ()
    stub: bool = False
    as_of: datetime | None = None


class OptionRecord(msgspec.Struct, frozen=True, kw_only=True):
    external_id: str
    label: str


class QuestionRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A question of a race's own form. ``input_type`` is the provider's word; "select" has options."""

    external_id: str
    label: str
    mandatory: bool = False
    input_type: str = "text"
    options: tuple[OptionRecord, ...] = ()


class SkuRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One variation of a product. ``stock`` None: not stated."""

    external_id: str
    title: str = ""
    stock: int | None = None
    price: Money | None = None
    shipping: Money | None = None
    fee: Money | None = None
    fee_paid_by_entrant: bool = False


class ProductRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Something sold beside the place. ``key`` is stable within the race, minted by the mapping."""

    key: str
    title: str = ""
    description: str = ""
    image_url: str = ""
    max_quantity: int | None = None
    skus: tuple[SkuRecord, ...] = ()


class RaceRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True, tag=True):
    """One race as one provider lists it. None and "" mean: the provider does not say.

    ``sold`` is the provider's own count over every channel it knows. ``accepts_entries`` says whether the
    provider would take an entry from us now; ``closed_because`` is the reason, in a few plain words, if not.
    """

    external_id: str
    event_id: str
    name: str = ""
    description: str = ""
    url: str = ""
    starts_at: datetime | None = None
    closes_at: datetime | None = None
    capacity: int | None = None
    sold: int | None = None
    status: ListingStatus = ListingStatus.UNKNOWN
    status_text: str = ""
    accepts_entries: bool = False
    closed_because: str = ""
    price: Money | None = None
    affiliated_price: Money | None = None
    fee: Money | None = None
    fee_paid_by_entrant: bool = False
    sport: str = ""
    distance: str = ""
    is_team: bool = False
    min_team_size: int | None = None
    max_team_size: int | None = None
    affiliations: tuple[str, ...] = ()
    questions: tuple[QuestionRecord, ...] = ()
    products: tuple[ProductRecord, ...] = ()
    stub: bool = False
    as_of: datetime | None = None


class TicketTypeRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True, tag=True):
    """What one can buy in a race. ``race_id`` "" when the provider ties it to the event only."""

    external_id: str
    event_id: str
    race_id: str = ""
    title: str = ""
    price: Money | None = None
    capacity: int | None = None
    stub: bool = False
    as_of: datetime | None = None


class Person(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """Who runs. Every field is one that staff may see, correct and export."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    birth_date: date | None = None
    gender: Gender = Gender.UNKNOWN
    phone: str = ""
    club: str = ""
    nationality: str = ""
    address_1: str = ""
    address_2: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    emergency_name: str = ""
    emergency_phone: str = ""
    medical: str = ""


NOBODY = Person()
PERSON_FIELDS: tuple[str, ...] = tuple(Person.__struct_fields__)
SENSITIVE_FIELDS: frozenset[str] = frozenset({"emergency_name", "emergency_phone", "medical"})


class PersonQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """A question the provider's forms ask, as found in payloads: a candidate for a person field."""

    key: str
    label: str
    example_count: int = 0


class Answer(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One answered question. ``value`` is what a person reads, ``question_id`` ties it to the question."""

    question_id: str
    label: str
    value: str


class OrderLine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    sku_id: str
    quantity: int


class EntryRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True, tag=True):
    """A person's place in a race. ``race_id`` and ``ticket_type_id`` are external ids of this provider.

    ``reference`` is the portal's own reference, where the provider hands it back. ``person_is_booker``:
    the entrant's own details were not given, so these are those of whoever booked. ``redacted``: the
    provider has erased the person; everything personal held locally has to go too. Only then may ``race_id`` be "",
    not told: the row stays where it is.
    """

    external_id: str
    event_id: str
    race_id: str
    reference: str = ""
    status: EntryStatus = EntryStatus.LIVE
    status_text: str = ""
    person: Person = NOBODY
    person_is_booker: bool = False
    bib: str = ""
    wave: str = ""
    ticket_type_id: str = ""
    ticket_title: str = ""
    list_price: Money | None = None
    booking_id: str = ""
    booker_name: str = ""
    booker_email: str = ""
    application_id: str = ""
    partner_name: str = ""
    partner_group: str = ""
    partner_group_id: str = ""
    partner_other_ids: tuple[tuple[str, str], ...] = ()
    codes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    orders: tuple[OrderLine, ...] = ()
    affiliations: tuple[tuple[str, str], ...] = ()
    redacted: bool = False
    created_at: datetime | None = None
    updated_at: datetime | None = None


class ApplicationRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True, tag=True):
    """A request for a place that may become an entry. ``approval`` and ``resolution`` are open words."""

    external_id: str
    event_id: str
    race_id: str
    approval: str = ""
    resolution: str = ""
    draw: str = ""
    person: Person = NOBODY
    person_is_booker: bool = False
    ticket_type_id: str = ""
    ticket_title: str = ""
    booking_id: str = ""
    partner_name: str = ""
    partner_group: str = ""
    answers: tuple[Answer, ...] = ()
    redacted: bool = False
    created_at: datetime | None = None
    updated_at: datetime | None = None


type EntrySide = EntryRecord | WrittenEntry | ApplicationRecord
type Record = EventRecord | RaceRecord | TicketTypeRecord | EntrySide | PartnerSide | GateSide
