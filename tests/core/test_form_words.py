"""What every form says of an answer that cannot be taken: never the framework's half sentence."""

import pytest
from django import forms

HALF = (
    "This field is required.",
    "Select a valid choice",
    "Enter a whole number.",
    "Enter a number.",
    "Enter a valid date",
    "Enter a valid email",
    "Enter a valid URL",
)
FIELDS = {
    "nothing": (forms.CharField(), ""),
    "a stale choice": (forms.ChoiceField(choices=[("a", "A")]), "b"),
    "a stale choice among several": (forms.MultipleChoiceField(choices=[("a", "A")]), ["b"]),
    "words for a number": (forms.IntegerField(), "many"),
    "words for an amount": (forms.DecimalField(), "much"),
    "a day that is none": (forms.DateField(), "31 February"),
    "a time that is none": (forms.DateTimeField(), "noon"),
    "an e-mail address that is none": (forms.EmailField(), "ann@mail,example"),
    "a web address that is none": (forms.URLField(), "fell gate"),
    "no file": (forms.FileField(), None),
}


@pytest.mark.parametrize("field, told", FIELDS.values(), ids=FIELDS)
def test_a_form_says_what_is_wrong_and_what_to_do(field: forms.Field, told: object) -> None:
    with pytest.raises(forms.ValidationError) as refused:
        field.clean(told)
    said = refused.value.messages
    assert said
    assert not [text for text in said if text.startswith(HALF)]


def test_a_field_with_words_of_its_own_keeps_them() -> None:
    field = forms.CharField(error_messages={"required": "Say who you are."})
    with pytest.raises(forms.ValidationError, match=r"Say who you are\."):
        field.clean("")
