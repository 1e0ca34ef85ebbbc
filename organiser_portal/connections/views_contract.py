"""The contract watch of a connection: where its records turned out other than declared. For owners."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from organiser_portal.connections import contract_list, overview
from organiser_portal.connections.models import ContractSurprise
from organiser_portal.connections.views import find_connection
from organiser_portal.core.rendering import render_page
from organiser_portal.organisations.access import TenantRequest, organisation_role, see_other
from organiser_portal.organisations.roles import Role


@require_safe
@organisation_role(Role.OWNER)
def contract_watch(request: TenantRequest, connection_id: int) -> HttpResponse:
    connection = find_connection(request, connection_id)
    card = overview.card(connection, now=timezone.now())
    context = {
        "card": card,
        "lines": contract_list.lines(connection),
        "watched": contract_list.watched(connection),
    }
    return render_page(request, "connections/contract_watch.html", context)


@require_POST
@organisation_role(Role.OWNER)
def contract_understood(request: TenantRequest, connection_id: int, surprise_id: int | None = None) -> HttpResponse:
    """One of them, or all."""
    connection = find_connection(request, connection_id)
    chosen = ContractSurprise.objects.filter(connection=connection)
    if surprise_id is not None:
        chosen = chosen.filter(pk=surprise_id)
        if not chosen.exists():
            raise Http404
    number = contract_list.understand(connection=connection, surprises=chosen, actor=request.user, now=timezone.now())
    messages.success(request, f"Put away: {number}." if number else "There was nothing left to put away.")
    return see_other(request, "connections:contract-watch", connection_id=connection.pk)
