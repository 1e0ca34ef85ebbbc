"""What can be done at Trackier from the portal, in either version of its API; and how the values are read."""

import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Decimal

from providers.errors import FieldError, Refused
from providers.operations import Operation, OperationField, Operations, Verb
from providers.parsing import flag, lenient, text, whole
from providers.trackier.offered_campaigns import CAMPAIGN_FORMS
from providers.trackier.offered_partners import PARTNER_FORMS
from providers.trackier.quirks import Object, amount

OPERATIONS: Operations = {form.verb: form for form in (*PARTNER_FORMS, *CAMPAIGN_FORMS)}
CLICK_ID = "{click_id}"
EDITS = (Verb.EDIT_PARTNER, Verb.EDIT_CAMPAIGN)


def narrowed(fields: Mapping[Verb, Collection[str]], needed: Collection[str] = ()) -> Operations:
    """Only these operations, each with these fields. ``needed``: those that may not stay empty."""
    return {verb: _narrowed(OPERATIONS[verb], names, needed) for verb, names in fields.items()}


def _narrowed(whole_form: Operation, names: Collection[str], needed: Collection[str]) -> Operation:
    kept = (field for field in whole_form.fields if field.name in names or field.locked)
    return replace(
        whole_form,
        fields=tuple(replace(field, required=field.required or field.name in needed) for field in kept),
    )


def refused(name: str, sentence: str) -> Refused:
    return Refused(sentence, field_errors={name: [FieldError(rule="value", text=sentence)]})


def checked(form: Operation, values: Mapping[str, object]) -> Object:
    """The values that may be sent: nothing locked, nothing unknown, everything of its kind. Raises Refused.

    An edit sends what was changed: what it does not name stays as it is, needed or not.
    """
    whole_form = form.verb not in EDITS
    sent = (
        field for field in form.fields if not field.locked and (field.name in values or (whole_form and field.required))
    )
    fit = {field.name: _checked(field, values.get(field.name)) for field in sent}
    if fit.get("url") and CLICK_ID not in str(fit["url"]):
        raise refused("url", f"Keep {CLICK_ID} in the address: without it no entry can be tied to a partner.")
    _not_mixed_up(fit)
    return fit


def _not_mixed_up(fit: Object) -> None:
    """Two pages of Trackier's documentation confuse the two amounts, and so do people."""
    earned, paid = fit.get("payout"), fit.get("revenue")
    if isinstance(earned, Decimal) and isinstance(paid, Decimal) and earned > paid and not fit.get("dearer"):
        raise refused(
            "payout", f"The partner would earn {earned}, more than the {paid} you pay. Say so if it is meant."
        )


def _checked(field: OperationField, given: object) -> object:
    if field.kind == "results":
        return _chosen(field, given)
    written = lenient(text, given, "") if not isinstance(given, bool) else str(given).lower()
    if not written:
        if field.required:
            raise refused(field.name, f"{field.label}: this is needed.")
        return None
    if field.pattern and not re.fullmatch(field.pattern, written):
        raise refused(field.name, f"{field.label}: this is not a value it can have.")
    if field.choices and written not in dict(field.choices):
        raise refused(field.name, f"{field.label}: choose {', '.join(dict(field.choices))}.")
    return _read(field, written)


def _chosen(field: OperationField, given: object) -> list[str]:
    chosen = [str(each) for each in given if each] if isinstance(given, list) else []
    if not chosen:
        raise refused(field.name, f"{field.label}: choose at least one.")
    return list(dict.fromkeys(chosen))


def _read(field: OperationField, written: str) -> object:
    value: object = written
    match field.kind:
        case "bool":
            value = lenient(flag, _word(written), None)
        case "whole":
            value = lenient(whole, written, None)
        case "decimal":
            value = amount(written)
    if value is None:
        raise refused(field.name, f"{field.label}: this cannot be read.")
    if field.at_least is not None and isinstance(value, int | Decimal) and value < field.at_least:
        raise refused(field.name, f"{field.label}: at least {field.at_least}.")
    return value


def _word(written: str) -> str:
    return {"on": "true", "yes": "true", "off": "false", "no": "false"}.get(written.lower(), written.lower())


def as_number(value: object) -> int | float:
    """An amount as a JSON number. A float says up to fifteen digits as they were, which is all that Trackier holds."""
    exact = amount(value) or Decimal(0)
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def amounts(values: Mapping[str, object], *, earned: str) -> Object:
    """The two amounts of a commission. ``earned``: what the call at hand names the partner's."""
    return {earned: as_number(values["payout"]), "revenue": as_number(values["revenue"])}


def custom_fields(written: str) -> dict[str, str]:
    """``name = value``, one a line. Raises Refused."""
    pairs = [line.partition("=") for line in written.splitlines() if line.strip()]
    if any(not name.strip() or not equals for name, equals, _ in pairs):
        raise refused("custom_fields", "Custom fields: one a line, such as club_website = example.org.")
    return {name.strip(): value.strip() for name, _, value in pairs}


def random_password() -> str:
    """Never stored, never shown: the partner resets it."""
    return secrets.token_urlsafe(24)


def placed(error: Refused, values: Mapping[str, object]) -> Refused:
    """The same refusal; what belongs to no field yet is put onto the one its text speaks of."""
    fields: dict[str, list[FieldError]] = {}
    for name, told in error.field_errors.items():
        for each in told:
            fields.setdefault(name or _field_named(each.text, values), []).append(each)
    return type(error)(
        error.sentence,
        field_errors=fields,
        **error.call,
    )


def _field_named(said: str, values: Mapping[str, object]) -> str:
    return next((word for word in re.findall(r"[\w-]+", said.lower().replace("e-mail", "email")) if word in values), "")
