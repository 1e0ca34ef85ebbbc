"""The standard fields of a person, as a form asks for them."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import CharField

from organiser_portal.participants.models import Entry
from organiser_portal.participants.models.person import GENDERS
from providers.records import PERSON_FIELDS

OLDEST = 120  # years
WIDE, HALF, QUARTER = "col-12", "col-md-6", "col-6 col-md-3"
# In the order of the page: name of the column → its width.
LAYOUT = {
    "first_name": HALF, "last_name": HALF, "email": HALF, "phone": HALF, "birth_date": HALF, "gender": HALF,
    "address_1": HALF, "address_2": HALF, "city": QUARTER, "postcode": QUARTER, "region": QUARTER, "country": QUARTER,
    "club": HALF, "nationality": HALF, "emergency_name": HALF, "emergency_phone": HALF, "medical": WIDE,
}  # fmt: skip
LABELS = {"emergency_phone": "Emergency number"}
INPUT_TYPES = {"email": "email", "phone": "tel", "emergency_phone": "tel"}
INPUT_MODES = {"phone": "tel", "emergency_phone": "tel"}


def person_fields(
    *, leave_out: Collection[str] = (), needed: Collection[str] = (), today: date
) -> dict[str, forms.Field]:
    """A form field for each column of a person, without those in ``leave_out``; ``needed`` must be filled in."""
    return {
        name: _field(name, needed=name in needed, today=today)
        for name in LAYOUT
        if name in PERSON_FIELDS and name not in leave_out
    }


def _field(name: str, *, needed: bool, today: date) -> forms.Field:
    column = Entry._meta.get_field(name)
    text = LABELS.get(name, str(getattr(column, "verbose_name", name)))
    told: dict[str, Any] = {"label": text[:1].upper() + text[1:], "required": needed}
    if name == "birth_date":
        return _birth_date(today, told)
    if name == "gender":
        return forms.ChoiceField(choices=GENDERS, widget=forms.RadioSelect, **told)
    if name == "medical":
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}), **told)
    longest = column.max_length if isinstance(column, CharField) else None
    attrs = {"autocomplete": "off"} | ({"inputmode": INPUT_MODES[name]} if name in INPUT_MODES else {})
    widget = forms.TextInput(attrs=attrs)
    widget.input_type = INPUT_TYPES.get(name, "text")
    kind = forms.EmailField if name == "email" else forms.CharField
    return kind(max_length=longest, widget=widget, **told)


def _birth_date(today: date, told: dict[str, Any]) -> forms.Field:
    def sane(born: date) -> None:
        if born > today:
            raise ValidationError("This day is still to come.")
        if born.year < today.year - OLDEST:
            raise ValidationError(f"This is more than {OLDEST} years ago.")

    return forms.DateField(
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        validators=[sane],
        error_messages={"invalid": "Write it as day/month/year, such as 29/02/1992."},
        **told,
    )
