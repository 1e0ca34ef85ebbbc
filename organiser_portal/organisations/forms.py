"""What owners say about people, and what the invited say about themselves."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils import timezone

from organiser_portal.organisations.models import User
from organiser_portal.organisations.roles import Role

LONGEST_GRANT = timedelta(days=366)


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role.choices, widget=forms.RadioSelect(attrs={"class": "form-check-input m-0"}))

    def chosen(self) -> Role:
        return Role(self.cleaned_data["role"])


class InviteForm(RoleForm):
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    field_order = ["email", "role"]


class SensitiveForm(forms.Form):
    """A last day, in the time zone that is active. ``until()`` is the end of that day."""

    last_day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, today: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = timezone.localtime(today).date()
        self.fields["last_day"].widget.attrs |= {
            "min": self.today.isoformat(),
            "max": (self.today + LONGEST_GRANT).isoformat(),
        }

    def clean_last_day(self) -> Any:
        day = self.cleaned_data["last_day"]
        if day < self.today:
            raise forms.ValidationError("That day is over. Choose one that is still to come.")
        if day > self.today + LONGEST_GRANT:
            raise forms.ValidationError("A year is the longest. It can be given again.")
        return day

    def until(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.cleaned_data["last_day"], time(23, 59, 59)))


class NewcomerForm(forms.Form):
    """Who the invited person is. The address comes from the invitation, never from the form."""

    first_name = forms.CharField(max_length=150, widget=forms.TextInput(attrs={"autocomplete": "given-name"}))
    last_name = forms.CharField(
        max_length=150, required=False, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    password = forms.CharField(
        strip=False,
        max_length=1_000,
        help_text="At least ten characters. A few unrelated words do well.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        person = User(
            email=self.email, first_name=cleaned.get("first_name", ""), last_name=cleaned.get("last_name", "")
        )
        if "password" in cleaned:
            try:
                validate_password(cleaned["password"], person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned
