"""Who is in, per section. Every member sees it; what opens a gate is for those who may."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from organiser_portal.admissions import gates
from organiser_portal.admissions.board import boards
from organiser_portal.admissions.lists import select_admissions, select_gates
from organiser_portal.connections import gateway
from organiser_portal.connections.models import Connection
from organiser_portal.connections.operations import operations_of
from organiser_portal.core.address import settle, tidy
from organiser_portal.core.rendering import render_page
from organiser_portal.core.tables import View
from organiser_portal.events.models import EventListing
from organiser_portal.organisations.access import TenantRequest, organisation_role
from organiser_portal.organisations.roles import Role
from providers.operations import Verb

GATES_A_PAGE = 20
NEWEST = 10  # lines of what happened


@require_safe
@organisation_role(Role.VIEWER)
def gate_list(request: TenantRequest) -> HttpResponse:
    now = timezone.now()
    selection = select_gates(request.organisation, tidy(request), now=now)
    address = settle(request, selection.view)
    shown = selection.page(lambda rows: rows, size=GATES_A_PAGE)
    readings = gates.readings({gate.connection_id: gate.connection for gate in shown.rows}.values(), now=now)
    context = {
        **selection.context(),
        "page": shown,
        "boards": boards(shown.rows, _channels(), latest_too=_shows_latest(selection.view)),
        "readings": readings,
        "poll": gates.poll_seconds(shown.rows, readings, now=now),
        "address": address,
        "any": bool(shown.rows) or selection.everything.exists(),
        **_around_gates(request),
    }
    return render_page(request, "admissions/gate_list.html", context, fragment="gate-table", address=address)


@require_safe
@organisation_role(Role.VIEWER)
def gate_detail(request: TenantRequest, gate_id: int) -> HttpResponse:
    now = timezone.now()
    gate = find_gate(request, gate_id)
    selection = select_admissions(gate, tidy(request))
    address = settle(request, selection.view)
    readings = gates.readings([gate.connection], now=now)
    context = {
        "board": boards([gate], _channels(), latest_too=False)[0],
        **selection.context(),
        "page": selection.page(lambda rows: rows.select_related("listing")),
        "readings": readings,
        "poll": gates.poll_seconds([gate], readings, now=now),
        "address": address,
        **_around_board(request, gate),
    }
    return render_page(request, "admissions/gate_detail.html", context, fragment="gate-board", address=address)


def find_gate(request: TenantRequest, gate_id: int) -> EventListing:
    """Through the tenant, or 404."""
    return get_object_or_404(gates.gates_of(request.organisation), pk=gate_id)


def _shows_latest(view: View) -> bool:
    return any(column.key == "latest" for column in view.chosen)


def _around_gates(request: TenantRequest) -> dict[str, object]:
    """What the page says where there is nothing, and what one may do."""
    return {
        "known": [kind.label for kind in gates.providers_with_gates()],
        "connected": Connection.objects.of(request.organisation).filter(provider__in=_channels()).exists(),
        "may_redeem": request.membership.has_role(Role.EDITOR),
    }


def _around_board(request: TenantRequest, gate: EventListing) -> dict[str, object]:
    """What stands beside the figures, and does not change while they do."""
    operations = operations_of(gate.connection)
    return {
        "gate": gate,
        "actions": gate.gate_actions.select_related("actor", "token")[:NEWEST],
        "may_redeem": Verb.REDEEM in operations and request.membership.has_role(Role.EDITOR),
        "may_issue": Verb.ISSUE_TOKEN in operations and request.membership.has_role(Role.MANAGER),
    }


def _channels() -> dict[str, int]:
    return {kind.key: gateway.face(kind.key).channel for kind in gates.providers_with_gates()}
