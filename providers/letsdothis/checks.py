"""What is refused before it is sent: the rules that the reference states. Pure."""

import re
from collections.abc import Iterator, Mapping

from providers.errors import FieldError, Refused
from providers.letsdothis import folded
from providers.operations import Operation, OperationField

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_LINE_ENDS = re.compile(r"[\r\n\u2028\u2029]")  # where JavaScript's dot stops
_WHOLE = re.compile(r"[0-9]{1,9}")


def check(operation: Operation, values: Mapping[str, object], *, whole: bool) -> None:
    """Raises Refused, keyed by field name. ``whole``: a required field that is not given is missing."""
    wrong = {
        field.name: [FieldError(rule=rule, text=text)]
        for field in operation.fields
        if not field.locked and (whole or field.name in values)
        for rule, text in _objection(field, values.get(field.name))
    }
    if wrong:
        raise Refused("This was not sent to Let's Do This: see what is marked.", field_errors=wrong)


def refuse(name: str, rule: str, text: str) -> Refused:
    return Refused(text, field_errors={name: [FieldError(rule=rule, text=text)]})


def _objection(field: OperationField, value: object) -> Iterator[tuple[str, str]]:
    """At most one: the first that applies."""
    if field.kind == "contacts":
        yield from _contacts(field, value)
    elif field.kind == "tickets":
        if field.required and not folded.listed(value):
            yield "required", "Choose at least one ticket."
    elif field.kind != "bool":
        yield from _words(field, folded.words(value))


def _words(field: OperationField, written: str) -> Iterator[tuple[str, str]]:
    if not written:
        if field.required:
            yield "required", f"{field.label} is needed."
    elif field.pattern and (_LINE_ENDS.search(written) or not re.fullmatch(field.pattern, written)):
        yield "pattern", f"{field.label}: {field.help[:1].lower()}{field.help[1:]}"
    elif field.choices and written not in dict(field.choices):
        yield "choice", f"{field.label}: choose one of {', '.join(label for _, label in field.choices)}."
    elif field.kind == "whole" and not _WHOLE.fullmatch(written):
        yield "whole", f"{field.label}: a whole number from nought up."
    elif field.kind == "email" and not _EMAIL.fullmatch(written):
        yield "email", "This is not an e-mail address."


def _contacts(field: OperationField, value: object) -> Iterator[tuple[str, str]]:
    addresses = [folded.words(folded.pick(item, "email")) for item in folded.listed(value)]
    if not addresses and field.required:
        yield "required", "Name at least one contact."
    elif not all(map(_EMAIL.fullmatch, addresses)):
        yield "email", "Every contact needs an e-mail address."
