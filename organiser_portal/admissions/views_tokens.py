"""Codes for stewards: issued, shown on a card, changed and withdrawn by managers."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from organiser_portal.admissions import gates
from organiser_portal.admissions.forms import TokenForm, races_of
from organiser_portal.admissions.gates import NoSuchOperation
from organiser_portal.admissions.models import GateToken
from organiser_portal.admissions.services import Wish, issue, perform
from organiser_portal.admissions.views import find_gate
from organiser_portal.connections.operations import NotDone, operations_of
from organiser_portal.core.encryption import CannotDecrypt
from organiser_portal.core.qr import svg
from organiser_portal.core.rendering import render_page
from organiser_portal.events.models import EventListing
from organiser_portal.organisations import audit
from organiser_portal.organisations.access import TenantRequest, organisation_role
from organiser_portal.organisations.roles import Role
from providers.operations import Operation, Verb


@require_safe
@organisation_role(Role.MANAGER)
def token_list(request: TenantRequest, gate_id: int) -> HttpResponse:
    gate = find_gate(request, gate_id)
    operations = operations_of(gate.connection)
    tokens = GateToken.objects.of(request.organisation).listed().filter(event_listing=gate)
    names = {race.external_id: str(race) for race in races_of(gate)}
    lines = [(token, _opens(token, names)) for token in tokens.order_by("everywhere", "own", "steward", "pk")]
    context = {
        "gate": gate,
        "lines": lines,
        "may_issue": Verb.ISSUE_TOKEN in operations,
        "may_edit": Verb.EDIT_TOKEN in operations,
        "may_revoke": Verb.REVOKE_TOKEN in operations,
    }
    return render_page(request, "admissions/token_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_role(Role.MANAGER)
def token_issue(request: TenantRequest, gate_id: int) -> HttpResponse:
    gate = find_gate(request, gate_id)
    operation = _operation(gate, Verb.ISSUE_TOKEN)
    form = TokenForm(request.POST if request.method == "POST" else None, operation=operation, gate=gate)
    if form.is_valid():
        chosen, steward = form.cleaned_data["races"], form.cleaned_data["steward"]
        try:
            token = issue(gate, races=chosen, steward=steward, actor=request.user, now=timezone.now())
        except NotDone as refused:
            form.object_to(refused.field_errors, str(refused))
        else:
            return _after_issue(request, gate, token)
    return _form_page(request, gate, operation, form)


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_role(Role.MANAGER)
def token_edit(request: TenantRequest, gate_id: int, token_id: int) -> HttpResponse:
    gate = find_gate(request, gate_id)
    token = _stewards(request, gate, token_id)
    operation = _operation(gate, Verb.EDIT_TOKEN)
    form = TokenForm(request.POST if request.method == "POST" else None, operation=operation, gate=gate, token=token)
    if form.is_valid():
        values = {"races": form.cleaned_data["races"]}
        try:
            perform(
                Wish(verb=Verb.EDIT_TOKEN, gate=gate, token=token, values=values),
                actor=request.user,
                now=timezone.now(),
            )
        except NotDone as refused:
            form.object_to(refused.field_errors, str(refused))
        else:
            return _to_list(request, gate, "The token opens other races from now on.")
    return _form_page(request, gate, operation, form, token)


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_role(Role.MANAGER)
def token_revoke(request: TenantRequest, gate_id: int, token_id: int) -> HttpResponse:
    gate = find_gate(request, gate_id)
    token = _stewards(request, gate, token_id)
    operation = _operation(gate, Verb.REVOKE_TOKEN)
    sentence = ""
    if request.method == "POST":
        try:
            perform(Wish(verb=Verb.REVOKE_TOKEN, gate=gate, token=token), actor=request.user, now=timezone.now())
        except NotDone as refused:
            sentence = str(refused)
        else:
            return _to_list(request, gate, "The token is withdrawn. Its code opens nothing any more.")
    context = {"gate": gate, "token": token, "operation": operation, "sentence": sentence}
    return render_page(request, "admissions/token_revoke.html", context, status=422 if sentence else 200)


@require_safe
@never_cache
@sensitive_variables("code", "context")
@organisation_role(Role.MANAGER)
def token_card(request: TenantRequest, gate_id: int, token_id: int) -> HttpResponse:
    gate = find_gate(request, gate_id)
    token = _token(request, gate, token_id)
    try:
        code = token.code()
    except CannotDecrypt:
        code = ""
    if code:
        subject = f"{gate}, {token}"
        audit.record(organisation=request.organisation, actor=request.user, action="gates.card_seen", subject=subject)
    names = {race.external_id: str(race) for race in races_of(gate)}
    context = {"gate": gate, "token": token, "code": code, "races": _opens(token, names)}
    context |= {"picture": svg(code, label="QR code of the token")} if code else {}
    return render_page(request, "admissions/token_card.html", context)


def _after_issue(request: TenantRequest, gate: EventListing, token: GateToken | None) -> HttpResponse:
    if token is None:
        return _to_list(request, gate, "The token is issued. It appears here with the next sync.")
    return redirect("admissions:token-card", request.organisation.slug, gate.pk, token.pk)


def _to_list(request: TenantRequest, gate: EventListing, sentence: str) -> HttpResponseRedirect:
    messages.success(request, sentence)
    return redirect("admissions:token-list", request.organisation.slug, gate.pk)


def _form_page(
    request: TenantRequest, gate: EventListing, operation: Operation, form: TokenForm, token: GateToken | None = None
) -> HttpResponse:
    context = {"gate": gate, "operation": operation, "form": form, "token": token}
    return render_page(request, "admissions/token_form.html", context, status=422 if form.is_bound else 200)


def _operation(gate: EventListing, verb: Verb) -> Operation:
    try:
        return gates.operation_at(gate.connection, verb)
    except NoSuchOperation:
        raise Http404 from None


def _token(request: TenantRequest, gate: EventListing, token_id: int) -> GateToken:
    tokens = GateToken.objects.of(request.organisation).listed().filter(event_listing=gate)
    return get_object_or_404(tokens, pk=token_id)


def _stewards(request: TenantRequest, gate: EventListing, token_id: int) -> GateToken:
    """One that somebody here may change: neither the event's own nor the one the portal reads with."""
    token = _token(request, gate, token_id)
    if token.everywhere or token.own:
        raise Http404
    return token


def _opens(token: GateToken, names: dict[str, str]) -> list[str]:
    """The races a token opens, by name."""
    if token.everywhere:
        return ["Every race, also later ones"]
    return [names.get(race, "A race that is no longer listed") for race in token.race_external_ids]
