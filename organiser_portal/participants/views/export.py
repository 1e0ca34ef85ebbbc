"""Download what I see."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET

from organiser_portal.core.address import tidy
from organiser_portal.organisations.access import TenantRequest, organisation_role
from organiser_portal.organisations.download import as_file
from organiser_portal.organisations.roles import Role
from organiser_portal.participants.export import ApplicationList, EntryList, file_name
from organiser_portal.participants.selection import select_applications, select_entries


@require_GET
@organisation_role(Role.EDITOR)
def entry_export(request: TenantRequest) -> HttpResponseBase:
    now = timezone.now()
    sensitive = request.membership.may_see_sensitive(now)
    selection = select_entries(request.organisation, tidy(request), sensitive=sensitive)
    if not selection.filter.is_valid():
        return _back_to_list(request, "entry-list")
    race = next(iter(selection.races()), None)
    excel = request.GET.get("variant") == "excel"
    entries = EntryList(selection, organisation=request.organisation, actor=request.user, excel=excel)
    return as_file(entries, file_name(request.organisation, race, now))


@require_GET
@organisation_role(Role.EDITOR)
def application_export(request: TenantRequest) -> HttpResponseBase:
    selection = select_applications(request.organisation, tidy(request))
    if not selection.filter.is_valid():
        return _back_to_list(request, "application-list")
    race = next(iter(selection.races()), None)
    excel = request.GET.get("variant") == "excel"
    applications = ApplicationList(selection, organisation=request.organisation, actor=request.user, excel=excel)
    return as_file(applications, file_name(request.organisation, race, timezone.now(), of="applications"))


def _back_to_list(request: TenantRequest, listing: str) -> HttpResponse:
    """The list says what is wrong with the filters."""
    response = redirect(f"participants:{listing}", organisation=request.organisation.slug)
    response["Location"] += f"?{request.GET.urlencode()}"
    return response
