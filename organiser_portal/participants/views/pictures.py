"""A race in pictures: how it fills up, and with whom."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from organiser_portal.core.rendering import render_page
from organiser_portal.events.figures import places_of
from organiser_portal.events.models import Race
from organiser_portal.organisations.access import TenantRequest, organisation_role
from organiser_portal.organisations.roles import Role
from organiser_portal.participants.pictures.curve import sales_curve
from organiser_portal.participants.pictures.people import people


@require_safe
@organisation_role(Role.VIEWER)
def race_pictures(request: TenantRequest, pk: int) -> HttpResponse:
    races = Race.objects.of(request.organisation).select_related("event").prefetch_related("listings")
    race = get_object_or_404(races, pk=pk)
    context = {
        "race": race,
        "curve": sales_curve(race, timezone.now(), limit=places_of(race)),
        "people": people(race),
    }
    return render_page(request, "participants/race_pictures.html", context, fragment="pictures")
