"""Credentials, as administrators manage them, and what lies beside them. Secrets go in and never come out."""

from typing import Any, override

from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from organiser_portal.connections import gateway, overview, payloads, services
from organiser_portal.connections.admin_forms import WhereForm
from organiser_portal.connections.forms import ConnectionForm
from organiser_portal.connections.models import (
    Connection,
    ContractSurprise,
    OutboundChange,
    PayloadBundle,
    RejectedRecord,
    SourcePayload,
    SyncState,
)
from organiser_portal.core.admin import LeanAdmin
from organiser_portal.organisations.access import administrator

EVERYWHERE = [ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM]
AT_MOST = 20
"""Tests call out, one after the other, while somebody waits."""


@admin.register(Connection)
class ConnectionAdmin(LeanAdmin):
    """The form of the console stands in for the model's own: it is built from what the provider declares."""

    may_add = True
    fields = (
        "organisation", "provider_label", "label", "base_url", "base_url_allowed", "given", "standing",
        "standing_reason", "standing_since", "tested_at", "created_at",
    )  # fmt: skip
    readonly_fields = ("provider_label", "given")
    list_display = ("name", "organisation", "standing", "standing_since", "tested_at", "base_url_allowed")
    list_select_related = ("organisation",)
    list_filter = ("standing", "provider", "base_url_allowed")
    search_fields = ("label", "organisation__name", "organisation__slug")
    actions = ("test", "pause", "resume")
    change_form_template = "admin/connections/connection/change_form.html"

    @admin.display(description="connection", ordering="provider")
    def name(self, connection: Connection) -> str:
        return gateway.connection_name(connection)

    @admin.display(description="provider")
    def provider_label(self, connection: Connection) -> str:
        return gateway.face(connection.provider).label

    @admin.display(description="given")
    def given(self, connection: Connection) -> str:
        """Settings with their values, secrets by name alone."""
        known = overview.settings_of(connection)
        return "; ".join(
            f"{each.label}: {'set' if each.secret and each.value else each.value or '–'}" for each in known
        )

    @override
    def get_urls(self) -> list[URLPattern]:
        credentials = self.admin_site.admin_view(self.credentials)
        own = path("<int:pk>/credentials/", credentials, name="connections_connection_credentials")
        return [own, *super().get_urls()]

    @override
    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """First for whom and where, then what that provider asks."""
        where = WhereForm(request.GET if "provider" in request.GET else None)
        if not where.is_valid():
            return self._page(request, "where.html", {"title": "Add a connection", "form": where})
        return self._credentials(request, where.form(self._posted(request)))

    @method_decorator(sensitive_post_parameters())
    def credentials(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        connection = get_object_or_404(Connection.objects.select_related("organisation"), pk=pk)
        try:
            provider = gateway.provider_class(connection.provider)
        except gateway.UnknownProvider as error:
            self.message_user(request, str(error), messages.ERROR)
            return _to_connection(connection)
        form = ConnectionForm(
            self._posted(request),
            organisation=connection.organisation,
            provider=provider,
            connection=connection,
            may_allow=True,
        )
        return self._credentials(request, form)

    @admin.action(description="Test", location=EVERYWHERE)
    def test(self, request: HttpRequest, queryset: QuerySet[Connection, Connection]) -> None:
        for connection in queryset.select_related("organisation")[:AT_MOST]:
            self._test(request, connection)

    @admin.action(description="Pause", location=EVERYWHERE)
    def pause(self, request: HttpRequest, queryset: QuerySet[Connection, Connection]) -> None:
        for connection in queryset.select_related("organisation").exclude(standing="paused"):
            services.pause(connection=connection, actor=administrator(request), now=timezone.now())
            self.message_user(request, f"{gateway.connection_name(connection)} is paused.")

    @admin.action(description="Resume and test", location=EVERYWHERE)
    def resume(self, request: HttpRequest, queryset: QuerySet[Connection, Connection]) -> None:
        for connection in queryset.select_related("organisation").filter(standing="paused")[:AT_MOST]:
            services.resume(connection=connection, actor=administrator(request), now=timezone.now())
            self._test(request, connection)

    def _credentials(self, request: HttpRequest, form: ConnectionForm) -> HttpResponse:
        if form.is_valid():
            return self._save(request, form)
        title = f"Add a connection to {form.provider.label}"
        if form.connection:
            title = f"Credentials and settings of {gateway.connection_name(form.connection)}"
        context = {"title": title, "form": form, "original": form.connection, "organisation": form.organisation}
        return self._page(request, "credentials.html", context, status=422 if form.is_bound else 200)

    def _save(self, request: HttpRequest, form: ConnectionForm) -> HttpResponse:
        details, actor, now = form.details(), administrator(request), timezone.now()
        if form.connection:
            connection = form.connection
            to_test = services.update_connection(connection=connection, details=details, actor=actor, now=now)
            self.log_change(request, connection, "Credentials and settings.")
        else:
            connection = services.create_connection(
                organisation=form.organisation, provider=form.provider.key, details=details, actor=actor, now=now
            )
            to_test = True
            self.log_addition(request, connection, "Added.")
        if to_test:
            self._test(request, connection, "Saved and tested")
        else:
            self.message_user(request, "Saved.")
        return _to_connection(connection)

    def _test(self, request: HttpRequest, connection: Connection, done: str = "Tested") -> None:
        """Django begins a message with a capital, which a provider's name may not have."""
        verdict = services.test_connection(connection=connection, actor=administrator(request), now=timezone.now())
        self.message_user(
            request, f"{done}: {verdict.sentence}", messages.SUCCESS if verdict.accepted else messages.ERROR
        )

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        whole = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/connections/connection/{name}", whole, status=status)

    @staticmethod
    def _posted(request: HttpRequest) -> Any:
        return request.POST if request.method == "POST" else None


@admin.register(SyncState)
class SyncStateAdmin(LeanAdmin):
    fields = (
        "connection", "resource", "due_at", "asked_by_hand", "full_due", "leased_until", "failures", "held_reason",
        "last_attempt_at", "last_success_at", "last_full_at", "promised", "held",
    )  # fmt: skip
    list_display = ("connection", "organisation", "resource", "due_at", "leased_until", "failures", "last_success_at")
    list_select_related = ("connection__organisation",)
    list_filter = ("resource",)
    search_fields = ("connection__organisation__slug", "connection__label")

    @admin.display(ordering="connection__organisation__name")
    def organisation(self, state: SyncState) -> str:
        return state.connection.organisation.name


@admin.register(OutboundChange)
class OutboundChangeAdmin(LeanAdmin):
    """Which fields a change touches, never their values."""

    fields = (
        "organisation", "connection", "reference", "action", "touches", "race_external_id", "entry_external_id",
        "state", "attempts", "due_at", "leased_until", "request_id", "created_by", "created_at", "sent_at",
        "settled_at",
    )  # fmt: skip
    readonly_fields = ("touches",)
    list_display = ("id", "organisation", "connection", "action", "reference", "state", "attempts", "created_at")
    list_select_related = ("organisation", "connection")
    list_filter = ("state", "action")
    search_fields = ("reference__exact", "request_id__exact")
    search_help_text = "A whole reference, or the id of a request."

    @admin.display
    def touches(self, change: OutboundChange) -> str:
        values = change.values if isinstance(change.values, dict) else {}
        return ", ".join(sorted([*values.get("person", {}), *(name for name in values if name != "person")]))


@admin.register(RejectedRecord)
class RejectedRecordAdmin(LeanAdmin):
    """Why, and how often. What it held may be about a person, and stays shut."""

    fields = (
        "connection", "resource", "kind", "external_id", "reason", "times", "first_seen", "last_seen", "resolved_at",
        "gone_at",
    )  # fmt: skip
    list_display = ("kind", "external_id", "connection", "reason", "times", "last_seen", "resolved_at", "gone_at")
    list_select_related = ("connection",)
    list_filter = ("kind", ("resolved_at", admin.EmptyFieldListFilter), ("gone_at", admin.EmptyFieldListFilter))
    search_fields = ("external_id__exact", "reason")

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Model, Model]:
        return super().get_queryset(request).defer("data")


