"""Changing an event or a race where it is sold: a form, one call, and its outcome in a sentence."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from organiser_portal.connections.operations import NotDone
from organiser_portal.core.keyset import row_id
from organiser_portal.core.rendering import render_page
from organiser_portal.events.changes import Change, NoSuchChange, change_of, perform
from organiser_portal.events.forms import ChangeForm
from organiser_portal.events.models import EventListing, Listing
from organiser_portal.organisations.access import TenantRequest, organisation_role, see_other
from organiser_portal.organisations.roles import Role
from providers.operations import Done


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@organisation_role(Role.MANAGER)
def event_change(request: TenantRequest, listed_id: int, verb: str) -> HttpResponse:
    """``?race=`` names one of the event's listings, for what is done to a race."""
    change = _change(request, listed_id, verb)
    form = ChangeForm(request.POST if request.method == "POST" else None, operation=change.operation)
    if form.is_valid():
        try:
            done = perform(change, form.values(), actor=request.user, now=timezone.now())
        except NotDone as refused:
            form.object_to(refused.field_errors, str(refused))
        else:
            return _done(request, change, done)
    context = {"change": change, "operation": change.operation, "form": form}
    return render_page(request, "events/change.html", context, status=422 if form.is_bound else 200)


def _change(request: TenantRequest, listed_id: int, verb: str) -> Change:
    ours = EventListing.objects.filter(organisation=request.organisation, gone_at=None, stub=False)
    listed = get_object_or_404(ours.select_related("event", "connection"), pk=listed_id)
    named = request.GET.get("race", "")
    race = get_object_or_404(listed.listings.filter(gone_at=None), pk=row_id(named)) if named else None
    try:
        return change_of(listed, verb, race)
    except NoSuchChange:
        raise Http404 from None


def _done(request: TenantRequest, change: Change, done: Done) -> HttpResponse:
    facts = " ".join(f"{name}: {value}." for name, value in done.facts)
    messages.success(request, f"{change.operation.label}: done. {facts}".strip())
    race = change.race
    if race and Listing.objects.filter(pk=race.pk, gone_at=None).exists():
        return see_other(request, "events:race-detail", pk=race.race_id)
    return see_other(request, "events:event-detail", pk=change.listed.event_id)
