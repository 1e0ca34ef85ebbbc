"""Who brings entrants, the places held for them, and what they earn: in our words.

The same manners as ``providers.records``. Money that a provider counts in major units with many decimals stays a
``Decimal`` taken from the text, always with its currency beside it ("" where the provider does not say which).
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


# Kinds of ``other_ids`` that are names of the thing at its own provider, in another version of its API. Where a
# connection is switched from one to the other, the rows are told by these and stay what they are.
OWN_IDS = frozenset({"short_id", "long_id"})


class PartnerKind(StrEnum):
    CHARITY = "charity"
    CORPORATE = "corporate"
    SPONSOR = "sponsor"
    FRIENDS_AND_FAMILY = "friends_and_family"
    MERCHANDISE = "merchandise"
    AFFILIATE = "affiliate"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerRecord:
    """A charity, sponsor, affiliate, ... ``active`` None: the provider does not say.

    ``other_ids``: (kind, id) pairs, such as the partner's number at a fundraising platform or its short id.
    ``editable`` holds, as plain JSON values by operation field name, what an edit form has to show and send back whole.
    """

    external_id: str
    name: str
    kind: PartnerKind = PartnerKind.OTHER
    kind_text: str = ""
    description: str = ""
    active: bool | None = None
    status_text: str = ""
    contacts: tuple[Contact, ...] = ()
    country: str = ""
    currency: str = ""
    other_ids: tuple[tuple[str, str], ...] = ()
    editable: tuple[tuple[str, object], ...] = ()
    created_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservedGroupRecord:
    """Places held in an event, ``used`` of ``capacity`` claimed. ``partner_id`` "": held for nobody in particular."""

    external_id: str
    event_id: str
    partner_id: str = ""
    name: str = ""
    description: str = ""
    capacity: int = 0
    used: int = 0
    kind_text: str = ""
    ticket_ids: tuple[str, ...] = ()
    editable: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CapRecord:
    """A limit on a campaign. None is no limit. ``pauses``: reaching it pauses the campaign."""

    external_id: str
    what: str
    daily: int | None = None
    monthly: int | None = None
    lifetime: int | None = None
    pauses: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignRecord:
    """An affiliate's offer. Per conversion the partner earns ``payout`` and the organiser pays ``revenue``."""

    external_id: str
    name: str
    short_id: str = ""
    url: str = ""
    active: bool | None = None
    status_text: str = ""
    model: str = ""
    payout: Decimal | None = None
    revenue: Decimal | None = None
    currency: str = ""
    caps: tuple[CapRecord, ...] = ()
    created_at: datetime | None = None


class ConversionStatus(StrEnum):
    """Only APPROVED counts. UNKNOWN: a word of the provider's that we do not know."""

    PENDING = "pending"
    APPROVED = "approved"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversionRecord:
    """One credited result. ``transaction`` is the entry's own id where the organiser sent one along."""

    external_id: str
    campaign_id: str = ""
    partner_id: str = ""
    status: ConversionStatus = ConversionStatus.UNKNOWN
    status_text: str = ""
    payout: Decimal | None = None
    revenue: Decimal | None = None
    sale: Decimal | None = None
    currency: str = ""
    transaction: str = ""
    goal: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayStatRecord:
    """One partner's day, over all campaigns or (``campaign_id``) at one."""

    external_id: str
    partner_id: str
    day: date
    campaign_id: str = ""
    clicks: int = 0
    impressions: int = 0
    conversions: int = 0
    payout: Decimal = Decimal(0)
    revenue: Decimal | None = None
    currency: str = ""


type PartnerSide = PartnerRecord | ReservedGroupRecord | CampaignRecord | ConversionRecord | DayStatRecord
