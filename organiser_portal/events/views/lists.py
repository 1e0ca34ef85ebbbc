"""What is put on: events, and the races in them."""

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from organiser_portal.connections.models import Connection
from organiser_portal.core.address import settle, tidy
from organiser_portal.core.rendering import render_page
from organiser_portal.events import services
from organiser_portal.events.figures import entries_of_races
from organiser_portal.events.filters import PAST, DatedFilter, EventFilter, RaceFilter
from organiser_portal.events.forms import LastClaimsForm
from organiser_portal.events.models import Event, EventAction, EventListing, Listing, Race
from organiser_portal.events.tables import EVENTS, RACES
from organiser_portal.organisations.access import TenantRequest, organisation_role, see_other
from organiser_portal.organisations.roles import Role

NEWEST_ACTIONS = 10
LISTINGS = Prefetch("listings", Listing.objects.select_related("connection").order_by("connection__provider", "id"))
EVENT_LISTINGS = Prefetch("listings", EventListing.objects.select_related("connection").order_by("id"))


def with_listings(races: QuerySet[Race]) -> QuerySet[Race]:
    return races.select_related("event").prefetch_related(LISTINGS)


def with_races(events: QuerySet[Event]) -> QuerySet[Event]:
    return events.prefetch_related(EVENT_LISTINGS, Prefetch("races", Race.objects.order_by("starts_at", "name")))


@require_safe
@organisation_role(Role.VIEWER)
def race_list(request: TenantRequest) -> HttpResponse:
    races = Race.objects.of(request.organisation)
    asked = RaceFilter(tidy(request), races, organisation=request.organisation, now=timezone.now())
    view = RACES.read(request.GET, sort=usual_sort(asked))
    address = settle(request, view)
    page = view.objects(asked.found(), everything=races, shape=with_listings)
    held = entries_of_races(race.pk for race in page.rows)
    context = {
        "filter": asked,
        "view": view,
        "page": page,
        "lines": [(race, held.get(race.pk, 0)) for race in page.rows],
        "connected": bool(page.rows) or Connection.objects.of(request.organisation).exists(),
    }
    return render_page(request, "events/race_list.html", context, fragment="race-table", address=address)


@require_safe
@organisation_role(Role.VIEWER)
def event_list(request: TenantRequest) -> HttpResponse:
    events = Event.objects.of(request.organisation)
    asked = EventFilter(tidy(request), events, organisation=request.organisation, now=timezone.now())
    view = EVENTS.read(request.GET, sort=usual_sort(asked))
    address = settle(request, view)
    page = view.objects(asked.found(), everything=events, shape=with_races)
    context = {
        "filter": asked,
        "view": view,
        "page": page,
        "connected": bool(page.rows) or Connection.objects.of(request.organisation).exists(),
    }
    return render_page(request, "events/event_list.html", context, fragment="event-table", address=address)


def usual_sort(asked: DatedFilter) -> str:
    """What comes next stands first, and of what is over the latest."""
    return "-date" if asked.when_chosen == PAST else "date"


@require_safe
@organisation_role(Role.VIEWER)
def event_detail(request: TenantRequest, pk: int) -> HttpResponse:
    events = Event.objects.of(request.organisation).prefetch_related(EVENT_LISTINGS)
    event = get_object_or_404(events, pk=pk)
    races = list(with_listings(event.races.all()))
    held = entries_of_races(race.pk for race in races)
    done = EventAction.objects.filter(event_listing__event=event).select_related("actor")
    context = {
        "event": event,
        "lines": [(race, held.get(race.pk, 0)) for race in races],
        "view": RACES.read({}),
        "claims_form": LastClaimsForm(initial={"day": event.claims_close_on}),
        "actions": done[:NEWEST_ACTIONS],
    }
    return render_page(request, "events/event_detail.html", context)


@require_POST
@organisation_role(Role.MANAGER)
def event_last_claims(request: TenantRequest, pk: int) -> HttpResponse:
    event = get_object_or_404(Event.objects.of(request.organisation), pk=pk)
    form = LastClaimsForm(request.POST)
    if form.is_valid():
        services.set_last_claims(event=event, day=form.cleaned_data["day"], actor=request.user)
        messages.success(request, "The last day for claims is saved.")
    else:
        messages.error(request, "The last day for claims is a date, or nothing.")
    return see_other(request, "events:event-detail", pk=event.pk)
