"""From a provider's record to the columns of ours that a provider owns. Pure but for the names of models."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Context, Decimal
from typing import Any

from organiser_portal.partners.models.affiliate import DIGITS, PLACES
from providers.partner_records import (
    CampaignRecord,
    ConversionRecord,
    DayStatRecord,
    PartnerRecord,
    ReservedGroupRecord,
)

LARGEST = 2_147_483_647
LARGEST_AMOUNT = Decimal(10) ** (DIGITS - PLACES)
EXACT = Decimal(1).scaleb(-PLACES)
ROOM = Context(prec=DIGITS + 1)  # a digit more than the column holds, for what is rounded up beyond it


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """External id → our key, for what a batch points at. What is not in here is not known yet."""

    events: Mapping[str, int] = field(default_factory=dict)
    partners: Mapping[str, int] = field(default_factory=dict)
    campaigns: Mapping[str, int] = field(default_factory=dict)


def partner_values(record: PartnerRecord, known: Known) -> dict[str, Any]:  # noqa: ARG001 - it points at nothing
    return {
        "name": record.name,
        "kind": record.kind.value,
        "kind_text": record.kind_text,
        "description": record.description,
        "active": record.active,
        "status_text": record.status_text,
        "contacts": [asdict(contact) for contact in record.contacts],
        "country": record.country,
        "currency": record.currency,
        "other_ids": [list(pair) for pair in record.other_ids],
        "editable": dict(record.editable),
        "remote_created_at": record.created_at,
        "remote_updated_at": record.updated_at,
    }


def group_values(record: ReservedGroupRecord, known: Known) -> dict[str, Any]:
    return {
        "event_listing_id": known.events.get(record.event_id),
        "event_external_id": record.event_id,
        "partner_id": known.partners.get(record.partner_id),
        "partner_external_id": record.partner_id,
        "name": record.name,
        "description": record.description,
        "capacity": _count(record.capacity),
        "used": _count(record.used),
        "kind_text": record.kind_text,
        "ticket_ids": list(record.ticket_ids),
        "editable": dict(record.editable),
    }


def campaign_values(record: CampaignRecord, known: Known) -> dict[str, Any]:  # noqa: ARG001 - it points at nothing
    return {
        "name": record.name,
        "short_id": record.short_id,
        "url": record.url,
        "active": record.active,
        "status_text": record.status_text,
        "model": record.model,
        "payout": _amount(record.payout),
        "revenue": _amount(record.revenue),
        "currency": record.currency,
        "caps": [asdict(cap) for cap in record.caps],
        "remote_created_at": record.created_at,
    }


def conversion_values(record: ConversionRecord, known: Known) -> dict[str, Any]:
    return {
        **_credited(record, known),
        "status": record.status.value,
        "status_text": record.status_text,
        "payout": _amount(record.payout),
        "revenue": _amount(record.revenue),
        "sale": _amount(record.sale),
        "currency": record.currency,
        "transaction": record.transaction,
        "goal": record.goal,
        "happened_at": record.created_at,
    }


def day_values(record: DayStatRecord, known: Known) -> dict[str, Any]:
    return {
        **_credited(record, known),
        "day": record.day,
        "clicks": _count(record.clicks),
        "impressions": _count(record.impressions),
        "conversions": _count(record.conversions),
        "payout": _amount(record.payout),
        "revenue": _amount(record.revenue),
        "currency": record.currency,
    }


def _credited(record: ConversionRecord | DayStatRecord, known: Known) -> dict[str, Any]:
    return {
        "campaign_id": known.campaigns.get(record.campaign_id),
        "campaign_external_id": record.campaign_id,
        "partner_id": known.partners.get(record.partner_id),
        "partner_external_id": record.partner_id,
    }


def _count(number: int) -> int:
    return max(0, min(number, LARGEST))


def _amount(value: Decimal | None) -> Decimal | None:
    """As exact as the column holds it; what it cannot hold at all is not shown as something else."""
    if value is None or not _fits(value):
        return None
    kept = value.quantize(EXACT, context=ROOM) if _places(value) > PLACES else value
    return kept if _fits(kept) else None


def _fits(value: Decimal) -> bool:
    return value.is_finite() and value.copy_abs() < LARGEST_AMOUNT  # abs() would fail at a number without end


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0
