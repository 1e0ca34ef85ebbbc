"""Everyone, over all platforms, in one table."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from organiser_portal.connections.models import Connection
from organiser_portal.core.address import settle, tidy
from organiser_portal.core.columns import Row
from organiser_portal.core.keyset import KeysetPage
from organiser_portal.core.neighbours import asked, asked_of
from organiser_portal.core.rendering import render_page
from organiser_portal.organisations import audit
from organiser_portal.organisations.access import TenantRequest, organisation_role
from organiser_portal.organisations.roles import Role
from organiser_portal.participants.bulk.actions import ACTIONS, MOST_CHOSEN
from organiser_portal.participants.selection import Selection, select_entries
from organiser_portal.participants.waiting import waiting

MENUS = {"filters": "entry-filter-fields", "columns": "entry-column-fields"}
"""``?menu=filters``: with all that one may filter by. They take as long as the list, so they come when asked for."""


@require_safe
@organisation_role(Role.VIEWER)
def entry_list(request: TenantRequest) -> HttpResponse:
    sensitive = request.membership.may_see_sensitive(timezone.now())
    query = tidy(request)
    menu = "".join(query.pop("menu", [])[-1:])
    selection = select_entries(request.organisation, query, sensitive=sensitive)
    address = settle(request, selection.view)
    if menu in MENUS and request.htmx:
        context = {"selection": selection, "menu": menu}
        return render_page(request, "participants/entry_list.html", context, fragment=MENUS[menu])
    page = selection.page()
    if selection.view.shows_sensitive:
        log_look(request, selection, len(page.rows))
    context = {"selection": selection, "menu": menu, "page": page, **around(request, selection, page)}
    if not request.htmx:
        context["waiting"] = waiting(request.organisation)
    return render_page(request, "participants/entry_list.html", context, fragment="entry-table", address=address)


def around(request: TenantRequest, selection: Selection, page: KeysetPage[Row]) -> dict[str, object]:
    """What the page says beside its rows."""
    return {
        "held": held(request, selection),
        "asked": asked(request.GET),
        "asked_pairs": [(name, value) for name, values in asked_of(request.GET).lists() for value in values],
        "bulk_actions": ACTIONS.values(),
        "most_chosen": MOST_CHOSEN,
        "lines": selection.view.lines(page.rows),
        "connected": bool(page.rows) or Connection.objects.of(request.organisation).exists(),
    }


def held(request: TenantRequest, selection: Selection) -> list[tuple[str, str]]:
    """The filters at work, as the form sends them on while its menu has not been asked for."""
    names = {*selection.filter.filters} - {"q"}
    return [(name, value) for name, values in request.GET.lists() if name in names for value in values]


def log_look(request: TenantRequest, selection: Selection, rows: int) -> None:
    """Every look at medical or emergency data leaves a line."""
    audit.record(
        organisation=request.organisation,
        actor=request.user,
        action="entries.sensitive_seen",
        columns=[column.key for column in selection.view.chosen if column.sensitive],
        filters=selection.names(),
        rows=rows,
    )
