"""Letting people in from here: serials in, and for each what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from organiser_portal.admissions import gates
from organiser_portal.admissions.forms import RedeemForm
from organiser_portal.admissions.gates import NoSuchOperation
from organiser_portal.admissions.models import Admission, GateAction
from organiser_portal.admissions.services import ADMITTED, Wish, perform
from organiser_portal.admissions.views import find_gate
from organiser_portal.connections.operations import NotDone
from organiser_portal.core.rendering import render_page
from organiser_portal.events.models import EventListing
from organiser_portal.organisations.access import TenantRequest, organisation_role
from organiser_portal.organisations.roles import Role
from providers.operations import Operation, Verb

KEPT = "gate"  # in the session: who lets in, and on what, so that it is typed once


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One ticket. ``admission``: how it came in, as far as we know. ``why`` it was not accepted, "" if it was."""

    serial: str
    admission: Admission | None
    why: str


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@organisation_role(Role.EDITOR)
def redeem(request: TenantRequest, gate_id: int) -> HttpResponse:
    gate = find_gate(request, gate_id)
    operation = _operation(gate)
    form = RedeemForm(
        request.POST if request.method == "POST" else None, operation=operation, initial=request.session.get(KEPT)
    )
    if form.is_valid():
        wish = Wish(verb=Verb.REDEEM, gate=gate, values=form.values())
        try:
            done = perform(wish, actor=request.user, now=timezone.now())
        except NotDone as refused:
            form.object_to(refused.field_errors, str(refused))
        else:
            return _told(request, gate, form, done)
    action = None if form.is_bound else _action(request, gate)
    context = {"gate": gate, "operation": operation, "form": form, "action": action, "results": _results(action)}
    return render_page(request, "admissions/redeem.html", context, status=422 if form.is_bound else 200)


def _told(request: TenantRequest, gate: EventListing, form: RedeemForm, action: GateAction) -> HttpResponseRedirect:
    """To a page that tells of it as often as it is loaded, and sends nothing again."""
    request.session[KEPT] = {name: str(value) for name, value in form.cleaned_data.items() if name != "serials"}
    page = reverse("admissions:redeem", args=[request.organisation.slug, gate.pk])
    return HttpResponseRedirect(f"{page}?done={action.pk}", status=303)


def _action(request: TenantRequest, gate: EventListing) -> GateAction | None:
    named = request.GET.get("done", "")
    if not (named.isascii() and named.isdigit() and len(named) < 19):
        return None
    mine = GateAction.objects.of(request.organisation).filter(event_listing=gate, verb=Verb.REDEEM.value)
    return mine.select_related("actor").filter(pk=int(named)).first()


def _results(action: GateAction | None) -> Sequence[Result]:
    """Those not accepted first: somebody stands there and waits."""
    if action is None:
        return []
    serials = [serial for serial, _ in action.results]
    held = Admission.objects.listed().filter(connection=action.connection_id, ticket__in=serials)
    known = {each.ticket: each for each in held.select_related("listing", "event_listing")}
    told = [
        Result(serial=serial, admission=known.get(serial), why="" if result == ADMITTED else result)
        for serial, result in action.results
    ]
    return sorted(told, key=lambda result: not result.why)


def _operation(gate: EventListing) -> Operation:
    try:
        return gates.operation_at(gate.connection, Verb.REDEEM)
    except NoSuchOperation:
        raise Http404 from None
