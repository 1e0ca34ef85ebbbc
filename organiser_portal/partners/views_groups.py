"""Places that stand on no partner's page: held by the organiser, or for a partner nobody has told us of yet."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from organiser_portal.core.keyset import Order, page
from organiser_portal.core.rendering import render_page
from organiser_portal.core.tables import PAGE_SIZE
from organiser_portal.organisations.access import TenantRequest, organisation_role
from organiser_portal.organisations.roles import Role
from organiser_portal.partners import jobs
from organiser_portal.partners.models import ReservedGroup


@require_safe
@organisation_role(Role.VIEWER)
def group_list(request: TenantRequest) -> HttpResponse:
    everything = ReservedGroup.objects.of(request.organisation).listed().filter(partner=None)
    shown = page(
        everything,
        Order("name"),
        size=PAGE_SIZE,
        after=whole(request.GET.get("after", "")),
        before=whole(request.GET.get("before", "")),
        shape=lambda rows: rows.select_related("connection", "event_listing"),
    )
    can = {group.connection_id: jobs.offered(group.connection, jobs.OF_GROUP) for group in shown.rows}
    context = {
        "page": shown,
        "lines": [(group, can[group.connection_id]) for group in shown.rows],
        "may_write": request.membership.has_role(Role.MANAGER),
    }
    return render_page(request, "partners/group_list.html", context, fragment="group-table")


def whole(text: str) -> int | None:
    """A key as an address holds it."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
