"""What staff type about a race or an event."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django import forms

from organiser_portal.connections.operation_fields import plain_field, plain_value
from organiser_portal.events.models import Race
from organiser_portal.events.naming import race_choices
from providers.operations import Operation

NEAR = timedelta(days=2)


class OfOneValue(forms.Form):
    """A small form in a menu of a page. What cannot be taken is shown once more as text, because a browser shows
    nothing of it in a field for days or numbers, and the eye and the cursor are led to it.
    """

    def add_error(self, field: str | None, error: Any) -> None:
        super().add_error(field, error)
        for each in self.fields.values():
            each.widget.input_type = "text"
            each.widget.attrs["autofocus"] = True


class LicenceForm(OfOneValue):
    capacity = forms.IntegerField(
        label="Licence",
        help_text="The most runners over all platforms. Leave it empty for no limit.",
        min_value=0,
        max_value=2_000_000,
        required=False,
    )


class LastClaimsForm(OfOneValue):
    day = forms.DateField(
        label="Last day for claims",
        help_text="Until then partners may claim the places held for them. Leave it empty for no such day.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )


class LinkForm(forms.Form):
    """Which of our ``races`` a listing of ``race`` really is. Those on the same days stand first.

    The first that has the same name and start is chosen already: nobody has to look for what the portal has found.
    """

    race = forms.ChoiceField(label="It is the same race as")

    def __init__(self, *args: Any, race: Race, races: Sequence[Race], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._races = {str(each.pk): each for each in races}
        near = [each for each in races if _same_days(each, race)]
        others = [each for each in races if not _same_days(each, race)]
        field = self.fields["race"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", "Choose a race"),
            ("On the same days", race_choices(near)),
            ("On other days", race_choices(others)),
        ]
        field.initial = next((str(each.pk) for each in near if _is_twin(each, race)), "")

    def chosen(self) -> Race:
        return self._races[self.cleaned_data["race"]]


class ChangeForm(forms.Form):
    """The form of an operation, as its provider declares it. Which race it is about, the page knows."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, operation: Operation) -> None:
        super().__init__(data)
        self._declared = [each for each in operation.fields if each.kind != "race"]
        for declared in self._declared:
            self.fields[declared.name] = plain_field(declared)

    def values(self) -> dict[str, object]:
        """Plain JSON by field name. The form has to be valid."""
        return {each.name: plain_value(each, self.cleaned_data.get(each.name)) for each in self._declared}

    def object_to(self, field_errors: Mapping[str, Sequence[str]], sentence: str) -> None:
        """Put what the provider said on the field that caused it; what fits nowhere over the form."""
        for name, texts in (field_errors or {"": [sentence]}).items():
            for text in texts:
                self.add_error(name if name in self.fields else None, text)


def _same_days(one: Race, other: Race) -> bool:
    return bool(one.starts_at and other.starts_at and abs(one.starts_at - other.starts_at) <= NEAR)


def _is_twin(one: Race, other: Race) -> bool:
    return one.name.casefold() == other.name.casefold() and one.starts_at == other.starts_at
