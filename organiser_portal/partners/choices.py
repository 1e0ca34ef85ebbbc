"""What can be chosen in the form of an operation, by kind of field: (external id, what it is called)."""

from collections.abc import Mapping, Sequence
from typing import Any

from organiser_portal.connections.models import Connection
from organiser_portal.events.models import EventListing, Listing, TicketType
from organiser_portal.partners.models import Campaign, Conversion, Partner, ReservedGroup
from organiser_portal.partners.money import rounded
from providers.partner_records import ConversionStatus

MOST_RESULTS = 100
LIMITS = (("daily", "a day"), ("monthly", "a month"), ("lifetime", "in all"))

type Choices = Sequence[tuple[str, str]]


def choices_at(
    connection: Connection,
    *,
    event: EventListing | None = None,
    partner: Partner | None = None,
    campaign: Campaign | None = None,
) -> dict[str, Choices]:
    """Only what the provider still lists. On a partner's own page only that partner can be chosen."""
    there = {"connection": connection, "gone_at": None}
    tickets = TicketType.objects.filter(**there, event_listing=event) if event else TicketType.objects.none()
    races = Listing.objects.filter(**there, event_listing=event) if event else Listing.objects.filter(**there)
    partners = Partner.objects.filter(**there, pk=partner.pk) if partner else Partner.objects.filter(**there)
    groups = ReservedGroup.objects.filter(**there, partner=partner) if partner else ReservedGroup.objects.none()
    return {
        "tickets": [(row.external_id, row.title or row.external_id) for row in tickets.order_by("title", "pk")],
        "races": [(row.external_id, row.name or row.external_id) for row in races.order_by("name", "pk")],
        "group": [(row.external_id, _group(row)) for row in groups.order_by("name", "pk")],
        "partner": [(row.external_id, str(row)) for row in partners.order_by("name", "pk")],
        "cap": [(cap["external_id"], _cap(cap)) for cap in campaign.caps] if campaign else [],
        "results": _undecided(partner) if partner else [],
    }


def _group(group: ReservedGroup) -> str:
    return f"{group}, {group.left:,} left"


def _cap(cap: Mapping[str, Any]) -> str:
    limits = [f"{cap[name]:,} {of}" for name, of in LIMITS if cap.get(name) is not None]
    return f"{cap['what']}: {', '.join(limits) or 'no limit told'}"


def _undecided(partner: Partner) -> list[tuple[str, str]]:
    """The oldest first: they have waited longest."""
    waiting = Conversion.objects.filter(partner=partner, status=ConversionStatus.PENDING.value, gone_at=None)
    rows = waiting.select_related("campaign").order_by("happened_at", "pk")[:MOST_RESULTS]
    return [(row.external_id, _result(row)) for row in rows]


def _result(row: Conversion) -> str:
    day = f"{row.happened_at:%d %b %Y}" if row.happened_at else "No date told"
    campaign = str(row.campaign) if row.campaign else row.campaign_external_id
    parts = [day, campaign, row.goal, row.transaction, rounded(row.payout, row.currency) if row.payout else ""]
    return ", ".join(part for part in parts if part)
