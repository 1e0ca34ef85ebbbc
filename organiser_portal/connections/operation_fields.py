"""One declared value of an operation as a form field: the kinds that mean the same in every room."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator

from providers.operations import OperationField

LONGEST = 20_000
LONGEST_LINE = 500
MOMENT = "%Y-%m-%dT%H:%M"


def plain_field(declared: OperationField) -> forms.Field:
    """Text of one line or several, numbers, a choice, a date with its time. Anything else is text of one line."""
    told: dict[str, Any] = {"label": declared.label, "required": declared.required, "help_text": declared.help}
    told |= {"initial": declared.default or None}
    match declared.kind:
        case "whole":
            return forms.IntegerField(min_value=declared.at_least, **told)
        case "decimal":
            return forms.DecimalField(min_value=declared.at_least, **told)
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
