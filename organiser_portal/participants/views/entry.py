"""One entry: the page, the fragment that follows its change, and the small things settled on the page itself."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from organiser_portal.core.keyset import row_id
from organiser_portal.core.neighbours import neighbours, opened_from
from organiser_portal.core.rendering import render_page
from organiser_portal.organisations import audit
from organiser_portal.organisations.access import TenantRequest, organisation_role, see_other
from organiser_portal.organisations.roles import Role
from organiser_portal.participants import fields
from organiser_portal.participants.models import Entry
from organiser_portal.participants.picture import picture_of
from organiser_portal.participants.selection import select_entries
from organiser_portal.participants.sensitive import holds_sensitive
from organiser_portal.participants.services import (
    EntryError,
    EntryValues,
    NothingToUndo,
    edit_entry,
    take_theirs,
    undo_edit,
)
from organiser_portal.participants.services.outbox import current_change
from organiser_portal.participants.standing import stand
from organiser_portal.saved_views.listings import address_of
from providers.records import SENSITIVE_FIELDS


@require_safe
@organisation_role(Role.VIEWER)
def entry_detail(request: TenantRequest, pk: int) -> HttpResponse:
    entry, now = find_entry(request, pk), timezone.now()
    query = opened_from(request, "entries", address_of("entries", request.organisation))
    sees = request.membership.may_see_sensitive(now)
    if sees and holds_sensitive(entry):
        log_look(request, entry)
    context = {
        "entry": entry,
        "picture": picture_of(entry, sees_sensitive=sees, now=now),
        "neighbours": neighbours(select_entries(request.organisation, query), entry.pk, query),
    }
    return render_page(request, "participants/entry_detail.html", context, fragment="entry")


@require_safe
@organisation_role(Role.VIEWER)
def entry_push_state(request: TenantRequest, pk: int) -> HttpResponse:
    entry = find_entry(request, pk)
    context = {"entry": entry, "stand": stand(entry, current_change(entry), timezone.now())}
    return render_page(request, "participants/entry_push_state.html", context, fragment="entry-stands")


@require_POST
@organisation_role(Role.EDITOR)
def entry_settle(request: TenantRequest, pk: int) -> HttpResponseBase:
    """Back to the provider's value where ours stands over it."""
    entry, now = find_entry(request, pk), timezone.now()
    name = request.POST.get("field", "")
    hidden = name in SENSITIVE_FIELDS and not request.membership.may_see_sensitive(now)
    if name not in fields.PERSON or hidden:
        raise Http404
    take_theirs(entry=entry, name=name, by=request.user, now=now)
    messages.success(request, f"{fields.label(name)}: theirs again.")
    return to_entry(request, entry)


@require_POST
@organisation_role(Role.EDITOR)
def entry_undo(request: TenantRequest, pk: int) -> HttpResponseBase:
    """One edit by staff goes back, from its line of the history."""
    entry, now = find_entry(request, pk), timezone.now()
    revision = entry.revisions.filter(pk=row_id(request.POST.get("revision")) or 0, source="staff").first()
    try:
        if revision is None:
            raise NothingToUndo
        undone = undo_edit(revision=revision, by=request.user, now=now)
    except EntryError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Undone: {undone.words}. {undone.stays}".strip())
    return to_entry(request, entry)


@require_POST
@organisation_role(Role.EDITOR)
def entry_notes(request: TenantRequest, pk: int) -> HttpResponseBase:
    entry = find_entry(request, pk)
    values = EntryValues(own={"notes": request.POST.get("notes", "").strip()})
    try:
        edit_entry(entry=entry, values=values, by=request.user, now=timezone.now())
    except EntryError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Notes saved.")
    return to_entry(request, entry)


def find_entry(request: TenantRequest, pk: int) -> Entry:
    """The tenant's own, or 404."""
    rows = Entry.objects.of(request.organisation).select_related(
        "race__event", "listing", "connection", "ticket_type", "created_by", "organisation"
    )
    return get_object_or_404(rows, pk=pk)


def to_entry(request: TenantRequest, entry: Entry) -> HttpResponseBase:
    """Back to the page of the entry, and to its place in the list, as one goes on after a POST."""
    back = see_other(request, "participants:entry-detail", pk=entry.pk)
    if request.GET:
        back["Location"] += f"?{request.GET.urlencode()}"  # still in the list it was opened from
    return back


def log_look(request: TenantRequest, entry: Entry) -> None:
    """Every look at medical or emergency data leaves a line."""
    audit.record(
        organisation=request.organisation, actor=request.user, action="entry.sensitive_seen", subject=str(entry)
    )
