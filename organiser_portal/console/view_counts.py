"""How many rows each saved view of a list holds: counted as far as a thousand, and only while there is time."""

from collections.abc import Callable, Mapping
from datetime import datetime
from time import monotonic
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from organiser_portal.admissions.lists import select_gates
from organiser_portal.core import keyset
from organiser_portal.core.keyset import Count
from organiser_portal.events.selection import select_events, select_races
from organiser_portal.organisations.models import Membership, Organisation
from organiser_portal.participants.selection import select_applications, select_entries
from organiser_portal.partners.selection import select_campaigns, select_groups, select_partners
from organiser_portal.saved_views.counts import known, remember
from organiser_portal.saved_views.models import SavedView
from organiser_portal.sync.selection import select_changes, select_runs

MOST = 1_000
PATIENCE = 1.0  # seconds: what is not counted by then is counted the next time

type Found = Callable[[Organisation, QueryDict, datetime], QuerySet[Any, Any]]

FOUND: Mapping[str, Found] = {
    "entries": lambda organisation, query, _now: select_entries(organisation, query).filter.found(),
    "applications": lambda organisation, query, _now: select_applications(organisation, query).filter.found(),
    "races": lambda organisation, query, now: select_races(organisation, query, now=now).found,
    "events": lambda organisation, query, now: select_events(organisation, query, now=now).found,
    "partners": lambda organisation, query, _now: select_partners(organisation, query).found,
    "places": lambda organisation, query, _now: select_groups(organisation, query).found,
    "campaigns": lambda organisation, query, _now: select_campaigns(organisation, query).found,
    "gates": lambda organisation, query, now: select_gates(organisation, query, now=now).found,
    "runs": lambda organisation, query, _now: select_runs(organisation, query).found,
    "changes": lambda organisation, query, _now: select_changes(organisation, query).found,
}


def counts_of_views(membership: Membership, listing: str, now: datetime) -> Mapping[int, Count]:
    """View's key → how many rows it holds. Raises LookupError for a list nobody has."""
    found, began = FOUND[listing], monotonic()
    views = list(SavedView.objects.for_member(membership).filter(listing=listing))
    counts = dict(known(views))
    for view in views:
        if view.pk not in counts and monotonic() - began < PATIENCE:
            counts[view.pk] = keyset.count(found(membership.organisation, QueryDict(view.query), now), MOST)
            remember(view, counts[view.pk])
    return counts
