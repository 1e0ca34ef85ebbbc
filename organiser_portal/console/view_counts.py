"""How many rows each saved view of a list holds: counted as far as a thousand, and only while there is time."""

from collections.abc import Callable, Mapping
from datetime import datetime
from time import monotonic
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import QueryDict
from django.shortcuts import get_object_or_404

from organiser_portal.admissions.gates import gates_of
from organiser_portal.admissions.lists import select_admissions, select_gates
from organiser_portal.connections.models import Connection
from organiser_portal.connections.rejected_list import select_rejected
from organiser_portal.core import keyset
from organiser_portal.core.keyset import Count
from organiser_portal.events.selection import select_events, select_races
from organiser_portal.organisations.models import Membership, Organisation
from organiser_portal.organisations.roles import Role
from organiser_portal.organisations.selection import select_audit
from organiser_portal.participants import conflict_list
from organiser_portal.participants.selection import select_applications, select_entries
from organiser_portal.participants.work_lists import select_batches, select_imports
from organiser_portal.partners.selection import select_campaigns, select_groups, select_partners
from organiser_portal.saved_views.counts import known, remember
from organiser_portal.saved_views.listings import listed
from organiser_portal.saved_views.models import SavedView
from organiser_portal.sync.selection import select_changes, select_runs

MOST = 1_000
PATIENCE = 1.0  # seconds: what is not counted by then is counted the next time

type Found = Callable[[Organisation, QueryDict, datetime, int], QuerySet[Any, Any]]

FOUND: Mapping[str, Found] = {
    "entries": lambda organisation, query, _now, _of: select_entries(organisation, query).filter.found(),
    "applications": lambda organisation, query, _now, _of: select_applications(organisation, query).filter.found(),
    "conflicts": lambda organisation, query, _now, _of: conflict_list.asked_of(
        organisation, query, sees_sensitive=False
    ).found(),
    "batches": lambda organisation, query, _now, _of: select_batches(organisation, query).found,
    "imports": lambda organisation, query, _now, _of: select_imports(organisation, query).found,
    "races": lambda organisation, query, now, _of: select_races(organisation, query, now=now).found,
    "events": lambda organisation, query, now, _of: select_events(organisation, query, now=now).found,
    "partners": lambda organisation, query, _now, _of: select_partners(organisation, query).found,
    "places": lambda organisation, query, _now, _of: select_groups(organisation, query).found,
    "campaigns": lambda organisation, query, _now, _of: select_campaigns(organisation, query).found,
    "gates": lambda organisation, query, now, _of: select_gates(organisation, query, now=now).found,
    "admissions": lambda organisation, query, _now, of: (
        select_admissions(get_object_or_404(gates_of(organisation), pk=of), query).found
    ),
    "runs": lambda organisation, query, _now, _of: select_runs(organisation, query).found,
    "changes": lambda organisation, query, _now, _of: select_changes(organisation, query).found,
    "rejected": lambda organisation, query, _now, of: (
        select_rejected(get_object_or_404(Connection.objects.of(organisation), pk=of), query).found
    ),
    "audit": lambda organisation, query, _now, _of: select_audit(organisation, query).found,
}
LEAST = {"audit": Role.MANAGER, "batches": Role.EDITOR, "imports": Role.MANAGER}
"""Who may see a list, where that is not everybody: how many lines it has is told to nobody else."""


def counts_of_views(membership: Membership, listing: str, now: datetime) -> Mapping[int, Count]:
    """View's key → how many rows it holds. Raises LookupError for a list nobody has, PermissionDenied for one that is
    not open to this member.
    """
    (kind, of), began = listed(listing), monotonic()
    if not membership.has_role(LEAST.get(kind, Role.VIEWER)):
        raise PermissionDenied
    views = list(SavedView.objects.for_member(membership).filter(listing=listing))
    counts = dict(known(views))
    for view in views:
        if view.pk not in counts and monotonic() - began < PATIENCE:
            found = FOUND[kind](membership.organisation, QueryDict(view.query), now, of or 0)
            counts[view.pk] = keyset.count(found, MOST)
            remember(view, counts[view.pk])
    return counts
