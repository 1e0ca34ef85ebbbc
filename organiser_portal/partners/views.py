"""Partners as their providers tell of them. Every member sees them; their people only those who may write to them."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from organiser_portal.core.keyset import Order, page
from organiser_portal.core.rendering import render_page
from organiser_portal.organisations.access import TenantRequest, organisation_role
from organiser_portal.organisations.roles import Role
from organiser_portal.partners import jobs
from organiser_portal.partners.models import Conversion, Partner
from organiser_portal.partners.services import last_sent
from providers.operations import Verb

PAGE_SIZE = 50
NEWEST = 20  # lines of what happened
BY_NAME = Order("name")


@require_safe
@organisation_role(Role.VIEWER)
def partner_list(request: TenantRequest) -> HttpResponse:
    wanted = request.GET.get("q", "").strip()
    everything = Partner.objects.of(request.organisation).listed()
    shown = page(
        everything.filter(name__icontains=wanted) if wanted else everything,
        BY_NAME,
        size=PAGE_SIZE,
        after=_id(request.GET.get("after", "")),
        before=_id(request.GET.get("before", "")),
        shape=lambda rows: rows.with_places().select_related("connection"),  # type: ignore[attr-defined]  # it stays a PartnerQuerySet
        everything=everything,
    )
    earned = Conversion.objects.earnings(shown.rows)
    context = {
        "page": shown,
        "lines": [(partner, earned.get(partner.pk, [])) for partner in shown.rows],
        "wanted": wanted,
        "open_connections": jobs.open_for_partners(request.organisation),
        "may_write": request.membership.has_role(Role.MANAGER),
    }
    return render_page(request, "partners/partner_list.html", context, fragment="partner-table")


@require_safe
@organisation_role(Role.VIEWER)
def partner_detail(request: TenantRequest, partner_id: int) -> HttpResponse:
    partner = find_partner(request, partner_id)
    groups = partner.groups.listed().with_entries().select_related("event_listing").order_by("name", "pk")
    context = {
        "partner": partner,
        "groups": groups,
        "earnings": Conversion.objects.earnings([partner]).get(partner.pk, []),
        "actions": partner.actions.select_related("actor", "group")[:NEWEST],
        "sent": last_sent(partner),
        "may_write": request.membership.has_role(Role.MANAGER),
        "operations": jobs.offered(partner.connection, jobs.OF_PARTNER),
        "gives_places": jobs.offered(partner.connection, [Verb.CREATE_GROUP]),
        "group_operations": jobs.offered(partner.connection, jobs.OF_GROUP),
    }
    return render_page(request, "partners/partner_detail.html", context)


def find_partner(request: TenantRequest, partner_id: int) -> Partner:
    """Through the tenant, or 404."""
    partners = Partner.objects.of(request.organisation).with_places().select_related("connection")
    return get_object_or_404(partners, pk=partner_id)


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
