"""What is put on: events, and the races in them."""

from collections.abc import Sequence

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from organiser_portal.connections.models import Connection
from organiser_portal.core.address import settle, tidy
from organiser_portal.core.neighbours import PANEL, neighbours, opened_from
from organiser_portal.core.rendering import render_page
from organiser_portal.events import services
from organiser_portal.events.figures import entries_of_races, with_ages
from organiser_portal.events.forms import LastClaimsForm
from organiser_portal.events.models import Event, EventAction, EventListing, Listing, Race
from organiser_portal.events.selection import select_events, select_races
from organiser_portal.events.tables import RACES
from organiser_portal.organisations.access import TenantRequest, organisation_role, see_other
from organiser_portal.organisations.roles import Role
from organiser_portal.saved_views.listings import address_of

NEWEST_ACTIONS = 10
BESIDE = {"columns": "name,date,sold"}
"""The columns of its races that an event has room for beside its list."""
LISTINGS = Prefetch(
    "listings",
    # Each connection is made once, not once for each of its listings.
    Listing.objects.prefetch_related("connection")
    .defer("description", "affiliations")
    .order_by("connection__provider", "id"),
)
EVENT_LISTINGS = Prefetch("listings", EventListing.objects.select_related("connection").order_by("id"))


def with_listings(races: QuerySet[Race]) -> QuerySet[Race]:
    return races.select_related("event").prefetch_related(LISTINGS)


def with_races(events: QuerySet[Event]) -> QuerySet[Event]:
    return events.prefetch_related(EVENT_LISTINGS, Prefetch("races", Race.objects.order_by("starts_at", "name")))


@require_safe
@organisation_role(Role.VIEWER)
def race_list(request: TenantRequest) -> HttpResponse:
    selection = select_races(request.organisation, tidy(request), now=timezone.now())
    address = settle(request, selection.view)
    page = selection.page(with_listings)
    context = {
        **selection.context(),
        "page": page,
        "lines": with_held(page.rows),
        "connected": bool(page.rows) or Connection.objects.of(request.organisation).exists(),
    }
    return render_page(request, "events/race_list.html", context, fragment="race-table", address=address)


@require_safe
@organisation_role(Role.VIEWER)
def event_list(request: TenantRequest) -> HttpResponse:
    selection = select_events(request.organisation, tidy(request), now=timezone.now())
    address = settle(request, selection.view)
    page = selection.page(with_races)
    context = {
        **selection.context(),
        "page": page,
        "connected": bool(page.rows) or Connection.objects.of(request.organisation).exists(),
    }
    return render_page(request, "events/event_list.html", context, fragment="event-table", address=address)


@require_safe
@organisation_role(Role.VIEWER)
def event_detail(request: TenantRequest, pk: int) -> HttpResponse:
    return event_page(request, find_event(request, pk))


@require_POST
@organisation_role(Role.MANAGER)
def event_last_claims(request: TenantRequest, pk: int) -> HttpResponse:
    event = find_event(request, pk)
    form = LastClaimsForm(request.POST)
    if not form.is_valid():
        return event_page(request, event, form)
    services.set_last_claims(event=event, day=form.cleaned_data["day"], actor=request.user)
    messages.success(request, "The last day for claims is saved.")
    return see_other(request, "events:event-detail", pk=event.pk)


def event_page(request: TenantRequest, event: Event, form: LastClaimsForm | None = None) -> HttpResponse:
    """``form``: what was typed into it cannot be taken, and is shown once more."""
    done = EventAction.objects.filter(event_listing__event=event).select_related("actor")
    query = opened_from(request, "events", address_of("events", request.organisation))
    context = {
        "event": event,
        "lines": with_held(list(event.races.prefetch_related(LISTINGS))),
        "view": RACES.read(BESIDE if request.htmx.target == PANEL else {}),
        "claims_form": form or LastClaimsForm(initial={"day": event.claims_close_on}),
        "actions": done[:NEWEST_ACTIONS],
        "neighbours": neighbours(select_events(request.organisation, query, now=timezone.now()), event.pk, query),
    }
    return render_page(request, "events/event_detail.html", context, fragment="event", status=422 if form else 200)


def find_event(request: TenantRequest, pk: int) -> Event:
    """The tenant's own, or 404."""
    return get_object_or_404(Event.objects.of(request.organisation).prefetch_related(EVENT_LISTINGS), pk=pk)


def with_held(races: Sequence[Race]) -> list[tuple[Race, int]]:
    """Each with how many entries of it are here, and its listings with their age."""
    with_ages(listing for race in races for listing in race.listings.all())
    held = entries_of_races(race.pk for race in races)
    return [(race, held.get(race.pk, 0)) for race in races]
