"""The first page, and what is open from every page."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from organiser_portal.console.filling import filling, finding
from organiser_portal.console.find import find
from organiser_portal.console.headline import headline
from organiser_portal.console.inbox import on_their_way, todos
from organiser_portal.console.sales import sales
from organiser_portal.core.rendering import render_page
from organiser_portal.organisations.access import TenantRequest, organisation_role
from organiser_portal.organisations.roles import Role


@require_safe
@organisation_role(Role.VIEWER)
def home(request: TenantRequest) -> HttpResponse:
    """What needs a person, how fresh everything is, what fills up, what sold lately."""
    now = timezone.now()
    lines = todos(request.organisation, now)
    rows = filling(request.organisation, now)
    context = {
        "now": now,
        "todos": lines,
        "on_their_way": on_their_way(request.organisation, now),
        "filling": rows,
        "filling_finding": finding(rows),
        "sales": sales(request.organisation, now),
        "headline": headline(request.organisation, sum(line.count for line in lines), now),
        "connected": request.organisation.connections.exists(),
    }
    return render_page(request, "console/home.html", context, fragment="inbox")


@require_safe
@organisation_role(Role.VIEWER)
def search(request: TenantRequest) -> HttpResponse:
    """Anything, from anywhere: a page of its own, and what fills the palette."""
    text = request.GET.get("q", "")
    context = {"text": text.strip(), "found": find(request.membership, text)}
    return render_page(request, "console/search.html", context, fragment="found")


@require_safe
@organisation_role(Role.VIEWER)
def keys(request: TenantRequest) -> HttpResponse:
    """What the keyboard does, and how close the rows of lists stand."""
    return render_page(request, "console/keys.html")
