"""Where in an entry or application nothing is about a person: what dictionaries may hold of it."""

from collections.abc import Mapping

from providers.commonplaces import Places
from providers.records import Kind

# Not the answers, nor the booker: whoever books for a whole club would be in every record of a page.
BOOKED: Places = frozenset(
    {
        *("participantIndex", "bookerType", "incrementalStatus", "competitorSize", "disciplineLabel", "course.label"),
        *("waves.id", "waves.name", "waves.startTime", "fields.id", "fields.slug", "fields.label"),
        *("originalTicketPrice.amount", "originalTicketPrice.currency", "statusDetails.status"),
        *("eventOccurrenceId", "eventId", "raceId", "ticketId", "eventName", "raceName", "ticketTitle"),
        *("raceStartDate", "sportId", "distanceId", "distances.value", "distances.unit"),
        *("eventLocation.city", "eventLocation.country", "eventLocation.latitude", "eventLocation.longitude"),
        *("tracking.utm_source", "tracking.utm_medium", "tracking.utm_campaign"),
        *("approvalStatus", "applicationResolutionType", "ballotDraw"),
    }
)
IMPERSONAL: Mapping[Kind, Places] = {Kind.ENTRY: BOOKED, Kind.APPLICATION: BOOKED}
