"""Events and races in templates: what may be changed where they are sold, and how full they are there."""

from typing import Any

from django import template

from organiser_portal.core.templatetags.portal import bar
from organiser_portal.events.changes import OF_EVENT, OF_RACE, offered
from organiser_portal.events.models import EventListing, Listing
from providers.operations import Operation

register = template.Library()


@register.filter
def event_changes(listed: EventListing) -> list[Operation]:
    gone = listed.stub or listed.gone_at is not None
    return [] if gone else offered(listed.connection, OF_EVENT, draft=listed.draft)


@register.filter
def race_changes(listing: Listing) -> list[Operation]:
    gone = listing.stub or listing.gone_at is not None
    return [] if gone else offered(listing.connection, OF_RACE)


@register.inclusion_tag("components/bar.html")
def filled(sold: int, capacity: int, channel: int, label: str) -> dict[str, Any]:
    """How full one listing is, as its provider counts: ``label`` is the provider's, ``channel`` its colour."""
    return bar([(sold, channel)], capacity, f"{label}: {sold:,} of {capacity:,} places sold")
