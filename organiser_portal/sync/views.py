"""Freshness, live progress, the history of runs, the queue of changes."""

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from organiser_portal.connections.models import Connection
from organiser_portal.core.address import settle, tidy
from organiser_portal.core.neighbours import neighbours, opened_from
from organiser_portal.core.rendering import render_page
from organiser_portal.organisations.access import TenantRequest, organisation_role, see_other
from organiser_portal.organisations.roles import Role
from organiser_portal.saved_views.listings import address_of
from organiser_portal.sync import asking, history, stopping
from organiser_portal.sync.asking import NotAtWork
from organiser_portal.sync.doubt import is_in_doubt
from organiser_portal.sync.freshness import freshness as freshness_of
from organiser_portal.sync.freshness import poll_seconds
from organiser_portal.sync.line import line
from organiser_portal.sync.models import SyncRun
from organiser_portal.sync.progress import progress as progress_of
from organiser_portal.sync.selection import select_runs

PAGE = 50
A_FEW = 10
VIEWS_OF_FRESHNESS = {"strip": "freshness-strip", "line": "freshness-line"}


@require_safe
@organisation_role(Role.VIEWER)
def freshness(request: TenantRequest) -> HttpResponse:
    """Chips for the top bar; ``?strip=1`` and ``?line=entries`` say how much we see, with ``age=1`` they do not."""
    fragment = next((name for word, name in VIEWS_OF_FRESHNESS.items() if word in request.GET), "freshness")
    now = timezone.now()
    only_age, listing = "age" in request.GET, request.GET.get("line", "")
    wide = not only_age and (fragment != "freshness" or not request.htmx)
    rows = freshness_of(request.organisation, now=now, with_coverage=wide)
    context = {"rows": rows, "poll": poll_seconds(rows), "now": now, "only_age": only_age}
    context |= {"listing": listing, "line": line(rows, listing, now)}
    return render_page(request, "sync/freshness.html", context, fragment=fragment)


@require_safe
@organisation_role(Role.VIEWER)
def progress(request: TenantRequest, pk: int) -> HttpResponse:
    return _progress(request, _connection(request, pk))


@require_POST
@organisation_role(Role.EDITOR)
def sync_now(request: TenantRequest, pk: int) -> HttpResponse:
    connection = _connection(request, pk)
    sentence = ""
    try:
        asking.sync_now(connection, now=timezone.now(), resource=request.POST.get("resource", ""))
    except NotAtWork as error:
        sentence = str(error)
    if request.htmx:
        return _progress(request, connection, sentence)
    if sentence:
        messages.warning(request, sentence)
    return see_other(request, "sync:progress", pk=pk)


@require_POST
@organisation_role(Role.EDITOR)
def sync_stop(request: TenantRequest, pk: int) -> HttpResponse:
    connection = _connection(request, pk)
    stopping.stop_sync(connection, by=request.user, now=timezone.now())
    return _progress(request, connection) if request.htmx else see_other(request, "sync:progress", pk=pk)


@require_POST
@organisation_role(Role.EDITOR)
def push_now(request: TenantRequest, pk: int) -> HttpResponse:
    asking.push_now(_connection(request, pk))
    if request.htmx:
        return HttpResponse(status=204)
    return see_other(request, "sync:outbound-list")


@require_safe
@organisation_role(Role.VIEWER)
def run_list(request: TenantRequest) -> HttpResponse:
    # Elsewhere, such as on the page of a connection, a few rows do, without the filters.
    own = not request.htmx or request.htmx.target == "run-table"
    selection = select_runs(request.organisation, tidy(request))
    address = settle(request, selection.view)
    page = selection.page(with_connection, size=PAGE if own else A_FEW)
    now = timezone.now()
    context = {
        **selection.context(),
        "page": page,
        "lines": [history.line(run, now) for run in page.rows],
        "tabs": history.TABS,
        "few": not own,
    }
    if not own:
        return render_page(request, "sync/run_list.html", context, fragment="run-rows")
    return render_page(request, "sync/run_list.html", context, fragment="run-table", address=address)


@require_safe
@organisation_role(Role.VIEWER)
def run_detail(request: TenantRequest, pk: int) -> HttpResponse:
    runs = SyncRun.objects.filter(organisation=request.organisation).select_related("connection")
    run = get_object_or_404(runs, pk=pk)
    query = opened_from(request, "runs", address_of("runs", request.organisation))
    context = {
        "line": history.line(run, timezone.now()),
        "run": run,
        "shows_detail": _is_owner(request),
        "tried_again_at": history.tried_again_at(run),
        "in_doubt": is_in_doubt(run),
        "may_accept": request.membership.has_role(Role.MANAGER),
        "neighbours": neighbours(select_runs(request.organisation, query), pk, query),
    }
    return render_page(request, "sync/run_detail.html", context, fragment="run")


def with_connection[M: Model](rows: QuerySet[M, M], *others: str) -> QuerySet[M, M]:
    return rows.select_related("connection", *others)


def _progress(request: TenantRequest, connection: Connection, sentence: str = "") -> HttpResponse:
    progress = progress_of(connection, now=timezone.now())
    ended = "watched" in request.GET and not progress.poll  # while somebody looked on
    context = {"progress": progress, "sentence": sentence, "ended": ended}
    response = render_page(request, "sync/progress.html", context, fragment="sync-progress")
    if request.htmx and (ended or request.method == "POST"):
        response["HX-Trigger"] = "sync-changed"
    return response


def _connection(request: TenantRequest, pk: int) -> Connection:
    return get_object_or_404(Connection.objects.of(request.organisation), pk=pk)


def _is_owner(request: TenantRequest) -> bool:
    return request.membership.has_role(Role.OWNER)
