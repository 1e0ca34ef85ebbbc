"""Who may open a page. A stranger gets 404, a member without the role 403."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from organiser_portal.core.logs import bind
from organiser_portal.organisations.models import Membership, Organisation, User
from organiser_portal.organisations.roles import Role


class TenantRequest(HttpRequest):
    """A request that has found its tenant. What ``organisation_role`` hands to a view."""

    organisation: Organisation
    membership: Membership
    user: User
    htmx: HtmxDetails


def organisation_role[**P](
    role: Role,
) -> Callable[[Callable[Concatenate[TenantRequest, P], HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Find the tenant named in the address for this person, and ask for the role.

    The view is called with ``request.organisation`` and ``request.membership`` set and without the slug.
    """

    def decorate(
        view: Callable[Concatenate[TenantRequest, P], HttpResponseBase],
    ) -> Callable[..., HttpResponseBase]:
        @_signed_in
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            membership = _membership(request, str(kwargs.pop("organisation")))
            if not membership.has_role(role):
                raise PermissionDenied(_needs(role, Role(membership.role)))
            request.membership = membership  # type: ignore[attr-defined]
            request.organisation = membership.organisation  # type: ignore[attr-defined]
            bind(organisation_id=membership.organisation_id)
            with timezone.override(membership.organisation.time_zone):  # times are read and typed in the tenant's zone
                return view(request, *args, **kwargs)  # type: ignore[arg-type]

        guarded.required_role = role  # type: ignore[attr-defined]
        return guarded

    return decorate


def _signed_in(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Anybody else is sent to the door; a part of a page is told so, or the door would stand in the middle of it."""
    page = login_required(view)

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if getattr(request, "htmx", False) and not request.user.is_authenticated:
            return HttpResponse("You were signed out. Reload the page.", status=401)
        return page(request, *args, **kwargs)

    return asked


def _membership(request: HttpRequest, slug: str) -> Membership:
    memberships = Membership.objects.select_related("organisation")
    try:
        membership = memberships.get(organisation__slug=slug, user=request.user.pk)
    except Membership.DoesNotExist:
        raise Http404 from None
    membership.user = request.user  # type: ignore[assignment]  # who need not be read again
    return membership


def administrator(request: HttpRequest) -> User:
    """Who is at work on the admin site, which lets nobody else in."""
    assert isinstance(request.user, User)
    return request.user


def _needs(role: Role, held: Role) -> str:
    enough = role.noun if role is Role.OWNER else f"{role.noun} or a higher one"
    return f"This needs the role {enough}, and yours is {held.noun}."


def see_other(request: TenantRequest, name: str, **where: object) -> HttpResponseRedirect:
    """Where one goes on after a POST: a page of this organisation."""
    url = reverse(name, kwargs={"organisation": request.organisation.slug, **where})
    return HttpResponseRedirect(url, status=303)


def tenant(request: HttpRequest) -> dict[str, object]:
    """Context processor: the organisation and the membership, where there are any."""
    return {
        "organisation": getattr(request, "organisation", None),
        "membership": getattr(request, "membership", None),
    }