@admin.register(ContractSurprise)
class ContractSurpriseAdmin(LeanAdmin):
    """Where providers changed shape, over all organisations. The examples are redacted."""

    fields = (
        "connection", "kind", "path", "why", "detail", "example", "times", "first_seen", "last_seen", "understood_at",
        "understood_by",
    )  # fmt: skip
    list_display = ("kind", "path", "why", "detail", "connection", "times", "last_seen", "understood_at")
    list_select_related = ("connection",)
    list_filter = ("why", "kind", ("understood_at", admin.EmptyFieldListFilter))
    search_fields = ("path",)


class KeptPayloadAdmin(LeanAdmin):
    """That there is one, and how old. Not what is in it."""

    list_select_related = ("connection",)
    list_filter = ("kind",)

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Model, Model]:
        return super().get_queryset(request).defer("data")


@admin.register(SourcePayload)
class SourcePayloadAdmin(KeptPayloadAdmin):
    fields = ("connection", "kind", "external_id", "fetched_at")
    list_display = ("id", "kind", "external_id", "connection", "fetched_at")
    search_fields = ("external_id__exact",)
    search_help_text = "An external id. What came with a first load and has not changed since is in a payload bundle."


@admin.register(PayloadBundle)
class PayloadBundleAdmin(KeptPayloadAdmin):
    """The same of many at once: the bundles that hold a record are found by its external id."""

    fields = ("connection", "kind", "records", "fetched_at")
    list_display = ("id", "kind", "records", "connection", "fetched_at")
    search_fields = ("marks",)
    search_help_text = "An external id. Whatever has changed since has a source payload of its own, which counts."

    @override
    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Model, Model], search_term: str
    ) -> tuple[QuerySet[Model, Model], bool]:
        wanted = search_term.strip()
        return queryset.filter(pk__in=payloads.holding(queryset, [wanted])) if wanted else queryset, False


def _to_connection(connection: Connection) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:connections_connection_change", args=[connection.pk]), status=303)
