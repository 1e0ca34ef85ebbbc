"""The form of a connection, built from what its provider declares. Secrets go in and never come out."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings as portal
from django.core.validators import RegexValidator
from django.forms import BoundField
from django.utils.formats import date_format
from django.utils.timezone import localtime

from organiser_portal.connections import gateway
from organiser_portal.connections.models import Connection
from organiser_portal.connections.polling import POLLING, polling_faults, polling_fields, polling_of
from organiser_portal.connections.services import Details
from organiser_portal.connections.trail import secrets_changed_at
from organiser_portal.core.encryption import Secrets
from organiser_portal.organisations.models import Organisation
from providers.port import ConnectionField, Provider

LONGEST_VALUE = 4_000  # a signed token of a generous issuer


class Hidden(str):
    """A secret on its way from the form to the vault. Shows itself to nobody who only prints it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<hidden>"


class SecretInput(forms.PasswordInput):
    """Empty whenever it is rendered. ``held``: it may be left so, as there is one already."""

    def __init__(self, *, held: bool) -> None:
        super().__init__(render_value=False, attrs={"autocomplete": "new-password", "spellcheck": "false"})
        self.held = held

    def use_required_attribute(self, initial: Any) -> bool:
        return super().use_required_attribute(initial) and not self.held


class SecretField(forms.CharField):
    """Write-only: what was typed is never rendered again. Left empty, the one that is held stays."""

    def __init__(self, *, held: bool, **kwargs: Any) -> None:
        super().__init__(widget=SecretInput(held=held), **kwargs)
        self.held = held

    def clean(self, value: Any) -> Hidden:
        return Hidden("" if self.held and not value else super().clean(value))


class ConnectionForm(forms.Form):
    """Label, base URL where it may be set, and the provider's own fields: plain ones as ``setting_<name>``, secret
    ones as ``secret_<name>``. On an existing connection an empty secret means: keep the one we hold.

    ``may_allow``: whoever fills it in is an administrator, so the base URL they enter is permitted by that.
    ``ask_again``: held secrets do not follow to another host.
    """

    label = forms.CharField(
        max_length=100, required=False, help_text="To tell it from another account at the same provider."
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        organisation: Organisation,
        provider: type[Provider],
        connection: Connection | None = None,
        may_allow: bool = False,
        ask_again: bool = True,
    ) -> None:
        super().__init__(data, initial=_initial(provider, connection))
        self.organisation, self.provider, self.connection = organisation, provider, connection
        self.may_allow, self.ask_again = may_allow, ask_again
        changed = secrets_changed_at(connection) if connection else {}
        held = set(connection.secret_names) if connection else set()
        for each in provider.connection_fields:
            if each.secret:
                note = f"Set, last changed {_day(changed.get(each.name))}. Leave empty to keep it."
                self.fields[f"secret_{each.name}"] = _secret(each, note if each.name in held else "")
            else:
                self.fields[f"setting_{each.name}"] = _plain(each)
        if may_allow or portal.PROVIDER_SANDBOX:
            self.fields["base_url"] = _base_url(provider)
        self.fields.update(polling_fields())

    def main_fields(self) -> Iterator[BoundField]:
        """What one has to look at."""
        yield from (self[field_name(each)] for each in self.provider.connection_fields if not each.advanced)
        yield self["label"]

    def advanced_fields(self) -> Iterator[BoundField]:
        """What has a working default, and is folded away."""
        yield from (self[field_name(each)] for each in self.provider.connection_fields if each.advanced)
        if "base_url" in self.fields:
            yield self["base_url"]

    def polling_fields(self) -> Iterator[BoundField]:
        yield from (self[name] for name in POLLING)

    def unfolded(self) -> bool:
        """Whether the folded part holds something to mend."""
        return any(bound.errors for bound in self.advanced_fields())

    def lost_secrets(self) -> bool:
        """Whether a secret was typed that has to be typed again, since it is not rendered."""
        return self.is_bound and any(
            self.data.get(field_name(each)) for each in self.provider.connection_fields if each.secret
        )

    def clean_label(self) -> str:
        label: str = self.cleaned_data["label"]
        others = Connection.objects.of(self.organisation).filter(provider=self.provider.key, label__iexact=label)
        if self.connection:
            others = others.exclude(pk=self.connection.pk)
        if others.exists():
            named = f"called “{label}”" if label else "without a label"
            raise forms.ValidationError(
                f"There is already a connection to {self.provider.label} {named}. Give this one a label of its own."
            )
        return label

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            self._ask_provider(self.details())
            self._ask_again_for_secrets()
            for name, text in polling_faults(polling_of(cleaned)).items():
                self.add_error(name, text)
        return cleaned

    def details(self) -> Details:
        """What was entered, ready for the services."""
        base_url, allowed = self._address()
        return Details(
            label=self.cleaned_data["label"],
            base_url=base_url,
            base_url_allowed=allowed,
            settings=self._typed(secret=False),
            credentials=Secrets({name: str(value) for name, value in self._typed(secret=True).items()}),
            polling=polling_of(self.cleaned_data),
        )

    def _address(self) -> tuple[str, bool]:
        """The base URL, and whether an administrator stands behind it: they enter it, or it is as they left it."""
        before = self.connection.base_url if self.connection else ""
        entered: str = self.cleaned_data.get("base_url", before)
        kept = bool(self.connection and self.connection.base_url_allowed and entered == before)
        return entered, bool(entered) and (self.may_allow or kept)

    def _typed(self, *, secret: bool) -> dict[str, str]:
        """What differs from the provider's own default; what does not follows it when it changes."""
        fields = [each for each in self.provider.connection_fields if each.secret == secret]
        typed = {each.name: self.cleaned_data[field_name(each)] for each in fields}
        return {each.name: typed[each.name] for each in fields if typed[each.name] not in ("", each.default)}

    def _ask_provider(self, details: Details) -> None:
        found = gateway.objections(self.provider, details.settings, details.base_url, allowed=details.base_url_allowed)
        names = {each.name: field_name(each) for each in self.provider.connection_fields} | {"base_url": "base_url"}
        for name, texts in found.items():
            field = names.get(name)
            self.add_error(field if field in self.fields else None, texts)

    def _ask_again_for_secrets(self) -> None:
        """A key that was given for one host is not sent to another by whoever may not even read it."""
        if (
            self.connection is None
            or not self.ask_again
            or self._host(self._address()[0]) == self._host(self.connection.base_url)
        ):
            return
        for each in self.provider.connection_fields:
            if (
                each.secret
                and each.name in self.connection.secret_names
                and not self.cleaned_data.get(field_name(each))
            ):
                self.add_error(field_name(each), "It would go to another address now, so it has to be entered again.")

    def _host(self, base_url: str) -> str:
        return urlsplit(base_url or self.provider.default_base_url).netloc.lower()


