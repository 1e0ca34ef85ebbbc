"""Organisers, events, races, participants. Money is in pence; ids are ints."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

type Json = dict[str, Any]

WRITABLE_TEXTS = (
    "first_name", "last_name", "address_1", "address_2", "address_city", "address_state", "address_zip_code",
    "address_country", "contact_number", "emergency_name", "emergency_number",
)  # fmt: skip


@dataclass(slots=True, kw_only=True, eq=False)
class Event:
    id: int
    organiser_id: int
    name: str
    description: str = ""
    location: str = ""
    geo_location: Json = field(default_factory=dict)
    organiser_terms: str = "No refunds in the last 14 days.\n"
    img_url: str | None = None
    races: list["Race"] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"https://www.eventrac.example/e/{self.id}"


@dataclass(slots=True, kw_only=True, eq=False)
class Variation:
    """One SKU. ``fee_payer`` is "participant" or "organiser"."""

    id: int
    title: str
    stock: int
    amount: int
    shipping: int = 0
    fee: int = 0
    fee_payer: str = "participant"


@dataclass(slots=True, kw_only=True, eq=False)
class Product:
    """A product has no id."""

    title: str
    variations: list[Variation]
    description: str = ""
    max_quantity: int | None = None


@dataclass(slots=True, kw_only=True, eq=False)
class Question:
    """A form addition. ``options`` (id, label) for a select."""

    id: int
    label: str
    mandatory: bool = False
    input_type: str = "text"
    options: list[tuple[int, str]] = field(default_factory=list)


@dataclass(slots=True, kw_only=True, eq=False)
class Race:
    """``sold_elsewhere``: places taken through other channels. ``closed``: by hand, before its closing date.

    ``has_products`` False: the race's JSON has no products key at all.
    """

    id: int
    event: Event
    name: str
    starts_at: datetime
    closes_at: datetime
    created: datetime
    modified: datetime
    capacity: int = 500
    sold_elsewhere: int = 0
    description: str = ""
    price: int = 2600
    affiliated_price: int | None = None
    fee: int = 0
    fee_payer: str = "participant"
    affiliations: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    products: list[Product] = field(default_factory=list)
    has_products: bool = True
    team: tuple[int, int] | None = None
    closed: bool = False
    entered: int = 0

    @property
    def participant_count(self) -> int:
        return self.sold_elsewhere + self.entered

    @property
    def has_capacity(self) -> bool:
        return self.participant_count < self.capacity

    def status(self, now: datetime) -> Literal["open", "closed", "full"]:
        if self.closed or now > self.closes_at:
            return "closed"
        return "open" if self.has_capacity else "full"

    def variation(self, sku_id: int) -> tuple[Product, Variation] | None:
        return next(
            (
                (product, variation)
                for product in self.products
                for variation in product.variations
                if variation.id == sku_id
            ),
            None,
        )


@dataclass(slots=True, kw_only=True, eq=False)
class Participant:
    """``added_by``: the key that added it. ``given``: the writable text fields as stored."""

    id: int
    race: Race
    external_reference: str
    email: str
    added_by: str
    dob: str | None = None
    gender: str | None = None
    given: dict[str, str] = field(default_factory=dict)
    form_additions: list[Json] = field(default_factory=list)
    affiliations: dict[str, str] = field(default_factory=dict)
    orders: list[Json] = field(default_factory=list)
    metadata: Json = field(default_factory=dict)


@dataclass(slots=True, kw_only=True, eq=False)
class Key:
    """An API key and the organisers it may see."""

    value: str
    organisers: frozenset[int]
