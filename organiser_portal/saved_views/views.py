"""Opening, keeping and changing views. Each ends at the list it is a view of."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organiser_portal.core.rendering import render_page
from organiser_portal.organisations.access import TenantRequest, organisation_role
from organiser_portal.organisations.roles import Role
from organiser_portal.saved_views import services
from organiser_portal.saved_views.forms import SavedViewForm
from organiser_portal.saved_views.listings import address_of, listed
from organiser_portal.saved_views.models import SavedView
from organiser_portal.saved_views.query import kept_text, opened
from organiser_portal.saved_views.services import may_change


@require_safe
@organisation_role(Role.VIEWER)
def view_open(request: TenantRequest, view_id: int) -> HttpResponseBase:
    return _to(request, _found(request, view_id))


@require_safe
@organisation_role(Role.VIEWER)
def usual_view(request: TenantRequest, listing: str) -> HttpResponseBase:
    """The list as this person starts with it."""
    _known(listing)
    view = services.usual_view(request.membership, listing)
    return _to(request, view) if view else HttpResponseRedirect(address_of(listing, request.organisation))


@require_POST
@organisation_role(Role.VIEWER)
def view_keep(request: TenantRequest, listing: str) -> HttpResponseBase:
    _known(listing)
    form = SavedViewForm(request.POST, membership=request.membership, listing=listing)
    if not form.is_valid():
        return _form(request, form, listing)
    told = form.cleaned_data
    try:
        view = services.keep_view(
            membership=request.membership,
            listing=listing,
            name=told["name"],
            query=told["query"],
            shared=told.get("shared", False),
            usual=told["usual"],
        )
    except services.TooManyViews as error:
        form.add_error(None, str(error))
        return _form(request, form, listing)
    messages.success(request, f"{view.name} is kept{' and shared with the team' if view.shared else ''}.")
    return _to(request, view)


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_role(Role.VIEWER)
def view_change(request: TenantRequest, view_id: int) -> HttpResponseBase:
    """Its name, who sees it, and whether this person starts with it."""
    view = _found(request, view_id)
    usual = services.usual_view(request.membership, view.listing) == view
    now = {"name": view.name, "shared": view.shared, "usual": usual, "query": view.query}
    given = request.POST if request.method == "POST" else None
    form = SavedViewForm(given, initial=now, membership=request.membership, listing=view.listing, view=view)
    if not form.is_valid():
        return _form(request, form, view.listing)
    told = form.cleaned_data
    shared = told.get("shared", view.shared)
    services.change_view(view, membership=request.membership, name=told["name"], shared=shared, usual=told["usual"])
    messages.success(request, f"{view.name}: saved.")
    return _to(request, view)


@require_POST
@organisation_role(Role.VIEWER)
def view_question(request: TenantRequest, view_id: int) -> HttpResponseBase:
    """From now on the view asks what the list asks now."""
    view = _found(request, view_id)
    if not may_change(view, request.membership):
        return _not_yours(request, view)
    view.query = kept_text(request.POST.get("query", "")[: SavedView._meta.get_field("query").max_length])
    view.save(update_fields=["query", "changed_at"])
    messages.success(request, f"{view.name} now shows this.")
    return _to(request, view)


@require_POST
@organisation_role(Role.VIEWER)
def view_remove(request: TenantRequest, view_id: int) -> HttpResponseBase:
    """The view goes; the list as it stands stays in front of its reader."""
    view = _found(request, view_id)
    if not may_change(view, request.membership):
        return _not_yours(request, view)
    view.delete()
    messages.success(request, f"{view.name} is removed. Nothing of what it showed has changed.")
    question = f"?{view.query}" if view.query else ""
    return HttpResponseRedirect(address_of(view.listing, request.organisation) + question, status=303)


def _known(listing: str) -> None:
    try:
        listed(listing)
    except LookupError:
        raise Http404 from None


def _found(request: TenantRequest, view_id: int) -> SavedView:
    """Their own or a shared one, or 404."""
    return get_object_or_404(SavedView.objects.for_member(request.membership), pk=view_id)


def _not_yours(request: TenantRequest, view: SavedView) -> HttpResponseBase:
    messages.error(request, f"{view.name} stays as it is: whoever made it, or a manager, can change it.")
    return _to(request, view)


def _to(request: TenantRequest, view: SavedView) -> HttpResponseRedirect:
    address = address_of(view.listing, request.organisation) + opened(view.query, view.pk)
    return HttpResponseRedirect(address, status=303 if request.method == "POST" else 302)


def _form(request: TenantRequest, form: SavedViewForm, listing: str) -> HttpResponse:
    context = {"form": form, "view": form.view, "listing_url": address_of(listing, request.organisation)}
    return render_page(request, "saved_views/form.html", context, status=422 if form.is_bound else 200)
