"""Which question of a provider's forms holds which field of the person."""

import hashlib
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from django import forms

from organiser_portal.connections import gateway
from organiser_portal.connections.models import Connection
from organiser_portal.connections.payloads import newest
from providers.records import PERSON_FIELDS, SENSITIVE_FIELDS, Kind, PersonQuestion

SAMPLE = 500
NOT_A_FIELD = ("", "An answer, not a person field")
LABELS: Mapping[str, str] = {
    "email": "E-mail",
    "birth_date": "Date of birth",
    "address_1": "Address line 1",
    "address_2": "Address line 2",
    "emergency_name": "Emergency contact: name",
    "emergency_phone": "Emergency contact: phone",
    "medical": "Medical notes",
}


def find_questions(connection: Connection) -> gateway.Questions:
    """What the newest stored entries and applications were asked: at most ``SAMPLE`` records of each kind."""
    sample = chain.from_iterable(newest(connection, kind, SAMPLE) for kind in (Kind.ENTRY, Kind.APPLICATION))
    return gateway.person_questions(connection, sample)


def field_label(name: str) -> str:
    label = LABELS.get(name) or name.replace("_", " ").capitalize()
    return f"{label} (restricted)" if name in SENSITIVE_FIELDS else label


class MappingForm(forms.Form):
    """A select per question, set to what is confirmed, or else proposed.

    Two questions of one entry form cannot both hold the same field. Two that never met in a form can: each race may
    ask for the e-mail address in its own words.
    """

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, questions: gateway.Questions, confirmed: Mapping[str, str]
    ) -> None:
        super().__init__(data)
        self._questions = questions
        self._names = {_name(each.key): each for each in questions.found}
        preset = _preset(questions, confirmed)
        choices = [NOT_A_FIELD, *((field, field_label(field)) for field in PERSON_FIELDS)]
        for name, each in self._names.items():
            self.fields[name] = forms.ChoiceField(
                label=each.label or each.key,
                choices=choices,
                required=False,
                initial=preset[each.key],
                widget=forms.Select(attrs={"class": "form-select"}),
                help_text=f"Called “{each.key}” there; asked {each.example_count} times in the records looked at.",
            )

    def rows(self) -> Iterator[tuple[PersonQuestion, forms.BoundField]]:
        yield from ((each, self[name]) for name, each in self._names.items())

    def mapping(self) -> dict[str, str]:
        """Question key → person field, "" for an answer that is none."""
        return {each.key: self.cleaned_data[name] for name, each in self._names.items()}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            chosen = self.mapping()
            labels = {each.key: each.label or each.key for each in self._questions.found}
            for key, other in _clashes(self._questions, chosen):
                text = f"“{labels[other]}” is the {field_label(chosen[key])} already, and both are asked on one form."
                self.add_error(_name(key), text)
        return cleaned


def _preset(questions: gateway.Questions, confirmed: Mapping[str, str]) -> dict[str, str]:
    """Confirmed, else proposed; of two proposed for one field on one form, the commoner question gets it."""
    chosen = {each.key: confirmed.get(each.key, questions.proposed.get(each.key, "")) for each in questions.found}
    for key, other in _clashes(questions, chosen):
        loser = other if key in confirmed and other not in confirmed else key
        chosen[loser] = chosen[loser] if loser in confirmed else ""
    return chosen


def _clashes(questions: gateway.Questions, chosen: Mapping[str, str]) -> list[tuple[str, str]]:
    """(key, an earlier key) wherever one form asks both for the same field."""
    keys = [each.key for each in questions.found if chosen[each.key]]
    return [
        (key, other)
        for place, key in enumerate(keys)
        for other in keys[:place]
        if chosen[key] == chosen[other] and any(key in form and other in form for form in questions.forms)
    ]


def _name(key: str) -> str:
    """A question key may hold anything; a form field's name may not."""
    return f"q_{hashlib.sha256(key.encode()).hexdigest()[:16]}"
