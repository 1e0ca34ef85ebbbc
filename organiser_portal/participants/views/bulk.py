"""One thing done to many entries: asked, shown, begun, followed, stopped and undone."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from organiser_portal.core.address import settle, tidy
from organiser_portal.core.keyset import row_id
from organiser_portal.core.neighbours import asked, neighbours, opened_from
from organiser_portal.core.rendering import render_page
from organiser_portal.organisations.access import TenantRequest, organisation_role
from organiser_portal.organisations.download import as_file
from organiser_portal.organisations.roles import Role
from organiser_portal.participants.bulk.actions import ACTIONS, Action
from organiser_portal.participants.bulk.preview import known, preview
from organiser_portal.participants.bulk.result import BatchResult
from organiser_portal.participants.bulk.running import CountChanged, start_batch, stop_batch, undo_batch
from organiser_portal.participants.forms.bulk import BulkForm
from organiser_portal.participants.models import Batch
from organiser_portal.participants.work_lists import select_batches
from organiser_portal.saved_views.listings import address_of

SHOWN = 50
NOTHING = "Nothing would change."
EXPORT = "export"
BACK = "back"
"""``?back=q%3Drhys``: the list that somebody began at, where what was chosen in it does not say so."""


@require_safe
@organisation_role(Role.EDITOR)
def bulk_choose(request: TenantRequest) -> HttpResponseBase:
    """The list sends what is ticked, or the list itself, and what to do: on to the page that asks for the value."""
    query, begun_at = _picked(request.GET), asked(_plain(request.GET))
    action = request.GET.get("action", "")
    if query is None:
        messages.error(request, "No entry is chosen. Tick some, or choose all that match.")
        return HttpResponseRedirect(_address(request, "participants:entry-list", begun_at))
    if action == EXPORT:
        return HttpResponseRedirect(_address(request, "participants:entry-export", query))
    wanted = query if query == begun_at else f"{query}&{urlencode({BACK: begun_at})}"
    return HttpResponseRedirect(_address(request, "participants:bulk", wanted, action=_action(action).key))


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_role(Role.EDITOR)
def bulk(request: TenantRequest, action: str) -> HttpResponseBase:
    """What would be done to whom; a POST begins it, if there are as many as were shown."""
    wanted, posted = _action(action), request.method == "POST"
    value, query, begun_at = _told(request)
    form, moved = BulkForm(request.POST if posted else None, action=wanted), False
    effect = preview(request.organisation, wanted, query, value)
    if posted and form.is_valid():
        try:
            if effect.changing:
                return _begin(request, wanted, form.value, query, begun_at)
            form.add_error(None, NOTHING)
        except CountChanged:
            moved = True
    context = {
        "action": wanted,
        "does": wanted.button if value is None else wanted.does(value),
        "form": form,
        "moved": moved,
        "value": value,
        "preview": effect,
        "known": [] if request.htmx else known(request.organisation, wanted, query),
        "list_url": _address(request, "participants:entry-list", begun_at),
    }
    return render_page(request, "participants/bulk.html", context, fragment="effect", status=422 if posted else 200)


def _told(request: TenantRequest) -> tuple[str | None, str, str]:
    """What was typed, None while nothing is; which entries are meant; and the list that this was begun at."""
    given = request.GET.copy()
    typed = [*given.pop("value", []), *request.POST.getlist("value")]
    begun_at = given.pop(BACK, [])
    query = given.urlencode(safe=",")
    return typed[-1].strip() if typed else None, query, _asking(begun_at[-1]) if begun_at else query


def _begin(request: TenantRequest, action: Action, value: str, query: str, begun_at: str) -> HttpResponseBase:
    """Raises CountChanged."""
    batch = start_batch(
        organisation=request.organisation,
        action=action,
        value=value,
        query=query,
        expected=row_id(request.POST.get("expected")) or 0,
        by=request.user,
        now=timezone.now(),
    )
    return _follow(request, batch.pk, begun_at)


@require_safe
@organisation_role(Role.EDITOR)
def batch_list(request: TenantRequest) -> HttpResponse:
    selection = select_batches(request.organisation, tidy(request))
    address = settle(request, selection.view)
    page = selection.page(lambda batches: batches.select_related("by"))
    context = {**selection.context(), "page": page, "lines": [(batch, _does(batch)) for batch in page.rows]}
    return render_page(request, "participants/batch_list.html", context, fragment="batch-table", address=address)


@require_safe
@organisation_role(Role.EDITOR)
def batch_detail(request: TenantRequest, batch_id: int) -> HttpResponse:
    batch = _batch(request, batch_id)
    items = batch.items.exclude(outcome="same").select_related("entry__race")[:SHOWN]
    back = batch.gone_back()
    query = opened_from(request, "batches", address_of("batches", request.organisation))
    context = {
        "batch": batch,
        "does": _does(batch),
        "items": list(items),
        "back": back,
        "stands": batch.changed - back,
        "neighbours": neighbours(select_batches(request.organisation, query), batch.pk, query),
        "begun_at": _address(request, "participants:entry-list", _begun_at(request)),
    }
    return render_page(request, "participants/batch_detail.html", context, fragment="batch")


@require_GET
@organisation_role(Role.EDITOR)
def batch_result(request: TenantRequest, batch_id: int) -> HttpResponseBase:
    """Every entry of it with what was done and why not, as a file."""
    batch = _batch(request, batch_id)
    return as_file(BatchResult(batch, actor=request.user), f"{request.organisation.slug}-batch-{batch.pk}.csv")


@require_POST
@organisation_role(Role.EDITOR)
def batch_stop(request: TenantRequest, batch_id: int) -> HttpResponseBase:
    stop_batch(_batch(request, batch_id), now=timezone.now())
    return _follow(request, batch_id, _begun_at(request))


@require_POST
@organisation_role(Role.EDITOR)
def batch_undo(request: TenantRequest, batch_id: int) -> HttpResponseBase:
    undo_batch(_batch(request, batch_id), by=request.user)
    return _follow(request, batch_id, _begun_at(request))


def _follow(request: TenantRequest, batch_id: int, begun_at: str) -> HttpResponseBase:
    """To how far it is; from there one goes back to the list as it was."""
    query = urlencode({BACK: begun_at}) if begun_at else ""
    return HttpResponseRedirect(_address(request, "participants:batch-detail", query, batch_id=batch_id), status=303)


def _begun_at(request: TenantRequest) -> str:
    return _asking(request.GET.get(BACK, ""))


def _asking(query: str) -> str:
    """What an address asks for, and nothing else that may stand in one."""
    return asked(QueryDict(query))


def _picked(query: QueryDict) -> str | None:
    """The address that asks for what is chosen; None when nothing is.

    Rows ticked on this page come as ``pick=1&pick=2``, those ticked on others as ``picked=3.4``.
    """
    plain = _plain(query)
    if query.get("all"):
        return asked(plain)
    ids = [pk for pk in (*query.getlist("pick"), *query.get("picked", "").split(".")) if row_id(pk)]
    return f"ids={','.join(dict.fromkeys(ids))}" if ids else None


def _plain(query: QueryDict) -> QueryDict:
    plain = query.copy()
    for name in ("pick", "picked", "all", "action", "view", "columns"):
        plain.pop(name, None)
    return plain


def _action(key: str) -> Action:
    if key not in ACTIONS:
        raise Http404
    return ACTIONS[key]


def _batch(request: TenantRequest, batch_id: int) -> Batch:
    return get_object_or_404(Batch.objects.of(request.organisation).select_related("by", "organisation"), pk=batch_id)


def _does(batch: Batch) -> str:
    """ "Set wave B"."""
    return ACTIONS[batch.action].does(batch.value) if batch.action in ACTIONS else batch.action


def _address(request: TenantRequest, name: str, query: str, **where: object) -> str:
    path = reverse(name, kwargs={"organisation": request.organisation.slug, **where})
    return f"{path}?{query}" if query else path
