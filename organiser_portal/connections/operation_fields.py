"""One declared value of an operation as a form field: the kinds that mean the same in every room."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import RegexValidator

from providers.operations import OperationField
from providers.parsing import LARGEST_INTEGER

LONGEST = 20_000
LONGEST_LINE = 500
DIGITS, PLACES = 30, 15  # as many as the columns for amounts hold
MOMENT = "%Y-%m-%dT%H:%M"


class Amount(forms.DecimalField):
    """An amount as somebody writes it out. For Python 1e999999999 is one as well, and a gigabyte of noughts as text."""

    def __init__(self, **options: Any) -> None:
        untold = f"This has to be a number of up to {DIGITS - PLACES} digits, and {PLACES} behind the point."
        said = dict.fromkeys(("max_digits", "max_whole_digits", "max_decimal_places"), untold)
        widget = forms.NumberInput(attrs={"step": "any"})
        super().__init__(max_digits=DIGITS, decimal_places=PLACES, widget=widget, error_messages=said, **options)

    def to_python(self, value: Any) -> Any:
        found: Decimal | None = super().to_python(value)
        if found is None or found:
            return found
        return Decimal(0) if found.adjusted() > 0 else found.copy_abs()


def plain_field(declared: OperationField) -> forms.Field:
    """Text of one line or several, numbers, a choice, a date with its time. Anything else is text of one line."""
    told: dict[str, Any] = {"label": declared.label, "required": declared.required, "help_text": declared.help}
    told |= {"initial": declared.default or None}
    match declared.kind:
        case "whole" | "decimal":
            return number_field(declared, **told)
        case "long":
            return forms.CharField(max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}), **told)
        case "choice":
            empty = [] if declared.required else [("", "As it is")]
            return forms.ChoiceField(choices=[*empty, *declared.choices], **told)
        case "moment":
            widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
            return forms.DateTimeField(input_formats=[MOMENT, f"{MOMENT}:%S"], widget=widget, **told)
    pattern = [RegexValidator(rf"\A(?:{declared.pattern})\Z", message=declared.help)] if declared.pattern else []
    return forms.CharField(max_length=LONGEST_LINE, validators=pattern, **told)


def number_field(declared: OperationField, **told: Any) -> forms.Field:
    """Of a kind that is a number: one that can be written out, and that a column holds."""
    if declared.kind == "decimal":
        return Amount(min_value=declared.at_least, **told)
    most = {"max_value": f"This has to be a whole number up to {LARGEST_INTEGER}."}
    return forms.IntegerField(min_value=declared.at_least, max_value=LARGEST_INTEGER, error_messages=most, **told)


def plain_value(declared: OperationField, value: Any) -> object:
    """What is sent of a cleaned value: plain JSON, amounts as text so that they stay exact, times without a zone."""
    if value is None:
        return ""
    match declared.kind:
        case "decimal":
            return format(value, "f")
        case "moment":
            return f"{value:{MOMENT}}"
    return value