def field_name(each: ConnectionField) -> str:
    """What the form calls a field of the provider."""
    return f"secret_{each.name}" if each.secret else f"setting_{each.name}"


def _initial(provider: type[Provider], connection: Connection | None) -> dict[str, Any]:
    held = connection.settings if connection else {}
    plain = {
        field_name(each): held.get(each.name, each.default) for each in provider.connection_fields if not each.secret
    }
    polling = connection.polling if connection else {}
    own = {"label": connection.label, "base_url": connection.base_url} if connection else {}
    return {**plain, **own, **{f"every_{phase}": minutes for phase, minutes in polling.items()}}


def _secret(each: ConnectionField, held_note: str) -> SecretField:
    return SecretField(
        label=each.label,
        help_text=" ".join(filter(None, [held_note, each.help])),
        required=each.required,
        held=bool(held_note),
        max_length=LONGEST_VALUE,
        validators=_validators(each),
    )


def _plain(each: ConnectionField) -> forms.Field:
    if each.choices:
        return forms.ChoiceField(label=each.label, help_text=each.help, required=each.required, choices=each.choices)
    return forms.CharField(
        label=each.label,
        help_text=each.help,
        required=each.required,
        max_length=LONGEST_VALUE,
        validators=_validators(each),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


def _validators(each: ConnectionField) -> list[RegexValidator]:
    if not each.pattern:
        return []
    return [RegexValidator(rf"^(?:{each.pattern})\Z", "This is not a value it can have.")]


def _base_url(provider: type[Provider]) -> forms.URLField:
    return forms.URLField(
        label="Base URL",
        required=False,
        max_length=300,
        assume_scheme="https",
        help_text=f"Only when {provider.label} is to be called at another address than {provider.default_base_url}.",
    )


def _day(at: Any) -> str:
    return date_format(localtime(at), "j F Y") if at else "some time ago"
