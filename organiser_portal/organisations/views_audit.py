"""Who did what, newest first."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from organiser_portal.core.address import settle, tidy
from organiser_portal.core.rendering import render_page
from organiser_portal.core.selection import Selection
from organiser_portal.organisations import trail
from organiser_portal.organisations.access import TenantRequest, organisation_role
from organiser_portal.organisations.filters import AuditFilter
from organiser_portal.organisations.models import AuditRecord
from organiser_portal.organisations.roles import Role
from organiser_portal.organisations.tables import AUDIT
from organiser_portal.organisations.views import members_of


@require_safe
@organisation_role(Role.MANAGER)
def audit_list(request: TenantRequest) -> HttpResponse:
    records = AuditRecord.objects.filter(organisation=request.organisation)
    asked = AuditFilter(tidy(request), records, members=list(members_of(request)))
    selection = Selection(filter=asked, view=AUDIT.read(request.GET), everything=records, found=asked.found())
    address = settle(request, selection.view)
    page = selection.page(lambda chosen: chosen.select_related("actor"))
    context = {**selection.context(), "page": page, "lines": [trail.line(record) for record in page.rows]}
    return render_page(request, "organisations/audit_list.html", context, fragment="audit-table", address=address)
