"""What a network holds. Times are aware; amounts exact."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from providers.sandbox.dice import mixed
from providers.sandbox.trackier.replies import Refusal

type Json = dict[str, Any]

AFFILIATE, CAMPAIGN, COMMISSION, CAP, LINK, CLICK, CONVERSION, JOB, REFERRAL, OTHER = range(1, 11)
NO_PASSWORD = "da39a3ee5e6b4b0d3255bfef95601890afd80709"


def long_id(at: datetime, kind: int, number: int) -> str:
    """24 hex characters; the first eight are the second."""
    return f"{int(at.timestamp()):08x}{kind:02x}{mixed(number) & 0xFFFF:04x}{number:010x}"


@dataclass(slots=True, kw_only=True, eq=False)
class Affiliate:
    id: str
    number: int
    name: str
    email: str
    created: datetime
    phone: str | None = None
    country: str | None = "GB"
    currency: str = "GBP"
    zone: str | None = None
    username: str | None = None
    live: bool = True
    deleted: bool = False
    modified: datetime | None = None
    meta: Json = field(default_factory=dict)


@dataclass(slots=True, kw_only=True, eq=False)
class Campaign:
    """``values``: what was set, shown as it is. ``payout`` is the partner's, ``revenue`` the organiser's to pay."""

    id: str
    number: int
    title: str
    url: str
    created: datetime
    payout: Decimal
    revenue: Decimal
    status: str = "active"
    visibility: str = "public"
    model: str = "cpa"
    commissions: list[Json] = field(default_factory=list)
    caps: list[Json] = field(default_factory=list)
    goals: list[Json] = field(default_factory=list)
    own_payouts: list[Json] = field(default_factory=list)
    pages: list[Json] = field(default_factory=list)
    values: Json = field(default_factory=dict)
    modified: datetime | None = None


@dataclass(slots=True, kw_only=True, eq=False)
class Link:
    id: str
    affiliate: Affiliate
    campaign: Campaign
    domain: str
    created: datetime
    live: bool = True


@dataclass(slots=True, kw_only=True, eq=False)
class Conversion:
    id: str
    click: str
    affiliate: Affiliate
    campaign: Campaign
    created: datetime
    status: str
    payout: Decimal
    revenue: Decimal
    sale: Decimal
    transaction: str | None = None


def _categories() -> list[Json]:
    """One name ends in a blank."""
    return [{"_id": f"{number:024x}", "name": name} for number, name in enumerate(("Running", "Trail "))]


def _custom_fields() -> dict[str, list[Json]]:
    website = {"id": f"{255:024x}", "label": "Club website", "name": "club_website", "type": "text", "required": False}
    return {"affiliate": [website], "advertiser": []}


@dataclass(slots=True, kw_only=True, eq=False)
class Network:
    """One organiser's account."""

    id: str
    name: str
    domain: str
    created: datetime
    currency: str = "GBP"
    affiliates: dict[str, Affiliate] = field(default_factory=dict)
    campaigns: dict[str, Campaign] = field(default_factory=dict)
    links: dict[tuple[str, str], Link] = field(default_factory=dict)
    conversions: dict[str, Conversion] = field(default_factory=dict)
    referrals: dict[str, Json] = field(default_factory=dict)
    jobs: dict[str, Json] = field(default_factory=dict)
    domains: list[str] = field(default_factory=lambda: ["go.fellgate.example"])
    categories: list[Json] = field(default_factory=_categories)
    custom_fields: dict[str, list[Json]] = field(default_factory=_custom_fields)
    advertisers: dict[str, Affiliate] = field(default_factory=dict)
    access: set[tuple[str, str]] = field(default_factory=set)
    appearance: Json = field(default_factory=dict)
    minted: int = 0

    def __post_init__(self) -> None:
        payer = Affiliate(
            id=self.id, number=1, name=self.name, email=f"pay@{self.domain}.example", created=self.created
        )
        self.advertisers[payer.id] = payer

    def affiliate(self, given: object) -> Affiliate | None:
        """By long or short id."""
        text = str(given)
        return self.affiliates.get(text) or next(
            (each for each in self.affiliates.values() if str(each.number) == text), None
        )

    def payer(self, given: object) -> Affiliate | None:
        text = str(given)
        return self.advertisers.get(text) or next(
            (each for each in self.advertisers.values() if str(each.number) == text), None
        )

    def campaign(self, given: object) -> Campaign | None:
        text = str(given)
        return self.campaigns.get(text) or next(
            (each for each in self.campaigns.values() if str(each.number) == text), None
        )


def named(found: list[Json], key: str, wanted: str) -> Json:
    known = next((each for each in found if each[key] == wanted), None)
    if known is None:
        raise Refusal(31)
    return known


def money(value: Any) -> Decimal:
    try:
        return Decimal(str(value))
    except ArithmeticError as error:
        raise Refusal(20, "amounts must be numbers") from error


def local(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone))


def day(at: datetime | None, zone: str) -> str | None:
    return local(at, zone).date().isoformat() if at else None


def naive(at: datetime, zone: str) -> str:
    return local(at, zone).strftime("%Y-%m-%d %H:%M:%S")


def php_date(at: datetime, zone: str) -> Json:
    return {"date": local(at, zone).strftime("%Y-%m-%d %H:%M:%S.%f"), "timezone_type": 3, "timezone": zone}


def offset_date(at: datetime) -> Json:
    """As a job says it: UTC, by its offset."""
    return {"date": at.strftime("%Y-%m-%d %H:%M:%S.%f"), "timezone_type": 1, "timezone": "+00:00"}
