"""Who did what, newest first."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from organiser_portal.core import keyset
from organiser_portal.core.address import tidy
from organiser_portal.core.rendering import render_page
from organiser_portal.organisations import trail
from organiser_portal.organisations.access import TenantRequest, organisation_role
from organiser_portal.organisations.forms import AuditFilterForm
from organiser_portal.organisations.roles import Role
from organiser_portal.organisations.views import members_of

NEWEST_FIRST = keyset.Order("id", descending=True)
PAGE = 50


@require_safe
@organisation_role(Role.MANAGER)
def audit_list(request: TenantRequest) -> HttpResponse:
    asked = tidy(request)
    members = members_of(request)
    form = AuditFilterForm(asked, about=trail.choices(), members=members)
    form.is_valid()
    about, who = (form.cleaned_data.get(name, "") for name in ("about", "who"))
    page = keyset.page(
        trail.selected(request.organisation, about=about, who=who, members=members),
        NEWEST_FIRST,
        size=PAGE,
        after=keyset.row_id(asked.get("after")),
        before=keyset.row_id(asked.get("before")),
        shape=lambda chosen: chosen.select_related("actor"),
    )
    lines = [trail.line(record) for record in page.rows]
    context = {"form": form, "page": page, "lines": lines, "narrowed": bool(about or who)}
    return render_page(request, "organisations/audit_list.html", context, fragment="audit-table")
