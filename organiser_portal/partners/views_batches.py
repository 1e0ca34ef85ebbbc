"""One press for several partners: who gets what is listed first, and what came of each afterwards."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from organiser_portal.core.address import tidy
from organiser_portal.organisations.access import TenantRequest, organisation_role
from organiser_portal.organisations.roles import Role
from organiser_portal.partners import batches
from organiser_portal.partners.batches import Release, Reminder
from organiser_portal.partners.selection import select_partners


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@organisation_role(Role.MANAGER)
def remind(request: TenantRequest) -> HttpResponse:
    """A claim link to each of the listed partners that has places left."""
    chosen = select_partners(request.organisation, tidy(request))
    lines = batches.reminders(chosen.found, now=timezone.now(), event=chosen.event)
    return _batch(request, "partners/remind.html", lines, {"event": chosen.event})


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@organisation_role(Role.MANAGER)
def release(request: TenantRequest) -> HttpResponse:
    """Groups cut down to the places that are used, at events that are near."""
    return _batch(request, "partners/release.html", batches.releases(request.organisation, now=timezone.now()), {})


def _batch(
    request: TenantRequest, template: str, lines: Sequence[Reminder | Release], more: dict[str, Any]
) -> HttpResponse:
    context = {"lines": lines, "most": batches.MOST, **more}
    if request.method == "POST":
        ticked = request.POST.getlist("line")
        context["outcomes"] = batches.carry_out(lines, ticked, actor=request.user, now=timezone.now())
        context["left_over"] = max(0, len(ticked) - batches.MOST)
    return render(request, template, context)
