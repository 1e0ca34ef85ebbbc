"""``{% load saved_views %}``: the tabs above a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.template import Context

from organiser_portal.core.keyset import Count
from organiser_portal.organisations.models import Membership
from organiser_portal.saved_views.counts import known
from organiser_portal.saved_views.forms import SavedViewForm
from organiser_portal.saved_views.listings import address_of
from organiser_portal.saved_views.models import SavedView
from organiser_portal.saved_views.query import VIEW, kept
from organiser_portal.saved_views.services import may_change

register = template.Library()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    view: SavedView
    current: bool
    count: Count | None


@register.inclusion_tag("saved_views/tabs.html", takes_context=True)
def view_tabs(context: Context, listing: str, everything: str, *, oob: bool = False) -> dict[str, Any]:
    """The views of this list, what one may do with the open one, and a form to keep what is shown now.

    ``everything``: what the list is called with no question asked. ``oob``: in an HTMX answer, beside the list.
    """
    request, membership = context["request"], context["membership"]
    views = list(SavedView.objects.for_member(membership).filter(listing=listing))
    query = kept(request.GET)
    current, counts = _current(views, query, request.GET.get(VIEW, "")), known(views)
    return {
        "request": request,
        "organisation": membership.organisation,
        "listing": listing,
        "listing_url": address_of(listing, membership.organisation),
        "everything": everything,
        "everyone_shown": current is None and not query,
        "tabs": [Tab(view=view, current=view is current, count=counts.get(view.pk)) for view in views],
        "to_count": len(counts) < len(views),
        "current": current,
        "changed": current is not None and current.query != query,
        "may_change": current is not None and may_change(current, membership),
        "query": query,
        "form": _form(query, membership, listing) if query or current else None,
        "oob": oob,
    }


def _form(query: str, membership: Membership, listing: str) -> SavedViewForm:
    return SavedViewForm(initial={"query": query}, membership=membership, listing=listing, auto_id="keep-%s")


def _current(views: Sequence[SavedView], query: str, asked: str) -> SavedView | None:
    """The one that was opened, however its list has been changed since, else one that asks just this."""
    opened = next((view for view in views if str(view.pk) == asked), None)
    return opened or next((view for view in views if view.query == query and query), None)
