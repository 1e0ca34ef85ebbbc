"""The lists that views are kept of. Rooms above are known by the names of their pages alone."""

from django.urls import reverse

from organiser_portal.organisations.models import Organisation

LISTINGS = {
    "entries": "participants:entry-list",
    "applications": "participants:application-list",
    "races": "events:race-list",
    "events": "events:event-list",
    "partners": "partners:partner-list",
    "places": "partners:group-list",
    "campaigns": "partners:campaign-list",
    "gates": "admissions:gate-list",
    "runs": "sync:run-list",
    "changes": "sync:outbound-list",
}


def address_of(listing: str, organisation: Organisation) -> str:
    """Where the list is when nothing is asked of it. Raises LookupError for a list nobody has."""
    return reverse(LISTINGS[listing], kwargs={"organisation": organisation.slug})
