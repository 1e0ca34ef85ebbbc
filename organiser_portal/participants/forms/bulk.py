"""What is to be done to many entries."""

from typing import Any

from django import forms

from organiser_portal.core.form_fields import dress
from organiser_portal.participants.bulk.actions import Action

LIVE = {"hx-get": "", "hx-target": "#effect", "hx-swap": "outerHTML", "hx-sync": "this:replace"}
"""While it is typed, the page says what it would come to."""


class BulkForm(forms.Form):
    """The value of one action; none where it asks for nothing."""

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if action.choices:
            self.fields["value"] = forms.ChoiceField(
                label=action.typed,
                choices=list(action.choices.items()),
                widget=forms.Select(attrs={**LIVE, "hx-trigger": "change, load"}),
            )
        elif action.typed:
            self.fields["value"] = forms.CharField(
                label=action.typed,
                max_length=action.longest,
                required=not action.empties,
                help_text=action.empties,
                widget=forms.TextInput(
                    attrs={
                        "autocomplete": "off",
                        "autofocus": True,
                        "list": "known-values",
                        **LIVE,
                        "hx-trigger": "input changed delay:300ms",
                    }
                ),
            )
        for bound in self:
            dress(bound)

    @property
    def value(self) -> str:
        return str(self.cleaned_data.get("value", "")).strip()
