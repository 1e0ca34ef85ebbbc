"""Requests for places, and what became of them."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from organiser_portal.connections.models import Connection
from organiser_portal.core.address import settle, tidy
from organiser_portal.core.neighbours import neighbours, opened_from
from organiser_portal.core.rendering import render_page
from organiser_portal.organisations import audit
from organiser_portal.organisations.access import TenantRequest, organisation_role
from organiser_portal.organisations.roles import Role
from organiser_portal.participants.applications import became, with_entries
from organiser_portal.participants.models import Application
from organiser_portal.participants.selection import select_applications
from organiser_portal.participants.sensitive import holds_sensitive, parted
from organiser_portal.saved_views.listings import address_of


@require_safe
@organisation_role(Role.VIEWER)
def application_list(request: TenantRequest) -> HttpResponse:
    selection = select_applications(request.organisation, tidy(request))
    address = settle(request, selection.view)
    page = selection.page()
    rows = with_entries(request.organisation, page.rows)
    context = {
        "selection": selection,
        "page": page,
        "lines": selection.view.lines(rows),
        "connected": bool(rows) or Connection.objects.of(request.organisation).exists(),
    }
    return render_page(
        request, "participants/application_list.html", context, fragment="application-table", address=address
    )


@require_safe
@organisation_role(Role.VIEWER)
def application_detail(request: TenantRequest, pk: int) -> HttpResponse:
    applications = Application.objects.of(request.organisation)
    application = get_object_or_404(applications.select_related("race__event", "listing", "connection"), pk=pk)
    may_see = request.membership.may_see_sensitive(timezone.now())
    answers, hidden = parted(application)
    if may_see and holds_sensitive(application):
        log_look(request, application)
    key = (application.connection_id, application.external_id)
    query = opened_from(request, "applications", address_of("applications", request.organisation))
    context = {
        "application": application,
        "answers": answers + hidden if may_see else answers,
        "holds_sensitive": holds_sensitive(application),
        "may_see_sensitive": may_see,
        "entry_id": became(request.organisation, [key]).get(key),
        "neighbours": neighbours(select_applications(request.organisation, query), pk, query),
    }
    return render_page(request, "participants/application_detail.html", context, fragment="application")


def log_look(request: TenantRequest, application: Application) -> None:
    """Every look at medical or emergency data leaves a line."""
    audit.record(
        organisation=request.organisation,
        actor=request.user,
        action="application.sensitive_seen",
        subject=str(application),
    )
