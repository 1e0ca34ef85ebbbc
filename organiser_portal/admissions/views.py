"""Who is in, per section. Every member sees it; what opens a gate is for those who may."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from organiser_portal.admissions import gates
from organiser_portal.admissions.board import boards
from organiser_portal.admissions.models import Admission
from organiser_portal.connections import gateway
from organiser_portal.connections.models import Connection
from organiser_portal.connections.operations import operations_of
from organiser_portal.core.keyset import KeysetPage, Order, page, row_id
from organiser_portal.core.rendering import render_page
from organiser_portal.events.models import EventListing
from organiser_portal.organisations.access import TenantRequest, organisation_role
from organiser_portal.organisations.roles import Role
from providers.operations import Verb

PAGE_SIZE = 50
GATES_A_PAGE = 20
NEWEST = 10  # lines of what happened
BY_ARRIVAL = Order("admitted_at", descending=True, nullable=True)


@require_safe
@organisation_role(Role.VIEWER)
def gate_list(request: TenantRequest) -> HttpResponse:
    now = timezone.now()
    when = gates.OVER if request.GET.get("when") == gates.OVER else gates.AHEAD
    shown = _page_of_gates(request, when, now)
    readings = gates.readings({gate.connection_id: gate.connection for gate in shown.rows}.values(), now=now)
    context = {
        "page": shown,
        "boards": boards(shown.rows, _channels(), latest_too=when == gates.AHEAD),
        "when": when,
        "times": gates.WHEN,
        "readings": readings,
        "poll": gates.poll_seconds(shown.rows, readings, now=now),
        "known": [kind.label for kind in gates.providers_with_gates()],
        "connected": Connection.objects.of(request.organisation).filter(provider__in=_channels()).exists(),
        "any": bool(shown.rows) or gates.gates_of(request.organisation).exists(),
        "may_redeem": request.membership.has_role(Role.EDITOR),
    }
    return render_page(request, "admissions/gate_list.html", context, fragment="gate-boards")


@require_safe
@organisation_role(Role.VIEWER)
def gate_detail(request: TenantRequest, gate_id: int) -> HttpResponse:
    now = timezone.now()
    gate = find_gate(request, gate_id)
    wanted = request.GET.get("q", "").strip()
    everything = Admission.objects.of(request.organisation).listed().filter(event_listing=gate)
    readings = gates.readings([gate.connection], now=now)
    context = {
        "board": boards([gate], _channels(), latest_too=False)[0],
        "page": page(
            everything.matching(wanted) if wanted else everything,
            BY_ARRIVAL,
            size=PAGE_SIZE,
            after=row_id(request.GET.get("after")),
            before=row_id(request.GET.get("before")),
            shape=lambda rows: rows.select_related("listing"),
            everything=everything,
        ),
        "readings": readings,
        "poll": gates.poll_seconds([gate], readings, now=now),
        **_around_board(request, gate, wanted),
    }
    return render_page(request, "admissions/gate_detail.html", context, fragment="gate-board")


def find_gate(request: TenantRequest, gate_id: int) -> EventListing:
    """Through the tenant, or 404."""
    return get_object_or_404(gates.gates_of(request.organisation), pk=gate_id)


def _page_of_gates(request: TenantRequest, when: str, now: datetime) -> KeysetPage[EventListing]:
    found, order = gates.gates_when(request.organisation, when, midnight=_midnight(now))
    return page(
        found,
        order,
        size=GATES_A_PAGE,
        after=row_id(request.GET.get("after")),
        before=row_id(request.GET.get("before")),
        shape=lambda rows: rows,
        everything=gates.gates_of(request.organisation),
    )


def _around_board(request: TenantRequest, gate: EventListing, wanted: str) -> dict[str, object]:
    """What stands beside the figures, and does not change while they do."""
    operations = operations_of(gate.connection)
    return {
        "gate": gate,
        "wanted": wanted,
        "actions": gate.gate_actions.select_related("actor", "token")[:NEWEST],
        "may_redeem": Verb.REDEEM in operations and request.membership.has_role(Role.EDITOR),
        "may_issue": Verb.ISSUE_TOKEN in operations and request.membership.has_role(Role.MANAGER),
    }


def _midnight(now: datetime) -> datetime:
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


def _channels() -> dict[str, int]:
    return {kind.key: gateway.face(kind.key).channel for kind in gates.providers_with_gates()}
