"""Where both sides have changed a value: the list, and one of them to be settled."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from organiser_portal.core.address import address_of, tidy
from organiser_portal.core.keyset import row_id
from organiser_portal.core.rendering import render_page
from organiser_portal.organisations import audit
from organiser_portal.organisations.access import TenantRequest, organisation_role, see_other
from organiser_portal.organisations.roles import Role
from organiser_portal.participants import conflict_list as shown
from organiser_portal.participants import fields, rules
from organiser_portal.participants.both_sides import both_sides
from organiser_portal.participants.conflict_list import Line, asked_of
from organiser_portal.participants.conflicts import groups
from organiser_portal.participants.forms.conflict import OURS, THEIRS, ConflictForm
from organiser_portal.participants.models import Entry, Settlement
from organiser_portal.participants.modes import edit_mode
from organiser_portal.participants.services import EntryError, keep_ours, settle_typed, take_theirs
from organiser_portal.participants.services.outbox import current_change
from organiser_portal.participants.services.settling_many import MOST
from organiser_portal.participants.views.entry import find_entry, log_look
from providers.records import SENSITIVE_FIELDS

LATELY = 3  # settlements that the list names


@require_safe
@organisation_role(Role.VIEWER)
def conflict_list(request: TenantRequest) -> HttpResponse:
    query, sees = tidy(request), request.membership.may_see_sensitive(timezone.now())
    asked = asked_of(request.organisation, query, sees_sensitive=sees)
    page = asked.page(after=row_id(query.get("after")), before=row_id(query.get("before")))
    lines = shown.lines(page.rows, sees_sensitive=sees)
    log_looks(request, lines)
    context = {
        "asked": asked,
        "page": page,
        "lines": lines,
        "groups": groups(asked.settled_together()),
        "most": MOST,
        "rules": rules.in_words(request.organisation),
        "lately": Settlement.objects.filter(organisation=request.organisation).select_related("by")[:LATELY],
    }
    address = address_of(request)
    return render_page(request, "participants/conflict_list.html", context, fragment="conflict-table", address=address)


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_role(Role.EDITOR)
def entry_conflict(request: TenantRequest, pk: int, field: str) -> HttpResponseBase:
    """One conflict. ``back`` in the address: the filters of the list that one came from."""
    entry, now = find_entry(request, pk), timezone.now()
    sees = request.membership.may_see_sensitive(now)
    if field not in fields.PERSON or (field in SENSITIVE_FIELDS and not sees):
        raise Http404
    if field not in entry.conflicts:
        messages.info(request, f"{fields.label(field)} is settled already.")
        return on_from(request, entry)
    mode = edit_mode(entry, current_change(entry))
    form = ConflictForm(request.POST or None, entry=entry, name=field, mode=mode, today=now.date())
    if form.is_valid() and settled(request, form, entry, field, now):
        return on_from(request, entry)
    if field in SENSITIVE_FIELDS:
        log_look(request, entry)
    form.seen_now()
    context = {"entry": entry, "form": form, "sides": both_sides(entry, field, sees_sensitive=sees), "mode": mode}
    return render_page(request, "participants/entry_conflict.html", context, status=422 if form.is_bound else 200)


def settled(request: TenantRequest, form: ConflictForm, entry: Entry, field: str, now: datetime) -> bool:
    """Do what was chosen. False when it cannot be done, which the form then says."""
    choice = form.cleaned_data["choice"]
    try:
        if choice in (OURS, THEIRS):
            settle = keep_ours if choice == OURS else take_theirs
            settle(entry=entry, name=field, by=request.user, now=now)
        else:
            settle_typed(entry=entry, name=field, value=form.cleaned_data["value"], by=request.user, now=now)
    except EntryError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, f"{fields.label(field)} of {entry.full_name or 'this entry'}: settled.")
    return True


def on_from(request: TenantRequest, entry: Entry) -> HttpResponseBase:
    """Back to where one came from: the list as it was filtered, or the entry."""
    if "back" not in request.GET:
        return see_other(request, "participants:entry-detail", pk=entry.pk)
    response = see_other(request, "participants:conflict-list")
    response["Location"] += f"?{QueryDict(request.GET['back']).urlencode()}"
    return response


def log_looks(request: TenantRequest, lines: list[Line]) -> None:
    """Every look at medical or emergency data leaves a line."""
    columns = sorted(
        {line.sides.name for line in lines if line.sides.name in SENSITIVE_FIELDS and not line.sides.hidden}
    )
    if columns:
        audit.record(
            organisation=request.organisation,
            actor=request.user,
            action="entries.sensitive_seen",
            columns=columns,
            rows=len(lines),
        )
