"""The first page, and what is open from every page."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from organiser_portal.console.attention import attention
from organiser_portal.console.filling import filling, finding
from organiser_portal.console.find import find
from organiser_portal.console.headline import headline
from organiser_portal.console.inbox import on_their_way, todos
from organiser_portal.console.sales import sales
from organiser_portal.console.season import season
from organiser_portal.console.view_counts import counts_of_views
from organiser_portal.core.rendering import render_page
from organiser_portal.organisations.access import TenantRequest, organisation_role
from organiser_portal.organisations.roles import Role


@require_safe
@organisation_role(Role.VIEWER)
def home(request: TenantRequest) -> HttpResponse:
    """What needs a person, how fresh everything is, what fills up, what sold lately; ``?sold=season``: and so far."""
    now = timezone.now()
    lines = todos(request.organisation, now)
    rows = filling(request.organisation, now)
    of_season = request.GET.get("sold") == "season"
    context = {
        "now": now,
        "todos": lines,
        "on_their_way": on_their_way(request.organisation, now),
        "filling": rows,
        "filling_finding": finding(rows),
        "sales": None if of_season else sales(request.organisation, now),
        "season": season(request.organisation, now) if of_season else None,
        "of_season": of_season,
        "headline": headline(request.organisation, sum(line.count for line in lines), now),
        "connected": request.organisation.connections.exists(),
    }
    return render_page(request, "console/home.html", context, fragment="sales" if "sold" in request.GET else "inbox")


@require_safe
@organisation_role(Role.VIEWER)
def counts(request: TenantRequest) -> HttpResponse:
    """What waits, for the navigation of every page: a fragment alone."""
    return render(request, "console/counts.html", {"counts": attention(request.organisation, timezone.now())})


@require_safe
@organisation_role(Role.VIEWER)
def view_counts(request: TenantRequest, listing: str) -> HttpResponse:
    """How many rows each saved view of a list holds, for the tabs above it: a fragment alone."""
    try:
        counts = counts_of_views(request.membership, listing, timezone.now())
    except LookupError:
        raise Http404 from None
    return render(request, "console/view_counts.html", {"counts": counts})


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
