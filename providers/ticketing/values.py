"""What somebody filled in, read for TickeTing. What is missing is told at its field, before anything is sent."""

from collections.abc import Mapping

from providers.errors import FieldError, NotFound, Refused
from providers.ticketing.uris import is_number


def wanted(name: str, sentence: str, *, rule: str = "missing") -> Refused:
    return Refused(sentence, field_errors={name: [FieldError(rule=rule, text=sentence)]})


def said(values: Mapping[str, object], name: str) -> str:
    """The text, "" where there is none."""
    value = values.get(name)
    return value.strip() if isinstance(value, str) else ""


def needed(values: Mapping[str, object], name: str) -> str:
    """Raises Refused where nothing was given."""
    found = said(values, name)
    if not found:
        raise wanted(name, "This is needed.")
    return found


def event_of(subject: str) -> str:
    """Raises NotFound for what cannot be an event's number."""
    if not is_number(subject):
        raise NotFound("TickeTing has no event of this number.")
    return subject


def pair_of(subject: str, what: str) -> tuple[str, str]:
    """The event's number and that of a thing below it, out of "event-thing". Raises NotFound."""
    event_id, _, thing_id = subject.partition("-")
    if not (is_number(event_id) and is_number(thing_id)):
        raise NotFound(f"TickeTing has no {what} of this number.")
    return event_id, thing_id
