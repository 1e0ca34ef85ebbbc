"""eventrac's validation errors, put onto the fields that a person filled in.

They come as field → rule → text, and deeper for what is nested (an order, a form addition).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from providers.errors import AlreadyThere, FieldError, Refused
from providers.eventrac.envelope import inside, members, value
from providers.eventrac.writing import PERSON_NAMES, form_additions, orders
from providers.port import Change
from providers.replies import Reply, facts

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


def refusal(reply: Reply, change: Change | None = None) -> Refused:
    """The error for an answer that says no to one change."""
    errors = field_errors(_told(reply.body), change)
    message = value((members(reply.body) or {}).get("message"))
    if not errors and isinstance(message, str) and message.strip():
        errors = {"": [FieldError(rule="", text=message.strip())]}
    return refused(reply, errors)


def refused(reply: Reply, errors: dict[str, list[FieldError]]) -> Refused:
    """`AlreadyThere` if the only objection is that the reference is taken."""
    rules = {(name, each.rule) for name, found in errors.items() for each in found}
    if rules == {TAKEN}:
        return AlreadyThere(
            f"{reply.label} already has an entry under this reference.", field_errors=errors, **facts(reply)
        )
    return Refused(f"{reply.label} did not accept this entry.", field_errors=errors, **facts(reply))


def field_errors(told: object, change: Change | None = None) -> dict[str, list[FieldError]]:
    """Objections by our field names; ``""`` for what belongs to none."""
    errors: dict[str, list[FieldError]] = {}
    for objection in _flat(told):
        field, rest = _ours(objection.path, change)
        rule = rest[-1] if rest else ""
        text = objection.text if field else f"{'.'.join(objection.path)}: {objection.text}"
        errors.setdefault(field, []).append(FieldError(rule=rule, text=text))
    return errors


def _told(body: bytes) -> object:
    found = value(members_raw) if (members_raw := (members(body) or {}).get("data")) is not None else None
    if found is not None:
        return found
    bare = {name: value(raw) for name, raw in (members(inside(body)) or {}).items() if name not in ENVELOPE_KEYS}
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


def _ours(path: tuple[str, ...], change: Change | None) -> tuple[str, tuple[str, ...]]:
    """Our field name and what is left of the path, which ends in the rule."""
    if path and path[0] == "participant":
        path = path[1:]
    if not path:
        return "", ()
    theirs, rest = path[0], path[1:]
    if theirs in OUR_NAMES:
        return OUR_NAMES[theirs], rest
    if theirs in GROUPS:
        return _in_group(theirs, rest, change)
    return "", rest


def _in_group(theirs: str, rest: tuple[str, ...], change: Change | None) -> tuple[str, tuple[str, ...]]:
    """``orders.0.sku_id`` is about the first order sent; a key that is no place in the list is the thing's own id."""
    ours, sent = GROUPS[theirs], _sent(theirs, change)
    if not rest:
        return ours, rest
    head = rest[0]
    if theirs == "affiliations":
        return (f"{ours}.{head}", rest[1:]) if len(rest) > 1 or head in sent else (ours, rest)
    if not head.isdecimal():
        return ours, rest
    known = sent[int(head)] if head not in sent and int(head) < len(sent) else head
    return f"{ours}.{known}", rest[1:]


def _sent(theirs: str, change: Change | None) -> list[str]:
    if change is None:
        return []
    if theirs == "form_additions":
        return [each["id"] for each in form_additions(change)]
    if theirs == "orders":
        return [str(each["sku_id"]) for each in orders(change)]
    return [slug for slug, _ in change.affiliations]
