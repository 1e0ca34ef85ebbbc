"""Changes on their way to a provider: their list, the page of one, and what staff do about it."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from organiser_portal.connections.models import OutboundChange
from organiser_portal.core.address import settle, tidy
from organiser_portal.core.neighbours import neighbours, opened_from
from organiser_portal.core.rendering import render_page
from organiser_portal.organisations.access import TenantRequest, organisation_role, see_other
from organiser_portal.organisations.roles import Role
from organiser_portal.participants.models import Entry
from organiser_portal.participants.services import EntryError, discard_add, discard_edit
from organiser_portal.participants.services.undoing import undo
from organiser_portal.participants.standing import stand
from organiser_portal.saved_views.listings import address_of
from organiser_portal.sync import asking, outbox, outgoing
from organiser_portal.sync.quiet import asked_to_wait, soonest
from organiser_portal.sync.selection import select_changes
from providers.port import Action


@require_safe
@organisation_role(Role.VIEWER)
def outbound_list(request: TenantRequest) -> HttpResponse:
    selection = select_changes(request.organisation, tidy(request))
    address = settle(request, selection.view)
    page = selection.page(lambda few: few.select_related("connection", "created_by"))
    lines = outgoing.lines(page.rows)
    context = {
        **selection.context(),
        "page": page,
        "lines": lines,
        "tabs": outgoing.TABS,
        "moving": outgoing.count_under_way(lines),
        "queues": outgoing.queues(request.organisation, now=timezone.now()),
    }
    return render_page(request, "sync/outbound_list.html", context, fragment="change-table", address=address)


@require_safe
@organisation_role(Role.VIEWER)
def outbound_detail(request: TenantRequest, pk: int) -> HttpResponse:
    change = _change(request, pk)
    [line] = outgoing.lines([change])
    query = opened_from(request, "changes", address_of("changes", request.organisation))
    context = {
        "line": line,
        "stand": stand(line.entry, change, timezone.now()) if line.entry else None,
        "told": outgoing.told(change),
        "objections": outgoing.objections(change),
        "neighbours": neighbours(select_changes(request.organisation, query), pk, query),
    }
    return render_page(request, "sync/outbound_detail.html", context, fragment="change")


@require_POST
@organisation_role(Role.EDITOR)
def outbound_retry(request: TenantRequest, pk: int) -> HttpResponse:
    change, now = _change(request, pk), timezone.now()
    if outbox.try_again(change, due=soonest(change.connection, now=now)):
        asking.push_now(change.connection)
        if held := outgoing.held_up(change.connection):
            messages.info(request, held)
        elif wait := asked_to_wait(change.connection, now=now):
            messages.info(request, f"{wait} This change is tried then.")
        elif change.leased_until and change.leased_until > now:
            messages.info(request, f"{change.message} This change is tried within half a minute.")
    else:
        messages.info(request, "This change is on its way already, or over.")
    return _back(request, change)


@require_POST
@organisation_role(Role.EDITOR)
def outbound_discard(request: TenantRequest, pk: int) -> HttpResponse:
    change = _change(request, pk)
    entry = get_object_or_404(Entry.objects.of(request.organisation), pk=change.entry_id)
    try:
        if change.action == Action.ADD_ENTRY:
            discard_add(entry=entry, by=request.user, now=timezone.now())
        else:
            discard_edit(entry=entry, by=request.user, now=timezone.now(), change=change)
        messages.success(request, "Discarded. The entry's history keeps what was wanted.")
    except EntryError as error:
        messages.warning(request, str(error) or "There is nothing left to discard.")
    return _back(request, change)


@require_POST
@organisation_role(Role.EDITOR)
def outbound_undo(request: TenantRequest, pk: int) -> HttpResponse:
    change = _change(request, pk)
    entry = get_object_or_404(Entry.objects.of(request.organisation), pk=change.entry_id)
    try:
        undo(entry=entry, change=change, by=request.user, now=timezone.now())
        messages.success(request, "Undone. Nothing was sent, and the entry's history says so.")
    except EntryError as error:
        messages.warning(request, str(error))
    return _back(request, change)


def _back(request: TenantRequest, change: OutboundChange) -> HttpResponseRedirect:
    """Where it was pressed: the entry (``?entry``), the change (``?change``), or the list, as it was (``?back``)."""
    if "entry" in request.GET:
        return see_other(request, "participants:entry-detail", pk=change.entry_id)
    if "change" in request.GET:
        answer = see_other(request, "sync:outbound-detail", pk=change.pk)
    else:
        answer = see_other(request, "sync:outbound-list")
    if back := QueryDict(request.GET.get("back", "")):
        answer["Location"] += f"?{back.urlencode(safe=',')}"
    return answer


def _change(request: TenantRequest, pk: int) -> OutboundChange:
    changes = OutboundChange.objects.of(request.organisation).select_related("connection", "created_by")
    return get_object_or_404(changes, pk=pk)
