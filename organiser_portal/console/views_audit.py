"""Who did what, newest first."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from organiser_portal.core.address import settle, tidy
from organiser_portal.core.rendering import render_page
from organiser_portal.organisations import trail
from organiser_portal.organisations.access import TenantRequest, organisation_role
from organiser_portal.organisations.roles import Role
from organiser_portal.organisations.selection import select_audit


@require_safe
@organisation_role(Role.MANAGER)
def audit_list(request: TenantRequest) -> HttpResponse:
    selection = select_audit(request.organisation, tidy(request))
    address = settle(request, selection.view)
    page = selection.page(lambda chosen: chosen.select_related("actor"))
    context = {**selection.context(), "page": page, "lines": [trail.line(record) for record in page.rows]}
    return render_page(request, "console/audit_list.html", context, fragment="audit-table", address=address)
