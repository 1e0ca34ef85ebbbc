"""For whom a connection is, and to which provider: what an administrator says first."""

from collections.abc import Mapping
from typing import Any

from django import forms

from organiser_portal.connections import gateway
from organiser_portal.connections.forms import ConnectionForm
from organiser_portal.organisations.models import Organisation


class WhereForm(forms.Form):
    organisation = forms.ModelChoiceField(Organisation.objects.order_by("name"), to_field_name="slug", empty_label=None)
    provider = forms.ChoiceField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.key, kind.label) for kind in gateway.provider_classes()]
        self.fields["provider"].choices = kinds  # type: ignore[attr-defined]  # the declared field is a ChoiceField

    def form(self, data: Mapping[str, Any] | None) -> ConnectionForm:
        """What that provider asks, for that organisation."""
        return ConnectionForm(
            data,
            organisation=self.cleaned_data["organisation"],
            provider=gateway.provider_class(self.cleaned_data["provider"]),
            may_allow=True,
        )
