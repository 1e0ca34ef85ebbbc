"""Organisations and people, as administrators see them. What happens in an organisation goes into its audit trail."""

from functools import partial
from typing import Any, override

from allauth.account.forms import ResetPasswordForm
from allauth.account.models import EmailAddress
from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from organiser_portal.core.admin import LeanAdmin
from organiser_portal.organisations import audit, invitations, trail
from organiser_portal.organisations.access import administrator
from organiser_portal.organisations.admin_forms import InvitationForm, OrganisationForm, PersonForm
from organiser_portal.organisations.models import AuditRecord, Invitation, Membership, Organisation, User
from organiser_portal.organisations.roles import Role


@admin.register(Organisation)
class OrganisationAdmin(LeanAdmin):
    may_add = may_change = True
    form = OrganisationForm
    list_display = ("name", "slug", "time_zone", "created_at")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    ordering = ("name",)

    @override
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        action = "organisation.changed" if change else "organisation.created"
        fields = list(form.changed_data) if change else []
        audit.record(organisation=obj, actor=administrator(request), action=action, subject=obj.name, fields=fields)


@admin.register(User)
class PersonAdmin(LeanAdmin):
    """Accounts are made by invitation, and switched off rather than deleted. Nobody types another's password."""

    may_change = True
    form = PersonForm
    fields = ("email", "first_name", "last_name", "is_active", "is_staff", "last_login", "date_joined")
    readonly_fields = ("last_login", "date_joined")
    list_display = ("email", "first_name", "last_name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "first_name", "last_name")
    actions = ("send_link",)

    @override
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "email" in form.changed_data:
            EmailAddress.objects.filter(user=obj).delete()  # the old address signs nobody in any more

    @admin.action(
        description="Send a link to set a new password",
        location=[ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM],
    )
    def send_link(self, request: HttpRequest, queryset: QuerySet[User, User]) -> None:
        for person in queryset.filter(is_active=True)[:20]:
            form = ResetPasswordForm({"email": person.email})
            if form.is_valid():
                self._post(request, form, person)

    def _post(self, request: HttpRequest, form: ResetPasswordForm, person: User) -> None:
        try:
            form.save(request)
        except OSError:
            self.message_user(request, f"The mail server did not take the link to {person.email}.", messages.ERROR)
        else:
            self.message_user(request, f"A link is on its way to {person.email}.")


@admin.register(Membership)
class MembershipAdmin(LeanAdmin):
    """Administrators may leave an organisation without an owner: they can also name a new one."""

    may_add = may_change = may_delete = True
    fields = ("organisation", "user", "role", "sensitive_until", "created_at")
    list_display = ("user", "organisation", "role", "sensitive_until")
    list_select_related = ("user", "organisation")
    list_filter = ("role",)
    search_fields = ("user__email", "user__last_name", "organisation__name", "organisation__slug")
    autocomplete_fields = ("organisation", "user")

    @override
    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return ("created_at", "organisation", "user") if obj else ("created_at",)

    @override
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        note = partial(audit.record_of_member, obj, administrator(request))
        if not change:
            note("added", role=obj.role)
        elif "role" in form.changed_data:
            note("role_changed", before=form.initial["role"], role=obj.role)
        if "sensitive_until" in form.changed_data and obj.sensitive_until:
            note("sensitive_granted", until=obj.sensitive_until.isoformat())
        elif "sensitive_until" in form.changed_data:
            note("sensitive_withdrawn")

    @override
    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        audit.record_of_member(obj, administrator(request), "removed", role=obj.role)
        super().delete_model(request, obj)

    @override
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any, Any]) -> None:
        for membership in queryset.select_related("user", "organisation"):
            self.delete_model(request, membership)


@admin.register(Invitation)
class InvitationAdmin(LeanAdmin):
    may_add = may_delete = True
    form = InvitationForm
    fields = ("organisation", "email", "role")
    list_display = ("email", "organisation", "role", "invited_by", "expires_at", "accepted_at")
    list_select_related = ("organisation", "invited_by")
    list_filter = (("accepted_at", admin.EmptyFieldListFilter),)
    search_fields = ("email", "organisation__name", "organisation__slug")
    autocomplete_fields = ("organisation",)

    @override
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Invitations are only added here: renewed if open, and sent."""
        invitation, token = invitations.invite(
            organisation=obj.organisation,
            email=obj.email,
            role=Role(obj.role),
            actor=administrator(request),
            now=timezone.now(),
        )
        obj.pk = invitation.pk
        try:
            invitations.send(invitation, token)
        except OSError:
            self.message_user(
                request, "The mail server did not take it. The organisation's owners can send it again.", messages.ERROR
            )

    @override
    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        invitations.revoke(invitation=obj, actor=administrator(request))

    @override
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any, Any]) -> None:
        for invitation in queryset.select_related("organisation"):
            self.delete_model(request, invitation)


@admin.register(AuditRecord)
class AuditRecordAdmin(LeanAdmin):
    fields = ("at", "organisation", "actor", "actor_label", "action", "sentence", "subject", "detail")
    readonly_fields = ("sentence",)
    list_display = ("at", "organisation", "sentence", "action")
    list_select_related = ("organisation", "actor")
    list_filter = ("organisation",)
    search_fields = ("action", "actor_label", "subject")

    @admin.display(description="what")
    def sentence(self, record: AuditRecord) -> str:
        line = trail.line(record)
        return f"{' '.join(filter(None, [line.who, line.verb, line.subject]))}{line.more}"
