"""What may be changed where an event or a race is sold, for the pages that show it."""

from django import template

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
