"""Places held for partners or by the organiser: those on no partner's page, and how further ones are given."""

from typing import Any

from django.db.models import Min, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from organiser_portal.connections.models import Connection
from organiser_portal.core.address import settle, tidy
from organiser_portal.core.rendering import render_page
from organiser_portal.events.figures import capacity_of
from organiser_portal.events.models import EventListing, Race
from organiser_portal.organisations.access import TenantRequest, organisation_role
from organiser_portal.organisations.roles import Role
from organiser_portal.partners import jobs
from organiser_portal.partners.jobs import NoSuchJob
from organiser_portal.partners.models import Partner, ReservedGroup
from organiser_portal.partners.race_places import held_of
from organiser_portal.partners.selection import select_groups
from organiser_portal.partners.views import find_partner
from organiser_portal.partners.views_do import operate
from providers.operations import Verb


@require_safe
@organisation_role(Role.VIEWER)
def group_list(request: TenantRequest) -> HttpResponse:
    selection = select_groups(request.organisation, tidy(request))
    address = settle(request, selection.view)
    shown = selection.page(_shape)
    can = {group.connection_id: jobs.offered(group.connection, jobs.OF_GROUP) for group in shown.rows}
    context = {
        **selection.context(),
        "page": shown,
        "lines": [(group, can[group.connection_id]) for group in shown.rows],
        "may_write": request.membership.has_role(Role.MANAGER),
        "may_hold": bool(jobs.connections_that(request.organisation, Verb.CREATE_GROUP)),
    }
    return render_page(request, "partners/group_list.html", context, fragment="group-table", address=address)


@require_safe
@organisation_role(Role.VIEWER)
def race_places(request: TenantRequest, pk: int) -> HttpResponse:
    """A race's places with those that are held: a part of its page, nothing where none is held."""
    race = get_object_or_404(Race.objects.of(request.organisation).select_related("event"), pk=pk)
    held, several = held_of(race)
    if not held and not several:
        return HttpResponse(status=204)
    listings = race.listings.select_related("connection", "event_listing").order_by("connection__provider", "id")
    words = "; ".join(each.in_words for each in held)
    capacity = capacity_of(race, listings).holding([each.segment for each in held], words)
    context = {"race": race, "capacity": capacity, "held": held, "several": several}
    return render_page(request, "events/race_capacity.html", context)


@require_safe
@organisation_role(Role.MANAGER)
def group_event(request: TenantRequest, partner_id: int) -> HttpResponse:
    """At which event a partner is given places."""
    partner = find_partner(request, partner_id)
    if not jobs.offered(partner.connection, [Verb.CREATE_GROUP]):
        raise Http404
    return _choose_event(request, _events(partner.connection), partner)


@require_safe
@organisation_role(Role.MANAGER)
def own_group_event(request: TenantRequest) -> HttpResponse:
    """At which event the organiser holds places back."""
    connections = jobs.connections_that(request.organisation, Verb.CREATE_GROUP)
    if not connections:
        raise Http404
    return _choose_event(request, _events(*connections), None)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@organisation_role(Role.MANAGER)
def group_add(request: TenantRequest, partner_id: int, event_listing_id: int) -> HttpResponse:
    partner = find_partner(request, partner_id)
    return _give(request, get_object_or_404(_events(partner.connection), pk=event_listing_id), partner)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@organisation_role(Role.MANAGER)
def own_group_add(request: TenantRequest, event_listing_id: int) -> HttpResponse:
    connections = jobs.connections_that(request.organisation, Verb.CREATE_GROUP)
    return _give(request, get_object_or_404(_events(*connections), pk=event_listing_id), None)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@organisation_role(Role.MANAGER)
def group_do(request: TenantRequest, group_id: int, verb: str) -> HttpResponse:
    groups = ReservedGroup.objects.of(request.organisation).listed()
    group = get_object_or_404(groups.select_related("connection", "partner", "event_listing"), pk=group_id)
    try:
        return operate(request, jobs.of_group(group, verb))
    except NoSuchJob:
        raise Http404 from None


def _shape(rows: Any) -> Any:
    return rows.with_entries().select_related("connection", "event_listing")


def _give(request: TenantRequest, event: EventListing, partner: Partner | None) -> HttpResponse:
    try:
        return operate(request, jobs.new_group(event, partner))
    except NoSuchJob:
        raise Http404 from None


def _choose_event(request: TenantRequest, events: QuerySet[EventListing], partner: Partner | None) -> HttpResponse:
    """The nearest last: places are given for what is to come."""
    dated = events.annotate(starts=Min("listings__starts_at")).order_by("-starts", "event__name", "pk")
    return render_page(request, "partners/group_event.html", {"partner": partner, "events": dated})


def _events(*connections: Connection) -> QuerySet[EventListing]:
    events = EventListing.objects.filter(connection__in=connections, gone_at=None)
    return events.select_related("event", "connection")
