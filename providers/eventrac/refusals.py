"""eventrac's validation errors, put onto the fields that a person filled in.

They come as field → rule → text, and deeper for what is nested (an order, a form addition).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from providers.errors import AlreadyThere, FieldError, ProviderError, Refused
from providers.eventrac.envelope import members, value
from providers.eventrac.writing import PERSON_NAMES, form_additions, orders
from providers.port import Change
from providers.replies import Reply, facts, status_error

OUR_NAMES = {theirs: ours for ours, theirs in PERSON_NAMES.items()} | {
    "external_reference": "reference",
    "race_id": "race",
}
GROUPS = {"form_additions": "answers", "orders": "orders", "affiliations": "affiliations"}
TAKEN = ("reference", "unique")
DEEPEST = 8
ENVELOPE_KEYS = frozenset({"status", "message", "code", "links"})


@dataclass(frozen=True, slots=True)
class Objection:
    path: tuple[str, ...]
    text: str


def refused_or_fault(reply: Reply) -> ProviderError:
    """The row for 400 and 422: to a write it is a no with reasons, to a read it is our mistake or theirs."""
    return refusal(reply) if reply.is_write else status_error(reply)


def refusal(reply: Reply) -> Refused:
    """The error for an answer that says no to one change."""
    errors = field_errors(_told(reply.body))
    message = value((members(reply.body) or {}).get("message"))
    if not errors and isinstance(message, str) and message.strip():
        errors = {"": [FieldError(rule="", text=message.strip())]}
    return refused(reply, errors)


def refused(reply: Reply, errors: Mapping[str, Sequence[FieldError]]) -> Refused:
    """`AlreadyThere` if the reference is taken.

    Also where that is not all: of somebody who is there already, a race that is full by now says nothing.
    """
    rules = {(name, each.rule) for name, found in errors.items() for each in found}
    if TAKEN in rules:
        return AlreadyThere(
            f"{reply.label} already has an entry under this reference.", field_errors=errors, **facts(reply)
        )
    return Refused(f"{reply.label} did not accept this entry.", field_errors=errors, **facts(reply))


def field_errors(told: object) -> dict[str, list[FieldError]]:
    """Objections by our field names; ``""`` for what belongs to none. Places in a list stay numbers: see `placed`."""
    errors: dict[str, list[FieldError]] = {}
    for objection in _flat(told):
        field, rest = _ours(objection.path)
        rule = rest[-1] if rest else ""
        text = objection.text if field or not objection.path else f"{'.'.join(objection.path)}: {objection.text}"
        errors.setdefault(field, []).append(FieldError(rule=rule, text=text))
    return errors


def placed(error: Refused, change: Change) -> Refused:
    """The same refusal, with "the first answer" turned into that answer's question, as it was sent in ``change``."""
    errors: dict[str, list[FieldError]] = {}
    for field, found in error.field_errors.items():
        for each in found:
            errors.setdefault(_in_place(field, each, change), []).append(each)
    return type(error)(
        error.sentence,
        field_errors=errors,
        **error.call,
    )


def _told(body: bytes) -> object:
    """What the answer objects to: under ``data``, or lying bare, or under ``errors``."""
    found = members(body) or {}
    if "data" in found:
        return value(found["data"])
    bare = {name: value(raw) for name, raw in found.items() if name not in ENVELOPE_KEYS}
    return bare.get("errors", bare)


def _flat(told: object, path: tuple[str, ...] = ()) -> Iterator[Objection]:
    """Every text in whatever depth of maps and lists. An empty list is an empty map."""
    if isinstance(told, dict) and len(path) < DEEPEST:
        for name, deeper in told.items():
            yield from _flat(deeper, (*path, str(name)))
    elif isinstance(told, list) and len(path) < DEEPEST:
        for index, deeper in enumerate(told):
            yield from _flat(deeper, path if isinstance(deeper, str) else (*path, str(index)))
    elif isinstance(told, str | int | float) and not isinstance(told, bool):
        yield Objection(path, str(told).strip())


def _ours(path: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Our field name and what is left of the path, which ends in the rule."""
    if path[:1] == ("participant",):
        path = path[1:]
    if not path:
        return "", ()
    theirs, rest = path[0], path[1:]
    if theirs in OUR_NAMES:
        return OUR_NAMES[theirs], rest
    if theirs in GROUPS:
        return _in_group(theirs, rest)
    return "", rest


def _in_group(theirs: str, rest: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """``orders.0.sku_id.stock``: the group, which one of it, and the rule last. A group may break a rule as a whole."""
    ours = GROUPS[theirs]
    names_one = len(rest) > 1 if theirs == "affiliations" else bool(rest) and rest[0].isdecimal()
    return (f"{ours}.{rest[0]}", rest[1:]) if names_one else (ours, rest)


def _in_place(field: str, error: FieldError, change: Change) -> str:
    group, _, which = field.partition(".")
    sent = _sent(group, change)
    if which.isdecimal() and which not in sent and int(which) < len(sent):
        return f"{group}.{sent[int(which)]}"
    if group == "affiliations" and not which and error.rule in sent:
        return f"{group}.{error.rule}"
    return field


def _sent(group: str, change: Change) -> list[str]:
    """The ids of what was sent in a group, in that order."""
    if group == "answers":
        return [each["id"] for each in form_additions(change)]
    if group == "orders":
        return [str(each["sku_id"]) for each in orders(change)]
    return [slug for slug, _ in change.affiliations] if group == "affiliations" else []
