"""Asking people in, and coming in."""

from allauth.account.internal.flows.login import record_authentication
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organiser_portal.core.rendering import render_page
from organiser_portal.organisations import invitations
from organiser_portal.organisations.access import TenantRequest, organisation_role
from organiser_portal.organisations.forms import InviteForm, NewcomerForm
from organiser_portal.organisations.models import Invitation, Membership, User
from organiser_portal.organisations.roles import Role
from organiser_portal.organisations.services import AlreadyMember

BACKEND = "django.contrib.auth.backends.ModelBackend"
HELD = "invitation"
"""Where the session keeps the token between opening the link and coming in."""


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_role(Role.OWNER)
def invite(request: TenantRequest) -> HttpResponse:
    form = InviteForm(request.POST if request.method == "POST" else None, initial={"role": Role.VIEWER})
    if form.is_valid():
        if limited := _too_many(request, "invite"):
            return limited
        try:
            invitation, token = invitations.invite(
                organisation=request.organisation,
                email=form.cleaned_data["email"],
                role=form.chosen(),
                actor=request.user,
                now=timezone.now(),
            )
            return _sent(request, invitation, token)
        except AlreadyMember as error:
            form.add_error("email", str(error))
    return render_page(request, "organisations/invite.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
@organisation_role(Role.OWNER)
def invitation_resend(request: TenantRequest, pk: int) -> HttpResponse:
    invitation = _invitation(request, pk)
    if limited := _too_many(request, "invite"):
        return limited
    token = invitations.renew(invitation=invitation, actor=request.user, now=timezone.now())
    return _sent(request, invitation, token)


@require_POST
@organisation_role(Role.OWNER)
def invitation_revoke(request: TenantRequest, pk: int) -> HttpResponse:
    invitation = _invitation(request, pk)
    invitations.revoke(invitation=invitation, actor=request.user)
    messages.success(request, f"The invitation of {invitation.email} is withdrawn. Its link is dead.")
    return _to_people(request)


@require_safe
@never_cache
def invitation_open(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address, so that it stands in no log, no history and no referrer from here on."""
    request.session[HELD] = token
    return redirect("organisations:invitation-accept")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password")
def invitation_accept(request: HttpRequest) -> HttpResponse:
    """Who holds the link: the invited person signed in, somebody else signed in, or nobody yet."""
    if limited := _too_many(request, "invitation"):
        return limited
    try:
        invitation = invitations.find_open(request.session.get(HELD, ""), now=timezone.now())
        if isinstance(request.user, User):
            return _join(request, invitation, request.user)
        if invitations.has_account(invitation):
            return _page(request, invitation, "sign_in")
        return _newcomer(request, invitation)
    except invitations.InvitationGone:
        return render_page(request, "organisations/invitation_gone.html", status=404)
    except invitations.AccountExists:
        return redirect("organisations:invitation-accept")


def _join(request: HttpRequest, invitation: Invitation, user: User) -> HttpResponse:
    if user.email.lower() != invitation.email:
        return _page(request, invitation, "wrong_account", status=403)
    if request.method != "POST":
        return _page(request, invitation, "join")
    return _welcome(request, invitations.accept(invitation=invitation, user=user, now=timezone.now()))


def _newcomer(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = NewcomerForm(request.POST if request.method == "POST" else None, email=invitation.email)
    if not form.is_valid():
        return _page(request, invitation, "newcomer", status=422 if form.is_bound else 200, form=form)
    membership = invitations.accept_as_new(invitation=invitation, now=timezone.now(), **form.cleaned_data)
    login(request, membership.user, backend=BACKEND)
    record_authentication(request, membership.user, method="password")
    return _welcome(request, membership)


def _page(
    request: HttpRequest, invitation: Invitation, case: str, *, status: int = 200, form: NewcomerForm | None = None
) -> HttpResponse:
    context = {"invitation": invitation, "case": case, "form": form, "token": request.session[HELD]}
    return render_page(request, "organisations/invitation.html", context, status=status)


def _welcome(request: HttpRequest, membership: Membership) -> HttpResponse:
    del request.session[HELD]
    messages.success(request, f"Welcome to {membership.organisation}.")
    return HttpResponseRedirect(reverse("console:home", args=[membership.organisation.slug]), status=303)


def _too_many(request: HttpRequest, action: str) -> HttpResponse | None:
    """The answer to whoever asks too often; the rates are settings."""
    limited: HttpResponse | None = ratelimit.consume_or_429(request, action=action)
    return limited


def _invitation(request: TenantRequest, pk: int) -> Invitation:
    open_ones = Invitation.objects.filter(organisation=request.organisation, accepted_at=None)
    return get_object_or_404(open_ones.select_related("organisation", "invited_by"), pk=pk)


def _sent(request: TenantRequest, invitation: Invitation, token: str) -> HttpResponse:
    try:
        invitations.send(invitation, token)
        messages.success(request, f"The invitation is on its way to {invitation.email}. It works for seven days.")
    except OSError:
        messages.error(request, f"The mail server did not take the invitation to {invitation.email}. Send it again.")
    return _to_people(request)


def _to_people(request: TenantRequest) -> HttpResponse:
    return HttpResponseRedirect(reverse("organisations:member-list", args=[request.organisation.slug]), status=303)
