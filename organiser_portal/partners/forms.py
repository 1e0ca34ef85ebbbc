"""The form of an operation, built from what its provider declares."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.core.validators import RegexValidator

from organiser_portal.connections.operation_fields import number_field
from organiser_portal.events.models import Race
from organiser_portal.events.naming import NAMED_WITH, race_choices
from organiser_portal.partners.choices import Choices
from organiser_portal.partners.edits import changed, overtaken
from organiser_portal.partners.models import Campaign
from organiser_portal.partners.proposals import propose
from providers.operations import Operation, OperationField, Verb

PARTS = {"first_name": "first name", "last_name": "last name", "email": "e-mail", "phone": "phone"}
FEWEST_ROWS = 3
LONGEST = 20_000
SHOWN = "shown"
"""The hidden input that remembers what the form of an edit showed."""
LACKING = {
    "group": "This partner holds no places yet. Give it some first.",
    "partner": "No partner is known of this connection yet. Add one first, or wait for its next sync.",
    "tickets": "This event has no tickets yet. Add one at the provider; it shows here after the next sync.",
    "races": "This event has no races yet. They show here after the next sync of the connection.",
    "results": "No result of this partner waits for a decision.",
    "cap": "This campaign has no cap. Set one first.",
}
"""What is said where a field has to be answered, and there is nothing to answer it with: by kind of field."""
EDITS = frozenset({Verb.EDIT_PARTNER, Verb.EDIT_GROUP, Verb.EDIT_CAMPAIGN})


class OperationForm(forms.Form):
    """``initial``: values by field name, as the provider gave them (``editable``). ``choices``: see ``choices_at``.

    ``values()`` are what is sent; a locked field is shown with its reason, and never among them. Of an edit only what
    somebody changed is sent; what has changed at the provider since the form was shown is told once, and then replaced.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        operation: Operation,
        choices: Mapping[str, Choices] | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data)
        self.operation = operation
        self._choices = choices or {}
        self._contact_rows: dict[str, int] = {}
        self._now = dict(initial or {})
        for declared in operation.fields:
            held = (initial or {}).get(declared.name)
            self.fields.update(
                self._contacts(declared, held) if declared.kind == "contacts" else self._one(declared, held)
            )

    @property
    def is_edit(self) -> bool:
        return self.operation.verb in EDITS

    @property
    def lacking(self) -> str:
        """Why nobody can fill this in; "" where they can."""
        for each in self.operation.fields:
            asked = each.required and not each.locked and each.kind in LACKING
            if asked and not any(key for key, _ in self.fields[each.name].choices):  # type: ignore[attr-defined]
                return LACKING[each.kind]
        return ""

    @property
    def shown(self) -> str:
        """What the form shows before anybody types, as JSON: for the hidden input of an edit."""
        return json.dumps({each.name: self._showing(each) for each in self.operation.fields if not each.locked})

    def values(self) -> dict[str, object]:
        """Plain JSON by field name. The form has to be valid."""
        typed = self._typed()
        return changed(self.operation, typed, self._shown_before()) if self.is_edit else typed

    def clean(self) -> dict[str, Any]:
        if self.is_edit and not self.errors:
            self._tell_what_was_overtaken()
        return self.cleaned_data

    def object_to(self, field_errors: Mapping[str, Sequence[str]], sentence: str) -> None:
        """Put what the provider said on the field that caused it; what fits nowhere over the form."""
        for name, texts in (field_errors or {"": [sentence]}).items():
            target = f"{name}_1_email" if name in self._contact_rows else name
            for text in texts:
                self.add_error(target if target in self.fields else None, text)

    def _tell_what_was_overtaken(self) -> None:
        now = {each.name: self._showing(each) for each in self.operation.fields}
        for declared in overtaken(self.operation, self._typed(), self._shown_before(), now):
            says = now[declared.name]
            told = f"“{says}”" if isinstance(says, str | int) and says not in ("", True, False) else "something else"
            self.add_error(
                f"{declared.name}_1_email" if declared.name in self._contact_rows else declared.name,
                f"This has changed since you opened the form: it is {told} now. Save again to put yours in its place.",
            )

    def _shown_before(self) -> dict[str, Any]:
        """What the form showed when it was opened; as it is now where the browser did not say."""
        try:
            before = json.loads(self.data.get(SHOWN) or "null")
        except ValueError:
            before = None
        return (
            before if isinstance(before, dict) else {each.name: self._showing(each) for each in self.operation.fields}
        )

    def _showing(self, declared: OperationField) -> Any:
        held = self._now.get(declared.name)
        return declared.default if held is None else held

    def _typed(self) -> dict[str, object]:
        return {each.name: self._value(each) for each in self.operation.fields if not each.locked}

    def _one(self, declared: OperationField, held: Any) -> dict[str, forms.Field]:
        made = _field(declared, self._choices.get(declared.kind, ()), held)
        made.initial = held if held is not None else declared.default
        made.disabled = bool(declared.locked)
        return {declared.name: made}

    def _contacts(self, declared: OperationField, held: Any) -> dict[str, forms.Field]:
        people = [each for each in held if isinstance(each, dict)] if isinstance(held, list) else []
        rows = len(people) if declared.locked else max(FEWEST_ROWS, len(people) + 1)
        self._contact_rows[declared.name] = rows
        return {
            f"{declared.name}_{row}_{part}": _contact_part(
                declared, row, part, people[row - 1].get(part, "") if row <= len(people) else ""
            )
            for row in range(1, rows + 1)
            for part in PARTS
        }

    def _value(self, declared: OperationField) -> object:
        if declared.kind == "contacts":
            return self._rows(declared)
        value = self.cleaned_data.get(declared.name)
        match declared.kind:
            case "decimal":
                return "" if value is None else format(value, "f")
            case "serials":
                return str(value or "").split()
        return value

    def _rows(self, declared: OperationField) -> list[dict[str, str]]:
        count = self._contact_rows[declared.name]
        rows = (
            {part: self.cleaned_data.get(f"{declared.name}_{row}_{part}") or "" for part in PARTS}
            for row in range(1, count + 1)
        )
        return [row for row in rows if any(row.values())]


