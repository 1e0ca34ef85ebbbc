"""What administrators may type about organisations and people."""

import zoneinfo
from typing import Any

from django import forms

from organiser_portal.organisations.models import Invitation, Membership, Organisation, User


class OrganisationForm(forms.ModelForm):  # type: ignore[type-arg]  # generic to the checker alone
    time_zone = forms.ChoiceField(choices=[(name, name) for name in sorted(zoneinfo.available_timezones())])

    class Meta:
        model = Organisation
        fields = ("name", "slug", "time_zone")
        help_texts = {"slug": "The short name in every address and command. Links break when it changes."}


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]  # generic to the checker alone
    class Meta:
        model = User
        fields = ("email", "first_name", "last_name", "is_active", "is_staff")
        labels = {"is_staff": "Administrator"}
        help_texts = {
            "is_staff": "Of the whole installation: may see and change what is on this site.",
            "is_active": "Whoever is switched off is signed out and cannot sign in. Nothing they did is lost.",
        }

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class InvitationForm(forms.ModelForm):  # type: ignore[type-arg]  # generic to the checker alone
    class Meta:
        model = Invitation
        fields = ("organisation", "email", "role")

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        members = Membership.objects.filter(organisation=cleaned.get("organisation"), user__email=cleaned.get("email"))
        if members.exists():
            self.add_error("email", "They are in this organisation already.")
        return cleaned

    def validate_unique(self) -> None:
        """An open invitation to the same address is renewed."""

    def validate_constraints(self) -> None:
        """As above."""
