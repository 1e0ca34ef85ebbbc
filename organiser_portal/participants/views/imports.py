"""Entries from a file: uploaded, matched, tried, committed, followed, undone."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from organiser_portal.connections.gateway import connection_name
from organiser_portal.core.address import settle, tidy
from organiser_portal.core.neighbours import neighbours, opened_from
from organiser_portal.core.rendering import render_page
from organiser_portal.organisations.access import TenantRequest, organisation_role, see_other
from organiser_portal.organisations.download import as_file
from organiser_portal.organisations.roles import Role
from organiser_portal.participants.forms.imports import ColumnsForm, UploadForm
from organiser_portal.participants.imports import running
from organiser_portal.participants.imports.result import ImportResult, chosen_tab, tabs
from organiser_portal.participants.imports.storing import store_upload
from organiser_portal.participants.imports.table import Unreadable
from organiser_portal.participants.models import Import, ImportState, Pile
from organiser_portal.participants.models.imports import KEPT_FOR
from organiser_portal.participants.work_lists import select_imports
from organiser_portal.saved_views.listings import address_of

SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_role(Role.MANAGER)
def import_list(request: TenantRequest) -> HttpResponseBase:
    """The earlier ones, and the form that takes the next file."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid() and (imported := _upload(request, form)):
        return see_other(request, "participants:import-columns", import_id=imported.pk)
    selection = select_imports(request.organisation, tidy(request))
    address = "" if form.is_bound else settle(request, selection.view)
    page = selection.page(lambda imports: imports.select_related("by"))
    context = {
        "form": form,
        **selection.context(),
        "page": page,
        "any": bool(page.rows or selection.everything.exists()),
    }
    status = 422 if form.is_bound else 200
    template, fragment = "participants/import_list.html", "import-table"
    return render_page(request, template, context, fragment=fragment, status=status, address=address)


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_role(Role.MANAGER)
def import_columns(request: TenantRequest, import_id: int) -> HttpResponseBase:
    """Which column is what. A POST begins the check; with ``look`` it only draws the form for what is chosen."""
    imported, now = _import(request, import_id), timezone.now()
    if imported.state not in running.BEFORE_COMMIT:
        return see_other(request, "participants:import-detail", import_id=imported.pk)
    look = "look" in request.POST
    form = ColumnsForm(
        request.POST if request.method == "POST" and not look else None,
        imported=imported,
        before=_before(imported),
        membership=request.membership,
        now=now,
        shown=request.POST.dict() if look else None,
    )
    if form.is_bound and form.is_valid():
        running.start_check(
            imported, mapping=form.mapping(), race=form.one_race, listing=form.listing, month_first=form.month_is_first
        )
        return see_other(request, "participants:import-detail", import_id=imported.pk)
    context = {"imported": imported, "form": form, "place": form.place}
    status = 422 if form.is_bound else 200
    return render_page(request, "participants/import_columns.html", context, fragment="columns-form", status=status)


@require_safe
@organisation_role(Role.MANAGER)
def import_detail(request: TenantRequest, import_id: int) -> HttpResponseBase:
    """How far it is; then what would be done, then what was."""
    imported, now = _import(request, import_id), timezone.now()
    if imported.state == ImportState.NEW:
        return see_other(request, "participants:import-columns", import_id=imported.pk)
    offered = tabs(imported)
    tab = chosen_tab(offered, request.GET.get("tab", ""))
    query = opened_from(request, "imports", address_of("imports", request.organisation))
    context = {
        "imported": imported,
        "tabs": offered,
        "tab": tab,
        "rows": list(tab.rows(imported)[:SHOWN]) if not imported.under_way else [],
        "channel": connection_name(imported.listing.connection) if imported.listing else "",
        "updates_told": imported.rows.filter(pile=Pile.UPDATE, told=True).count() if imported.told else 0,
        "undoable": running.can_be_undone(imported, now),
        "undo_until": imported.created_at + KEPT_FOR,
        "neighbours": neighbours(select_imports(request.organisation, query), imported.pk, query),
    }
    return render_page(request, "participants/import_detail.html", context, fragment="import")


@require_POST
@organisation_role(Role.MANAGER)
def import_commit(request: TenantRequest, import_id: int) -> HttpResponseBase:
    running.start_commit(_import(request, import_id), by=request.user)
    return see_other(request, "participants:import-detail", import_id=import_id)


@require_POST
@organisation_role(Role.MANAGER)
def import_stop(request: TenantRequest, import_id: int) -> HttpResponseBase:
    running.stop_import(_import(request, import_id), now=timezone.now())
    return see_other(request, "participants:import-detail", import_id=import_id)


@require_POST
@organisation_role(Role.MANAGER)
def import_undo(request: TenantRequest, import_id: int) -> HttpResponseBase:
    running.undo_import(_import(request, import_id), by=request.user, now=timezone.now())
    return see_other(request, "participants:import-detail", import_id=import_id)


@require_POST
@organisation_role(Role.MANAGER)
def import_drop(request: TenantRequest, import_id: int) -> HttpResponseBase:
    """Forget the file at once. What has been committed stays."""
    imported = _import(request, import_id)
    if Import.objects.filter(pk=imported.pk, state__in=running.BEFORE_COMMIT).delete()[0]:
        messages.success(request, "The file is forgotten. Nothing was changed.")
    return see_other(request, "participants:import-list")


@require_GET
@organisation_role(Role.MANAGER)
def import_result(request: TenantRequest, import_id: int) -> HttpResponseBase:
    """Every row of it with what was said and done, as a file."""
    imported = _import(request, import_id)
    name = f"{request.organisation.slug}-import-{imported.pk}.csv"
    return as_file(ImportResult(imported, actor=request.user), name)


def _upload(request: TenantRequest, form: UploadForm) -> Import | None:
    """What was uploaded, kept; None when it cannot be read, which the form then says."""
    file = form.cleaned_data["file"]
    try:
        return store_upload(
            file.file,
            name=file.name,
            size=file.size,
            organisation=request.organisation,
            by=request.user,
            now=timezone.now(),
        )
    except Unreadable as why:
        form.add_error("file", str(why))
        return None


def _import(request: TenantRequest, import_id: int) -> Import:
    rows = Import.objects.of(request.organisation).select_related("by", "race", "listing__connection", "organisation")
    return get_object_or_404(rows, pk=import_id)


def _before(imported: Import) -> Import | None:
    """The latest whose columns were matched, of a file with the same headings."""
    alike = Import.objects.filter(organisation=imported.organisation, heading_key=imported.heading_key)
    return alike.exclude(pk=imported.pk).exclude(mapping={}).select_related("race").order_by("-pk").first()
