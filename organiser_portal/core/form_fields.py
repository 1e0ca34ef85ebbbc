"""A Django form field as the portal draws it: which shape, which classes, what to link to."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select, Widget

LONGEST_SEARCH = 200
"""Characters. Every word of a search is one more condition on every row."""


def shape(widget: Widget) -> str:
    """One of "hidden", "options" (a fieldset), "tick", "control"."""
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "options"
    return "tick" if isinstance(widget, CheckboxInput) else "control"


def dress(bound: BoundField) -> BoundField:
    """Give the widget its classes. Twice is once; the form's own classes stay."""
    widget = bound.field.widget
    wanted = _classes(widget) + (["is-invalid"] if bound.errors else [])
    have = str(widget.attrs.get("class", "")).split()
    if str(widget.attrs.get("placeholder", "")).lower().startswith(str(bound.label).lower()):
        widget.attrs.pop("placeholder", None)  # it only repeats the label, and is gone with the first letter typed
    widget.attrs["class"] = " ".join([*have, *(name for name in wanted if name not in have)])
    return bound


def _classes(widget: Widget) -> list[str]:
    match shape(widget):
        case "options" | "tick":
            return ["form-check-input", "m-0"]
        case "control":
            return ["form-select" if isinstance(widget, Select) else "form-control"]
    return []


def described_by(bound: BoundField) -> str:
    """The ids that say more about a fieldset; Django does it for single inputs only."""
    ids = [f"{bound.auto_id}_helptext"] if bound.help_text else []
    return " ".join([*ids, f"{bound.auto_id}_error"] if bound.errors else ids)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend, with the id to jump to ("" when it belongs to the whole form)."""

    target: str
    label: str
    text: str


def faults(form: BaseForm) -> Iterator[Fault]:
    """Everything wrong with a form: first what belongs to no field, then field by field in their order."""
    for text in form.non_field_errors():
        yield Fault("", "", str(text))
    for bound in form:
        for text in bound.errors:
            yield Fault("" if bound.is_hidden else bound.auto_id, str(bound.label), str(text))
