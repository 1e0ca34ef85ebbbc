"""The connections of an organisation. Every member sees them; owners add, change, test and pause them."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organiser_portal.connections import gateway, mapping, overview, services
from organiser_portal.connections.comparison import choice, comparison
from organiser_portal.connections.declared import declared
from organiser_portal.connections.forms import ConnectionForm
from organiser_portal.connections.models import Connection
from organiser_portal.connections.standing import Verdict
from organiser_portal.core.rendering import render_page
from organiser_portal.organisations.access import TenantRequest, organisation_role, see_other
from organiser_portal.organisations.roles import Role
from providers.port import Provider


@require_safe
@organisation_role(Role.VIEWER)
def connection_list(request: TenantRequest) -> HttpResponse:
    cards = overview.cards(request.organisation, now=timezone.now())
    used = {card.connection.provider for card in cards}
    faces = [gateway.face(kind.key) for kind in gateway.provider_classes()]
    shown = [face for face in faces if face.key in used] or faces
    context = {
        "cards": cards,
        "attention": sum(card.needs_a_person for card in cards),
        "late": sum(card.shown == "late" for card in cards),
        "stumbled": [card.name for card in cards if card.stumbled],
        "faces": shown,
        "offers": comparison(shown),
        "left_to_people": [choice(face) for face in shown],
    }
    return render_page(request, "connections/connection_list.html", context)


@require_safe
@organisation_role(Role.OWNER)
def connection_add(request: TenantRequest) -> HttpResponse:
    faces = [gateway.face(kind.key) for kind in gateway.provider_classes()]
    return render_page(request, "connections/connection_add.html", {"choices": [choice(face) for face in faces]})


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@organisation_role(Role.OWNER)
def connection_new(request: TenantRequest, provider: str) -> HttpResponse:
    form = ConnectionForm(
        request.POST if request.method == "POST" else None,
        organisation=request.organisation,
        provider=_provider_or_404(provider),
        may_allow=request.user.is_staff,
    )
    if not form.is_valid():
        return _form_page(request, form)
    connection = services.create_connection(
        organisation=request.organisation,
        provider=provider,
        details=form.details(),
        actor=request.user,
        now=timezone.now(),
    )
    return _test_and_show(request, connection)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@organisation_role(Role.OWNER)
def connection_edit(request: TenantRequest, connection_id: int) -> HttpResponse:
    connection = find_connection(request, connection_id)
    form = ConnectionForm(
        request.POST if request.method == "POST" else None,
        organisation=request.organisation,
        provider=_provider_or_404(connection.provider),
        connection=connection,
        may_allow=request.user.is_staff,
    )
    if not form.is_valid():
        return _form_page(request, form)
    changed = services.update_connection(
        connection=connection, details=form.details(), actor=request.user, now=timezone.now()
    )
    return _test_and_show(request, connection) if changed else _shown(request, connection, "Saved.")


@require_safe
@organisation_role(Role.VIEWER)
def connection_detail(request: TenantRequest, connection_id: int) -> HttpResponse:
    return _detail_page(request, find_connection(request, connection_id))


@require_safe
@organisation_role(Role.VIEWER)
def connection_abilities(request: TenantRequest, connection_id: int) -> HttpResponse:
    connection = find_connection(request, connection_id)
    context = {"card": overview.card(connection, now=timezone.now()), "declared": declared(connection)}
    return render_page(request, "connections/connection_abilities.html", context)


@require_POST
@organisation_role(Role.OWNER)
def connection_test(request: TenantRequest, connection_id: int) -> HttpResponse:
    connection = find_connection(request, connection_id)
    verdict = services.test_connection(connection=connection, actor=request.user, now=timezone.now())
    if getattr(request, "htmx", None):
        response = _detail_page(request, connection, verdict=verdict)
        # Whatever else on the page tells how connections stand looks again, once the answer has its place.
        response["HX-Trigger-After-Swap"] = "connection-tested, sync-changed"
        return response
    return _told(request, connection, verdict)


@require_POST
@organisation_role(Role.OWNER)
def connection_pause(request: TenantRequest, connection_id: int) -> HttpResponse:
    connection = find_connection(request, connection_id)
    services.pause(
        connection=connection, actor=request.user, now=timezone.now(), note=request.POST.get("note", "").strip()
    )
    return _shown(request, connection, "Paused. Nothing is fetched or sent until somebody resumes it.")


@require_POST
@organisation_role(Role.OWNER)
def connection_resume(request: TenantRequest, connection_id: int) -> HttpResponse:
    connection = find_connection(request, connection_id)
    services.resume(connection=connection, actor=request.user, now=timezone.now())
    return _test_and_show(request, connection)


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_role(Role.OWNER)
def connection_mapping(request: TenantRequest, connection_id: int) -> HttpResponse:
    connection = find_connection(request, connection_id)
    if not gateway.face(connection.provider).capabilities.maps_person_fields:
        raise Http404
    form = mapping.MappingForm(
        request.POST if request.method == "POST" else None,
        questions=mapping.find_questions(connection),
        confirmed=connection.mapping,
    )
    if form.is_valid():
        services.save_mapping(connection=connection, mapping=form.mapping(), actor=request.user, now=timezone.now())
        return _shown(request, connection, "Saved. The stored records are read again with it now.")
    context = {"card": overview.card(connection, now=timezone.now()), "form": form}
    status = 422 if form.is_bound else 200
    return render_page(request, "connections/connection_mapping.html", context, fragment="mapping-form", status=status)


def find_connection(request: TenantRequest, connection_id: int) -> Connection:
    """A connection of this organisation, or 404."""
    return get_object_or_404(Connection.objects.of(request.organisation), pk=connection_id)


def _provider_or_404(key: str) -> type[Provider]:
    try:
        return gateway.provider_class(key)
    except gateway.UnknownProvider:
        raise Http404 from None


def _form_page(request: TenantRequest, form: ConnectionForm) -> HttpResponse:
    context = {"form": form, "connection": form.connection, "provider": gateway.face(form.provider.key)}
    status = 422 if form.is_bound else 200
    return render_page(request, "connections/connection_form.html", context, fragment="connection-form", status=status)


def _detail_page(request: TenantRequest, connection: Connection, verdict: Verdict | None = None) -> HttpResponse:
    card = overview.card(connection, now=timezone.now())
    settings = overview.settings_of(connection)
    context = {
        "card": card,
        "verdict": verdict,
        "linked": "linked" in (request.POST or request.GET),  # asked from the list
        "facts": overview.facts_of(connection, settings),
        "settings": settings,
        "declared": declared(connection),
        "surprises": connection.contract_surprises.open().count() if _sees_surprises(request) else 0,
    }
    return render_page(request, "connections/connection_detail.html", context, fragment="standing")


def _sees_surprises(request: TenantRequest) -> bool:
    return request.membership.has_role(Role.OWNER)


def _test_and_show(request: TenantRequest, connection: Connection) -> HttpResponse:
    verdict = services.test_connection(connection=connection, actor=request.user, now=timezone.now())
    return _told(request, connection, verdict)


def _told(request: TenantRequest, connection: Connection, verdict: Verdict) -> HttpResponse:
    tell = messages.success if verdict.accepted else messages.error
    tell(request, verdict.sentence)
    return _to_detail(request, connection)


def _shown(request: TenantRequest, connection: Connection, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return _to_detail(request, connection)


def _to_detail(request: TenantRequest, connection: Connection) -> HttpResponse:
    return see_other(request, "connections:connection-detail", connection_id=connection.pk)
