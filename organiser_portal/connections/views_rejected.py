"""Records that could not be taken, and why."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from organiser_portal.connections import overview
from organiser_portal.connections.models import RejectedRecord
from organiser_portal.connections.outline import outline
from organiser_portal.connections.rejected_list import STANDINGS, select_rejected
from organiser_portal.connections.views import find_connection
from organiser_portal.core.address import settle, tidy
from organiser_portal.core.neighbours import neighbours, opened_from
from organiser_portal.core.rendering import render_page
from organiser_portal.organisations.access import TenantRequest, organisation_role
from organiser_portal.organisations.roles import Role
from organiser_portal.saved_views.listings import address_of
from providers.packing import unpack


@require_safe
@organisation_role(Role.VIEWER)
def rejected_list(request: TenantRequest, connection_id: int) -> HttpResponse:
    connection = find_connection(request, connection_id)
    selection = select_rejected(connection, tidy(request))
    address = settle(request, selection.view)
    context = {
        "card": overview.card(connection, now=timezone.now()),
        **selection.context(),
        "page": selection.page(lambda chosen: chosen.defer("data")),
        "standings": STANDINGS,
        "may_look_inside": request.membership.has_role(Role.OWNER),
    }
    return render_page(request, "connections/rejected_list.html", context, fragment="rejected-table", address=address)


@require_safe
@organisation_role(Role.OWNER)
def rejected_detail(request: TenantRequest, connection_id: int, rejected_id: int) -> HttpResponse:
    connection = find_connection(request, connection_id)
    record = get_object_or_404(RejectedRecord, connection=connection, pk=rejected_id)
    query = opened_from(request, "rejected", address_of(f"rejected-{connection.pk}", request.organisation))
    context = {
        "card": overview.card(connection, now=timezone.now()),
        "record": record,
        "outline": outline(unpack(bytes(record.data))),
        "neighbours": neighbours(select_rejected(connection, query), record.pk, query),
    }
    return render_page(request, "connections/rejected_detail.html", context, fragment="rejected")
