"""The lists that views are kept of. Rooms above are known by the names of their pages alone.

Some lists are of one thing: who was let in at one gate, what could not be read of one connection. The name of such a
list ends in the key of that thing: "admissions-12".
"""

from typing import NamedTuple

from django.urls import reverse

from organiser_portal.core.keyset import row_id
from organiser_portal.organisations.models import Organisation

LISTINGS = {
    "entries": "participants:entry-list",
    "applications": "participants:application-list",
    "conflicts": "participants:conflict-list",
    "batches": "participants:batch-list",
    "imports": "participants:import-list",
    "races": "events:race-list",
    "events": "events:event-list",
    "partners": "partners:partner-list",
    "places": "partners:group-list",
    "campaigns": "partners:campaign-list",
    "gates": "admissions:gate-list",
    "runs": "sync:run-list",
    "changes": "sync:outbound-list",
    "audit": "console:audit-list",
}
OF_ONE = {
    "admissions": ("admissions:gate-detail", "gate_id"),
    "rejected": ("connections:rejected-list", "connection_id"),
}
"""The page, and what its address calls the key."""


class Listed(NamedTuple):
    """``of`` is the key of what the list is of; None where it is of the whole organisation."""

    kind: str
    of: int | None


def listed(listing: str) -> Listed:
    """ "admissions-12" is ("admissions", 12). Raises LookupError for a list nobody has."""
    kind, dash, key = listing.partition("-")
    pk = row_id(key)
    if kind in LISTINGS and not dash:
        return Listed(kind, None)
    if kind in OF_ONE and pk:
        return Listed(kind, pk)
    raise LookupError(listing)


def address_of(listing: str, organisation: Organisation) -> str:
    """Where the list is when nothing is asked of it. Raises LookupError for a list nobody has."""
    kind, pk = listed(listing)
    if pk is None:
        return reverse(LISTINGS[kind], kwargs={"organisation": organisation.slug})
    page, name = OF_ONE[kind]
    return reverse(page, kwargs={"organisation": organisation.slug, name: pk})
