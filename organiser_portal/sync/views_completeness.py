"""How much of what there is we can see, and a run that was not believed being believed after all."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from organiser_portal.connections.models import Connection
from organiser_portal.core.keyset import row_id
from organiser_portal.core.rendering import render_page
from organiser_portal.events.models import Race
from organiser_portal.organisations.access import TenantRequest, organisation_role, see_other
from organiser_portal.organisations.roles import Role
from organiser_portal.sync.acceptance import NotInDoubt, accept
from organiser_portal.sync.asking import NotAtWork
from organiser_portal.sync.completeness import of_connections, of_race
from organiser_portal.sync.models import SyncRun


@require_safe
@organisation_role(Role.VIEWER)
def completeness(request: TenantRequest) -> HttpResponse:
    """Every listing; ``?connection=`` only its own, ``?race=`` one race at each of its providers."""
    connections = Connection.objects.of(request.organisation).defer("sealed_credentials")
    race_id, connection_id = (row_id(request.GET.get(name)) for name in ("race", "connection"))
    race = None
    if race_id is not None:
        race = get_object_or_404(Race.objects.of(request.organisation), pk=race_id)
        rows = of_race(race.listings.filter(gone_at=None).select_related("connection").order_by("pk"))
    else:
        wanted = connections if connection_id is None else connections.filter(pk=connection_id)
        rows = of_connections(list(wanted), now=timezone.now())
    context = {"rows": rows, "race": race, "alone": connection_id is not None}
    return render_page(request, "sync/completeness.html", context, fragment="completeness")


@require_POST
@organisation_role(Role.MANAGER)
def run_accept(request: TenantRequest, pk: int) -> HttpResponseBase:
    runs = SyncRun.objects.filter(organisation=request.organisation).select_related("connection", "organisation")
    run = get_object_or_404(runs, pk=pk)
    try:
        accept(run, by=request.user, now=timezone.now())
    except (NotInDoubt, NotAtWork) as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, "Accepted. The list is read again now, and what it does not name is marked as gone.")
    return see_other(request, "sync:run-detail", pk=run.pk)
