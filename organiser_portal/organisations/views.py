"""One's organisations, and the people of one. Every member sees them; owners change them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from organiser_portal.core.rendering import render_page
from organiser_portal.organisations import services
from organiser_portal.organisations.access import TenantRequest, organisation_role, see_other
from organiser_portal.organisations.forms import RoleForm, SensitiveForm
from organiser_portal.organisations.models import Invitation, Membership
from organiser_portal.organisations.roles import Role
from organiser_portal.organisations.selection import members_of


@require_safe
@login_required
def choose(request: HttpRequest) -> HttpResponse:
    """Straight in for those with one organisation."""
    memberships = Membership.objects.filter(user=request.user.pk).select_related("organisation")
    found = list(memberships.order_by("organisation__name", "id"))
    if len(found) == 1:
        return redirect("console:home", organisation=found[0].organisation.slug)
    return render_page(request, "organisations/choose.html", {"memberships": found})


@require_safe
@login_required
def own_address(request: HttpRequest) -> HttpResponse:
    """Only administrators change an address: it is what invitations and new passwords are sent to."""
    return render_page(request, "organisations/own_address.html")


@require_safe
@organisation_role(Role.VIEWER)
def member_list(request: TenantRequest) -> HttpResponse:
    now = timezone.now()
    owns = request.membership.has_role(Role.OWNER)
    invitations = Invitation.objects.filter(organisation=request.organisation, accepted_at=None)
    context = {
        "members": [(member, member.may_see_sensitive(now)) for member in members_of(request.organisation)],
        "owns": owns,
        "invitations": list(invitations.select_related("invited_by").order_by("-id")) if owns else [],
        "now": now,
    }
    return render_page(request, "organisations/member_list.html", context)


@require_safe
@organisation_role(Role.OWNER)
def member_detail(request: TenantRequest, pk: int) -> HttpResponse:
    return _member_page(request, _member(request, pk))


@require_POST
@organisation_role(Role.OWNER)
def member_role(request: TenantRequest, pk: int) -> HttpResponse:
    member = _member(request, pk)
    form = RoleForm(request.POST)
    if form.is_valid():
        try:
            services.change_role(membership=member, role=form.chosen(), actor=request.user)
            return _done(request, f"{member.user} is {form.chosen().noun.lower()} now.")
        except services.LastOwner as error:
            form.add_error("role", str(error))
    return _member_page(request, member, role_form=form)


@require_POST
@organisation_role(Role.OWNER)
def member_sensitive(request: TenantRequest, pk: int) -> HttpResponse:
    """Open it until a day, or with ``withdraw`` close it."""
    member = _member(request, pk)
    if "withdraw" in request.POST:
        services.withdraw_sensitive(membership=member, actor=request.user)
        return _done(request, f"Medical and emergency data are closed to {member.user} now.")
    form = SensitiveForm(request.POST, today=timezone.now())
    if not form.is_valid():
        return _member_page(request, member, sensitive_form=form)
    services.grant_sensitive(membership=member, until=form.until(), actor=request.user)
    return _done(request, f"{member.user} may see medical and emergency data now. Every look is logged.")


@require_POST
@organisation_role(Role.OWNER)
def member_remove(request: TenantRequest, pk: int) -> HttpResponse:
    member = _member(request, pk)
    try:
        services.remove_member(membership=member, actor=request.user)
    except services.LastOwner as error:
        messages.error(request, str(error))
        return see_other(request, "organisations:member-detail", pk=pk)
    if member.user_id == request.user.pk:
        messages.success(request, f"You have left {request.organisation}.")
        return HttpResponseRedirect(reverse("organisations:choose"), status=303)
    return _done(request, f"{member.user} is no longer in {request.organisation}.")


def _member(request: TenantRequest, pk: int) -> Membership:
    members = Membership.objects.filter(organisation=request.organisation)
    return get_object_or_404(members.select_related("user", "organisation"), pk=pk)


def _member_page(
    request: TenantRequest,
    member: Membership,
    *,
    role_form: RoleForm | None = None,
    sensitive_form: SensitiveForm | None = None,
) -> HttpResponse:
    now = timezone.now()
    day = {"last_day": timezone.localtime(member.sensitive_until).date()} if member.sensitive_until else {}
    context = {
        "member": member,
        "sees_sensitive": member.may_see_sensitive(now),
        "role_form": role_form or RoleForm(initial={"role": member.role}),
        "sensitive_form": sensitive_form or SensitiveForm(initial=day, today=now),
    }
    status = 422 if role_form or sensitive_form else 200
    return render_page(request, "organisations/member_detail.html", context, status=status)


def _done(request: TenantRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return see_other(request, "organisations:member-list")
