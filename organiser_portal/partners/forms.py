"""The form of an operation, built from what its provider declares."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.core.validators import RegexValidator

from organiser_portal.connections.models import Connection
from organiser_portal.events.models import EventListing, Listing, Race, TicketType
from organiser_portal.partners.models import Campaign, Partner, ReservedGroup
from organiser_portal.partners.proposals import propose
from providers.operations import Operation, OperationField

PARTS = {"first_name": "first name", "last_name": "last name", "email": "e-mail", "phone": "phone"}
FEWEST_ROWS = 3
LONGEST = 20_000

type Choices = Sequence[tuple[str, str]]


def choices_at(
    connection: Connection, *, event: EventListing | None = None, partner: Partner | None = None
) -> dict[str, Choices]:
    """What can be chosen, by kind of field: (external id, what it is called). Only what the provider still lists.

    On a partner's own page only that partner can be chosen.
    """
    there = {"connection": connection, "gone_at": None}
    tickets = TicketType.objects.filter(**there, event_listing=event) if event else TicketType.objects.none()
    races = Listing.objects.filter(**there, event_listing=event) if event else Listing.objects.filter(**there)
    partners = Partner.objects.filter(**there, pk=partner.pk) if partner else Partner.objects.filter(**there)
    groups = ReservedGroup.objects.filter(**there, partner=partner) if partner else ReservedGroup.objects.none()
    return {
        "tickets": [(row.external_id, row.title or row.external_id) for row in tickets.order_by("title", "pk")],
        "races": [(row.external_id, row.name or row.external_id) for row in races.order_by("name", "pk")],
        "group": [(row.external_id, str(row)) for row in groups.order_by("name", "pk")],
        "partner": [(row.external_id, str(row)) for row in partners.order_by("name", "pk")],
    }


class OperationForm(forms.Form):
    """``initial``: values by field name, as the provider gave them (``editable``). ``choices``: see ``choices_at``.

    ``values()`` are what is sent; a locked field is shown with its reason, and never among them.
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
        for declared in operation.fields:
            held = (initial or {}).get(declared.name)
            self.fields.update(
                self._contacts(declared, held) if declared.kind == "contacts" else self._one(declared, held)
            )

    def values(self) -> dict[str, object]:
        """Plain JSON by field name. The form has to be valid."""
        sent = (declared for declared in self.operation.fields if not declared.locked)
        return {declared.name: self._value(declared) for declared in sent}

    def clean(self) -> dict[str, Any]:
        for declared in self.operation.fields:
            if declared.kind == "contacts" and declared.required and not declared.locked and not self._rows(declared):
                self.add_error(f"{declared.name}_1_email", "Name at least one contact.")
        return self.cleaned_data

    def object_to(self, field_errors: Mapping[str, Sequence[str]], sentence: str) -> None:
        """Put what the provider said on the field that caused it; what fits nowhere over the form."""
        for name, texts in (field_errors or {"": [sentence]}).items():
            target = f"{name}_1_email" if name in self._contact_rows else name
            for text in texts:
                self.add_error(target if target in self.fields else None, text)

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
        found = Race.objects.of(campaign.organisation).select_related("event").order_by("-starts_at", "name", "pk")
        self._races = {str(race.pk): race for race in found}
        self.proposed = None if campaign.race_id else propose(campaign.name, [(race.pk, race.name) for race in found])
        field = self.fields["race"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "None of them"), *((key, _race_label(race)) for key, race in self._races.items())]
        if self.proposed:
            field.help_text = "Proposed by its name. It is linked when you save it."
            self.initial["race"] = self.proposed

    def chosen(self) -> Race | None:
        """The form has to be valid."""
        return self._races.get(self.cleaned_data["race"])


def _race_label(race: Race) -> str:
    """With its day and event: several may bear one name."""
    date = f", {race.starts_at:%d %b %Y}" if race.starts_at else ""
    return f"{race.name}{date} ({race.event.name})"


def _field(declared: OperationField, choices: Choices, held: Any) -> forms.Field:
    told: dict[str, Any] = {
        "label": declared.label,
        "required": declared.required and not declared.locked,
        "help_text": declared.locked or declared.help,
    }
    match declared.kind:
        case "bool":
            return forms.BooleanField(**told | {"required": False})
        case "whole":
            return forms.IntegerField(min_value=declared.at_least, **told)
        case "decimal":
            return forms.DecimalField(min_value=declared.at_least, **told)
        case "email":
            return forms.EmailField(**told)
        case "long" | "serials":
            return forms.CharField(max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}), **told)
        case "choice" | "group" | "partner":
            return forms.ChoiceField(choices=_with_held(declared, declared.choices or choices, [held]), **told)
        case "tickets" | "races":
            listed = held if isinstance(held, list) else []
            return forms.MultipleChoiceField(
                choices=list(_known_and_held(choices, listed)), widget=forms.CheckboxSelectMultiple, **told
            )
    return forms.CharField(max_length=500, validators=_pattern(declared), **told)


def _with_held(declared: OperationField, choices: Choices, held: Sequence[Any]) -> list[tuple[str, str]]:
    """A value that is held stays possible, even if nobody knows it any more; and an empty one where it may be."""
    empty = [] if declared.required and declared.default else [("", "---------")]
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
    kind = forms.EmailField if part == "email" else forms.CharField
    return kind(
        label=f"Contact {row}: {PARTS[part]}",
        required=False,
        max_length=254,
        initial=str(held),
        disabled=bool(declared.locked),
        help_text=(declared.locked or declared.help) if (row, part) == (1, "email") else "",
    )
