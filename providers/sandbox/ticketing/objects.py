"""What there is at TickeTing. Ids are strings of digits; amounts of money are ``Decimal`` in major units."""

from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

from providers.sandbox.dice import mixed

type Body = dict[str, Any]

ACCOUNT_TEXTS = (
    *("firstName", "lastName", "title", "dateOfBirth", "phone", "country"),
    *("firstAddressLine", "secondAddressLine", "city", "state"),
)
HOST_TEXTS = (
    *("name", "contact", "email", "description", "phone", "website", "country"),
    *("firstAddressLine", "secondAddressLine", "city", "state", "businessNo"),
)
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def code_of(number: int) -> str:
    """Eight of [0-9A-Z], different for different numbers in all likelihood; nothing can be read from them."""
    left, code = mixed(number ^ 0x2C << 44), ""
    for _ in range(8):
        left, digit = divmod(left, 36)
        code += _DIGITS[digit]
    return code


def key_of(word: str, number: int) -> str:
    """32 lower-case hex digits."""
    salt = int.from_bytes(word.encode()[:6])
    return f"{mixed(number ^ salt << 12):016x}{mixed(number ^ salt << 13 ^ 1):016x}"


@dataclass(slots=True, kw_only=True, eq=False)
class Account:
    """``about``: the texts a person may fill in themselves. ``region``: the preferred one's id."""

    number: str
    username: str
    password: str
    email: str
    role: str = "customer"
    about: dict[str, str] = field(default_factory=dict)
    region: str = ""
    verified: bool = False


@dataclass(slots=True, kw_only=True, eq=False)
class Host:
    id: str
    about: dict[str, str]
    administrators: set[str] = field(default_factory=set)


@dataclass(slots=True, kw_only=True, eq=False)
class Region:
    id: str
    name: str
    country: str
    district: str = ""
    city: str = ""


@dataclass(slots=True, kw_only=True, eq=False)
class Venue:
    id: str
    name: str
    region: Region
    longitude: float
    latitude: float
    address: str


@dataclass(slots=True, kw_only=True, eq=False)
class Category:
    id: str
    name: str
    subcategories: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True, eq=False)
class Section:
    """``current`` None: the base price. ``reserved``: ordered, not paid."""

    id: str
    event: "Event"
    name: str
    description: str
    base: Decimal
    sales_start: str
    sales_end: str
    capacity: int
    sold: int = 0
    reserved: int = 0
    current: Decimal | None = None
    expires: str = ""

    @property
    def price(self) -> Decimal:
        return self.base if self.current is None else self.current

    @property
    def remaining(self) -> int:
        return self.capacity - self.sold - self.reserved


@dataclass(slots=True, kw_only=True, eq=False)
class Ticket:
    """``changed``: the instant that ``modified_since`` goes by."""

    id: str
    serial: str
    section: Section
    owner: Account
    issued: datetime
    changed: datetime
    status: str = "Issued"
    redeemed: datetime | None = None


@dataclass(slots=True, kw_only=True, eq=False)
class Token:
    """``sections``: of a token that is not global."""

    id: str
    event: "Event"
    code: str
    key: str
    is_global: bool = False
    chosen: list[Section] = field(default_factory=list)

    @property
    def sections(self) -> list[Section]:
        return self.event.sections if self.is_global else self.chosen


@dataclass(slots=True, kw_only=True, eq=False)
class Admission:
    id: str
    ticket: Ticket
    redeemer: str
    device: str
    admitted: datetime


@dataclass(slots=True, kw_only=True, eq=False)
class Event:
    """``start`` and ``end`` are kept as they were written."""

    id: str
    host: Host
    title: str
    description: str
    type: str
    public: bool
    category: Category
    subcategory: str
    venue: Venue
    start: str = ""
    end: str = ""
    disclaimer: str = ""
    tags: list[str] = field(default_factory=list)
    status: str = "Draft"
    published: str = ""
    popularity: int = 0
    sections: list[Section] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)
    admissions: list[Admission] = field(default_factory=list)

    @property
    def uri(self) -> str:
        return f"/events/{self.id}"

    @property
    def is_listed(self) -> bool:
        """Whether anybody may see it."""
        return self.public and self.status == "Scheduled"

    def section(self, section_id: str) -> Section | None:
        return next((section for section in self.sections if section.id == section_id), None)


@dataclass(slots=True, kw_only=True, eq=False)
class Session:
    key: str
    account: Account
    started: datetime
    ended: bool = False


@dataclass(slots=True, kw_only=True, eq=False)
class Proof:
    """That an account is one's own, begun by e-mail. ``kind``: the list it is in."""

    id: str
    kind: str
    account: Account


@dataclass(slots=True, kw_only=True, eq=False)
class Order:
    number: str
    customer: Account
    placed: datetime
    items: list[tuple[Section, int]]
    status: str = "Placed"


def moment(text: str, zone: tzinfo) -> datetime | None:
    """Any ISO date and time; one without a zone is local. None for what is none."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=zone)
