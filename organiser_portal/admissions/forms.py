"""Forms of a gate; labels, help and needs are those the provider declares with its operations."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from organiser_portal.admissions.models import GateToken
from organiser_portal.events.models import EventListing, Listing
from providers.operations import Operation, OperationField

LONGEST = 60_000


class GateForm(forms.Form):
    def object_to(self, field_errors: Mapping[str, Sequence[str]], sentence: str) -> None:
        """Put what the provider said on the field that caused it; what fits nowhere over the form."""
        for name, texts in (field_errors or {"": [sentence]}).items():
            for text in texts:
                self.add_error(name if name in self.fields else None, text)


class TokenForm(GateForm):
    """Which races a token opens. ``steward`` is asked for a new one alone: the provider has no place for it."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        operation: Operation,
        gate: EventListing,
        token: GateToken | None = None,
    ) -> None:
        super().__init__(data)
        if token is None:
            self.fields["steward"] = forms.CharField(
                label="For whom",
                max_length=100,
                required=False,
                help_text="A name for the card, such as “Sam, gate A”. It stays here.",
            )
        declared = _declared(operation, "races")
        listed = [(listing.external_id, str(listing)) for listing in races_of(gate)]
        self.fields["races"] = forms.MultipleChoiceField(
            label=declared.label,
            help_text=declared.help if listed else "None is known of this event yet. They come with the next sync.",
            choices=listed,
            initial=token.race_external_ids if token else [],
            widget=forms.CheckboxSelectMultiple,
        )


class RedeemForm(GateForm):
    """``initial``: who let in the last ones here, and on what."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        operation: Operation,
        initial: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(data, initial={each.name: each.default for each in operation.fields} | dict(initial or {}))
        for declared in operation.fields:
            self.fields[declared.name] = _text(declared)

    def values(self) -> dict[str, object]:
        """Plain JSON by field name. The form has to be valid."""
        return {**self.cleaned_data, "serials": self.cleaned_data["serials"].split()}


def races_of(gate: EventListing) -> "list[Listing]":
    """The races that the provider still lists."""
    return list(gate.listings.filter(gone_at=None, stub=False).order_by("starts_at", "name", "pk"))


def _declared(operation: Operation, name: str) -> OperationField:
    return next((each for each in operation.fields if each.name == name), OperationField(name=name, label="Races"))


def _text(declared: OperationField) -> forms.Field:
    lines = declared.kind == "serials"
    return forms.CharField(
        label=declared.label,
        help_text=declared.help,
        required=declared.required,
        max_length=LONGEST if lines else 100,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}) if lines else forms.TextInput,
    )