class RaceForm(forms.Form):
    """Which of the organisation's races a campaign is for. Unlinked, the race whose name is most alike is proposed."""

    race = forms.ChoiceField(label="For the race", required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, campaign: Campaign) -> None:
        super().__init__(data, initial={"race": campaign.race_id})
        races = Race.objects.of(campaign.organisation).select_related("event").prefetch_related(*NAMED_WITH)
        found = list(races.order_by("-starts_at", "name", "pk"))
        self._races = {str(race.pk): race for race in found}
        self.proposed = None if campaign.race_id else propose(campaign.name, [(race.pk, race.name) for race in found])
        field = self.fields["race"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "None of them"), *race_choices(found)]
        if self.proposed:
            field.help_text = "Proposed by its name. It is linked when you save it."
            self.initial["race"] = self.proposed

    def chosen(self) -> Race | None:
        """The form has to be valid."""
        return self._races.get(self.cleaned_data["race"])


def _field(declared: OperationField, choices: Choices, held: Any) -> forms.Field:
    told: dict[str, Any] = {
        "label": declared.label,
        "required": declared.required and not declared.locked,
        "help_text": declared.locked or declared.help,
    }
    match declared.kind:
        case "bool":
            return forms.BooleanField(**told | {"required": False})
        case "whole" | "decimal":
            return number_field(declared, **told)
        case "email":
            return forms.EmailField(**told)
        case "long" | "serials":
            return forms.CharField(max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}), **told)
        case "choice" | "group" | "partner" | "cap":
            return forms.ChoiceField(choices=_with_held(declared, declared.choices or choices, [held]), **told)
        case "tickets" | "races" | "results":
            listed = held if isinstance(held, list) else []
            return forms.MultipleChoiceField(
                choices=list(_known_and_held(choices, listed)), widget=forms.CheckboxSelectMultiple, **told
            )
    return forms.CharField(max_length=500, validators=_pattern(declared), **told)


def _with_held(declared: OperationField, choices: Choices, held: Sequence[Any]) -> list[tuple[str, str]]:
    """A value that is held stays possible, even if nobody knows it any more; and an empty one where it may be."""
    empty = [] if declared.default else [("", "Choose one" if declared.required else "None in particular")]
    return [*empty, *_known_and_held(choices, held)]


def _known_and_held(choices: Choices, held: Sequence[Any]) -> Iterator[tuple[str, str]]:
    yield from choices
    known = dict(choices)
    yield from ((str(each), str(each)) for each in held if each and str(each) not in known)


def _pattern(declared: OperationField) -> list[RegexValidator]:
    if not declared.pattern:
        return []
    return [RegexValidator(rf"\A(?:{declared.pattern})\Z", message=declared.help or "This is not a value it can have.")]


def _contact_part(declared: OperationField, row: int, part: str, held: object) -> forms.Field:
    """Where the provider asks for somebody, it is the first who may not be left out."""
    kind = forms.EmailField if part == "email" else forms.CharField
    leads = (row, part) == (1, "email")
    return kind(
        label=f"Contact {row}: {PARTS[part]}",
        required=leads and declared.required and not declared.locked,
        max_length=254,
        initial=str(held),
        disabled=bool(declared.locked),
        help_text=(declared.locked or declared.help) if leads else "",
        error_messages={"required": "Name at least one contact, with an e-mail address."},
    )
