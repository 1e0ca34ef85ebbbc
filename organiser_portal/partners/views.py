"""Partners as their providers tell of them. Every member sees them; their people only editors and up."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from organiser_portal.connections.gateway import face
from organiser_portal.core.address import settle, tidy
from organiser_portal.core.keyset import Order, page
from organiser_portal.core.neighbours import neighbours, opened_from
from organiser_portal.core.rendering import render_page
from organiser_portal.organisations.access import TenantRequest, organisation_role
from organiser_portal.organisations.download import as_file
from organiser_portal.organisations.roles import Role
from organiser_portal.partners import export_list, jobs, picture
from organiser_portal.partners.export import Runners, file_name
from organiser_portal.partners.figures import figures_of
from organiser_portal.partners.history import tell
from organiser_portal.partners.models import Partner
from organiser_portal.partners.overview import summary
from organiser_portal.partners.pace import pace
from organiser_portal.partners.selection import select_partners
from organiser_portal.partners.services import last_sent
from organiser_portal.saved_views.listings import address_of
from providers.operations import Verb

NEWEST = 20  # lines of what happened
PEOPLE = 25
NEWEST_FIRST = Order("entered_at", descending=True)


@require_safe
@organisation_role(Role.VIEWER)
def partner_list(request: TenantRequest) -> HttpResponse:
    chosen = select_partners(request.organisation, tidy(request))
    address = settle(request, chosen.view)
    may_write = request.membership.has_role(Role.MANAGER)
    shown = chosen.page(lambda rows: rows.select_related("connection"))
    context = {
        **chosen.context(),
        "page": shown,
        **summary(chosen, shown.rows, now=timezone.now(), may_write=may_write),
        "open_connections": jobs.connections_that(request.organisation, Verb.CREATE_PARTNER),
        "may_write": may_write,
    }
    return render_page(request, "partners/partner_list.html", context, fragment="partner-table", address=address)


@require_GET
@organisation_role(Role.VIEWER)
def partner_list_export(request: TenantRequest) -> HttpResponseBase:
    """What the list shows, all of it. No person is in it, so that every member may have it."""
    chosen = select_partners(request.organisation, tidy(request))
    name = export_list.file_name(request.organisation, timezone.now())
    return as_file(export_list.PartnerList(chosen, actor=request.user), name)


@require_safe
@organisation_role(Role.VIEWER)
def partner_detail(request: TenantRequest, partner_id: int) -> HttpResponse:
    partner = find_partner(request, partner_id)
    groups = partner.groups.listed().with_entries().select_related("event_listing").order_by("name", "pk")
    query = opened_from(request, "partners", address_of("partners", request.organisation))
    context = {
        "partner": partner,
        "figures": figures_of([partner])[partner.pk],
        "groups": groups,
        "lately": picture.lately(partner, face(partner.connection.provider).channel, timezone.now()),
        "pace": pace(partner, timezone.now()),
        "statuses": picture.by_status(partner=partner),
        "happened": tell(partner.actions.select_related("actor", "group")[:NEWEST]),
        "sent": last_sent(partner),
        "may_write": request.membership.has_role(Role.MANAGER),
        **_offers(partner),
        "neighbours": neighbours(select_partners(request.organisation, query), partner.pk, query),
        **_people(request, partner),
    }
    return render_page(request, "partners/partner_detail.html", context, fragment="partner")


@require_GET
@organisation_role(Role.EDITOR)
def partner_export(request: TenantRequest, partner_id: int) -> HttpResponseBase:
    partner = find_partner(request, partner_id)
    return as_file(Runners(partner, actor=request.user), file_name(partner, timezone.now()))


def whole(text: str) -> int | None:
    """A key as an address holds it."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def find_partner(request: TenantRequest, partner_id: int) -> Partner:
    """Through the tenant, or 404."""
    partners = Partner.objects.of(request.organisation).select_related("connection", "organisation")
    return get_object_or_404(partners, pk=partner_id)


def _offers(partner: Partner) -> dict[str, Any]:
    """What can be done here, as far as the provider can."""
    links = jobs.offered(partner.connection, [Verb.ENSURE_LINK])
    return {
        "operations": jobs.offered(partner.connection, jobs.OF_PARTNER),
        "gives_places": jobs.offered(partner.connection, [Verb.CREATE_GROUP]),
        "group_operations": jobs.offered(partner.connection, jobs.OF_GROUP),
        "links": links,
        "campaigns": picture.campaigns_of(partner) if links else [],
    }


def _people(request: TenantRequest, partner: Partner) -> dict[str, Any]:
    """Who came through this partner; nobody for those who may not see people here."""
    if not request.membership.has_role(Role.EDITOR):
        return {"may_see_people": False}
    entries = picture.entries_through(partner)
    people = page(
        entries,
        NEWEST_FIRST,
        size=PEOPLE,
        after=whole(request.GET.get("after", "")),
        before=whole(request.GET.get("before", "")),
        shape=lambda rows: rows,
    )
    return {"may_see_people": True, "people": people}
