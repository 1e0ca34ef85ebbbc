"""What a form says when an answer cannot be taken: what is wrong and what to do, where Django's own sentence says only
the half of it. Every form of the portal says the same; a field's own words go before.
"""

from typing import Any

from django import forms

NOT_OFFERED = "This cannot be chosen, or not any more. Choose from what is offered."
SENTENCES: dict[type[forms.Field], dict[str, Any]] = {
    forms.Field: {"required": "This cannot be left empty."},
    forms.ChoiceField: {"invalid_choice": NOT_OFFERED},
    forms.MultipleChoiceField: {"invalid_choice": NOT_OFFERED, "invalid_list": NOT_OFFERED},
    forms.ModelChoiceField: {"invalid_choice": NOT_OFFERED},
    forms.ModelMultipleChoiceField: {"invalid_choice": NOT_OFFERED, "invalid_list": NOT_OFFERED},
    forms.IntegerField: {"invalid": "This has to be a whole number, such as 250."},
    forms.FloatField: {"invalid": "This has to be a number, such as 12.5."},
    forms.DecimalField: {"invalid": "This has to be a number, such as 12.50."},
    forms.DateField: {"invalid": "This is not a day. Write it like 23/05/2027."},
    forms.DateTimeField: {"invalid": "This is not a day with a time. Write it like 23/05/2027 09:30."},
    forms.EmailField: {"invalid": "This is not an e-mail address. Write it like name@example.org."},
    forms.URLField: {"invalid": "This is not a web address. Write it like https://example.org."},
    forms.FileField: {
        "required": "Choose a file first.",
        "invalid": "No file arrived. Choose it once more.",
        "missing": "No file arrived. Choose it once more.",
        "empty": "This file is empty. Choose another one.",
    },
}


def speak() -> None:
    """From now on, in every form."""
    for kind, said in SENTENCES.items():
        kind.default_error_messages = {**kind.__dict__.get("default_error_messages", {}), **said}
