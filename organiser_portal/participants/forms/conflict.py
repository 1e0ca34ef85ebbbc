"""The form that settles one conflict: ours, theirs, or a third value, checked as the entry's own form checks it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from organiser_portal.core.form_fields import dress
from organiser_portal.participants.forms.person import person_fields
from organiser_portal.participants.models import Entry
from organiser_portal.participants.modes import EditMode, capabilities

OURS, THEIRS, TYPED = "ours", "theirs", "typed"


class ConflictForm(forms.Form):
    """``seen`` is when the conflict that was shown had come up: nobody settles what they have not seen."""

    choice = forms.ChoiceField(
        choices=[(OURS, "Keep ours"), (THEIRS, "Take theirs"), (TYPED, "Type another")],
        error_messages={"required": "Choose one of the three.", "invalid_choice": "Choose one of the three."},
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, data: QueryDict | None = None, *, entry: Entry, name: str, mode: EditMode, today: date) -> None:
        held = entry.conflicts[name]
        self.now_there = str(held["at"])
        shown = {"choice": OURS, "seen": self.now_there, "value": getattr(entry, name)}
        super().__init__(data, initial=shown)
        self.unchosen = data is not None and data.get("choice") == OURS and _is_new(data.get("value", ""), shown, held)
        needed = {name} & {"first_name", "last_name"} if getattr(entry, name) else set()
        if mode is EditMode.PUSH:
            needed |= {name} & capabilities(entry).needed_to_add
        if data is not None and data.get("choice") != TYPED and not self.unchosen:
            needed = set()  # what stands in the third box is not what was chosen
        self.fields["value"] = person_fields(needed=needed, today=today)[name]
        if data is not None and data.get("choice") != TYPED and not self.unchosen:
            self.fields["value"].disabled = True
            self.initial["value"] = None
        dress(self["value"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("seen") not in (None, self.now_there):
            self.add_error(None, "The provider has changed its value once more. Look at both and choose again.")
        if self.unchosen:
            told = "You typed another value and chose ours. Choose the one that holds, or empty this box."
            self.add_error("value", told)
        return cleaned

    def seen_now(self) -> None:
        """Drawn again, it shows what is there by now."""
        if isinstance(self.data, QueryDict):
            self.data = self.data.copy()
            self.data["seen"] = self.now_there


def _is_new(typed: str, shown: Mapping[str, Any], held: Mapping[str, Any]) -> bool:
    """Whether this is in nobody's hand yet: neither what the box held by itself, nor what the provider has."""
    words = " ".join(typed.split())
    return words not in ("", *(" ".join(str(each or "").split()) for each in (shown["value"], held["theirs"])))
