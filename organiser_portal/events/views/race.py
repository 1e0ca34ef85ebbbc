"""One race: what each provider says of it, how full it is, and which listings are the same race."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organiser_portal.core.neighbours import neighbours, opened_from
from organiser_portal.core.rendering import render_page
from organiser_portal.events import services
from organiser_portal.events.figures import capacity_of
from organiser_portal.events.forms import LicenceForm, LinkForm
from organiser_portal.events.models import Listing, Race
from organiser_portal.events.naming import NAMED_WITH
from organiser_portal.events.selection import select_races
from organiser_portal.events.twins import twins
from organiser_portal.organisations.access import TenantRequest, organisation_role, see_other
from organiser_portal.organisations.roles import Role
from organiser_portal.saved_views.listings import address_of

PARTS = ("questions", "products__skus", "ticket_types", "event_listing__ticket_types")


def find(request: TenantRequest, pk: int) -> Race:
    return get_object_or_404(Race.objects.of(request.organisation).select_related("event"), pk=pk)


def to_race(request: TenantRequest, race: Race) -> HttpResponse:
    return see_other(request, "events:race-detail", pk=race.pk)


@require_safe
@organisation_role(Role.VIEWER)
def race_detail(request: TenantRequest, pk: int) -> HttpResponse:
    return race_page(request, find(request, pk))


def race_page(request: TenantRequest, race: Race, form: LicenceForm | None = None) -> HttpResponse:
    """``form``: what was typed into it cannot be taken, and is shown once more."""
    listings = race.listings.select_related("connection", "event_listing").prefetch_related(*PARTS)
    capacity = capacity_of(race, listings.order_by("connection__provider", "id"))
    now = timezone.now()
    query = opened_from(request, "races", address_of("races", request.organisation))
    context = {
        "race": race,
        "capacity": capacity,
        "takes_entries": any(listing.takes_entries(now) for listing, _ in capacity.listings),
        "licence_form": form or LicenceForm(initial={"capacity": race.licence_capacity}),
        "now": now,
        "neighbours": neighbours(select_races(request.organisation, query, now=now), race.pk, query),
    }
    return render_page(request, "events/race_detail.html", context, fragment="race", status=422 if form else 200)


@require_POST
@organisation_role(Role.MANAGER)
def race_licence(request: TenantRequest, pk: int) -> HttpResponse:
    race = find(request, pk)
    form = LicenceForm(request.POST)
    if not form.is_valid():
        return race_page(request, race, form)
    services.set_licence(race=race, capacity=form.cleaned_data["capacity"], actor=request.user)
    messages.success(request, "The licence is saved.")
    return to_race(request, race)


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_role(Role.MANAGER)
def race_link(request: TenantRequest, pk: int) -> HttpResponse:
    """``pk`` is our race; the form names one of its listings and the race it really is."""
    race = find(request, pk)
    listings = list(race.listings.select_related("connection", "race", "event_listing"))
    asked = request.POST.get("listing", "") if request.method == "POST" else ""
    others = Race.objects.of(request.organisation).exclude(pk=pk).select_related("event").prefetch_related(*NAMED_WITH)
    choices = list(others.order_by("-starts_at", "name"))
    forms = [
        (each, LinkForm(request.POST if str(each.pk) == asked else None, race=race, races=choices)) for each in listings
    ]
    for listing, form in forms:
        if form.is_bound and form.is_valid():
            target = form.chosen()
            services.link_listing(listing=listing, race=target, actor=request.user)
            messages.success(request, f"Linked. Everything of that listing is in {target.name} now.")
            return to_race(request, target)
    status = 422 if request.method == "POST" else 200
    context = {
        "race": race,
        "forms": forms,
        "others": [each for each in twins(request.organisation) if each.first != pk],
    }
    return render_page(request, "events/race_link.html", context, status=status)


@require_POST
@organisation_role(Role.MANAGER)
def race_split(request: TenantRequest, pk: int) -> HttpResponse:
    """``pk`` is a listing of ours: a race of its own after all."""
    listing = get_object_or_404(Listing.objects.of(request.organisation).select_related("race", "connection"), pk=pk)
    try:
        race = services.split_off(listing=listing, actor=request.user)
    except services.CannotLink as reason:
        messages.error(request, str(reason))
        return to_race(request, listing.race)
    messages.success(request, f"{race.name} is a race of its own now, with its entries.")
    return to_race(request, race)
