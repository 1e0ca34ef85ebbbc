"""Conflicts settled in one go: looked over first, and undone as far as it goes."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organiser_portal.core.keyset import row_id
from organiser_portal.core.rendering import render_page
from organiser_portal.organisations.access import TenantRequest, organisation_role, see_other
from organiser_portal.organisations.roles import Role
from organiser_portal.participants import conflict_list, services
from organiser_portal.participants.conflict_list import Asked, asked_of
from organiser_portal.participants.models import Settlement
from organiser_portal.participants.services.settling_many import MOST
from organiser_portal.participants.views.conflicts import log_looks

EXAMPLES = 5


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_role(Role.MANAGER)
def conflict_settle(request: TenantRequest) -> HttpResponseBase:
    """What the filters in the address find, all the same way. Nothing happens before it was looked over."""
    sees = request.membership.may_see_sensitive(timezone.now())
    asked = asked_of(request.organisation, request.GET, sees_sensitive=sees)
    choice = request.GET.get("choice", "")
    if choice not in Settlement.Choice.values or not asked.filter.is_valid():
        return see_other(request, "participants:conflict-list")
    if request.method == "POST" and (settlement := settle(request, asked, Settlement.Choice(choice))):
        return see_other(request, "participants:settlement-detail", pk=settlement.pk)
    return look_over(request, asked, Settlement.Choice(choice))


def settle(request: TenantRequest, asked: Asked, choice: Settlement.Choice) -> Settlement | None:
    """None when the number has changed since it was shown, which is then said."""
    expected = row_id(request.POST.get("expected"))
    try:
        return services.settle_many(
            organisation=request.organisation,
            conflicts=asked.settled_together(),
            choice=choice,
            asked=asked.in_words(),
            expected=-1 if expected is None else expected,
            by=request.user,
            now=timezone.now(),
        )
    except services.Recounted as error:
        messages.warning(request, str(error))
        return None


def look_over(request: TenantRequest, asked: Asked, choice: Settlement.Choice) -> HttpResponse:
    chosen = asked.settled_together()
    number = chosen.order_by().count()
    examples = list(conflict_list.with_entries(chosen.order_by("id"))[:EXAMPLES])
    lines = conflict_list.lines(examples, sees_sensitive=asked.sees_sensitive)
    log_looks(request, lines)
    context = {
        "asked": asked,
        "choice": choice,
        "number": number,
        "left_out": asked.found().order_by().count() - number,
        "goes": min(number, MOST),
        "lines": lines,
    }
    status = 422 if request.method == "POST" else 200
    return render_page(request, "participants/conflict_settle.html", context, status=status)


@require_safe
@organisation_role(Role.VIEWER)
def settlement_detail(request: TenantRequest, pk: int) -> HttpResponse:
    settlement = find(request, pk)
    context = {"settlement": settlement, "asked": conflict_list.recorded(request.organisation, settlement.asked)}
    return render_page(request, "participants/settlement_detail.html", context)


@require_POST
@organisation_role(Role.MANAGER)
def settlement_undo(request: TenantRequest, pk: int) -> HttpResponseBase:
    settlement = services.undo_many(settlement=find(request, pk), by=request.user, now=timezone.now())
    left = settlement.number - settlement.undone
    rest = f" {left:,} stay as they are: changed since, or sent already." if left else ""
    messages.success(request, f"{settlement.undone:,} opened again.{rest}")
    return see_other(request, "participants:settlement-detail", pk=settlement.pk)


def find(request: TenantRequest, pk: int) -> Settlement:
    """The tenant's own, or 404."""
    rows = Settlement.objects.filter(organisation=request.organisation).select_related("by", "organisation")
    return get_object_or_404(rows, pk=pk)
