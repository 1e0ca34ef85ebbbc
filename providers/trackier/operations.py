"""What can be done at Trackier from the portal, as forms; and how their values are read."""

import re
import secrets
from collections.abc import Mapping
from decimal import Decimal

from providers.errors import FieldError, Refused
from providers.operations import Operation, OperationField, Verb
from providers.parsing import flag, lenient, text, whole
from providers.trackier.quirks import Object, amount

CAP_TYPES = ("conversion", "payout", "revenue", "click", "pendingPayout", "pendingRevenue", "approvedConv")
BANKING = "Bank and payment details are kept at Trackier and never pass through the portal."
PASSWORD = "Partners set their own password at Trackier."  # noqa: S105 - a sentence
COUNTRY = OperationField(name="country", label="Country", pattern="[A-Za-z]{2}", help="Two letters, such as GB.")
PHONE = OperationField(name="phone", label="Phone")
NAME = OperationField(name="name", label="Name", required=True)
EMAIL = OperationField(name="email", label="E-mail", kind="email", required=True)
CURRENCIES = ("INR", "PKR", "AUD", "EUR", "GBP", "TRY", "USD", "IDR", "THB", "MYR", "PHP", "VND", "RUB", "PLN")

PAUSED = (
    "While a campaign is paused, its partners' links earn nothing, and Trackier counts no new entries for them. "
    "Partners are not told. What they have earned so far stays."
)

OPERATIONS: Mapping[Verb, Operation] = {
    operation.verb: operation
    for operation in (
        Operation(
            verb=Verb.CREATE_PARTNER,
            label="Create affiliate",
            fields=(
                NAME,
                EMAIL,
                PHONE,
                COUNTRY,
                OperationField(
                    name="custom_fields",
                    label="Custom fields",
                    kind="long",
                    help="Only if your Trackier network asks for some: one a line, such as club_website = example.org.",
                ),
                OperationField(name="password", label="Password", locked=PASSWORD),
                OperationField(name="bank", label="Bank details", locked=BANKING),
            ),
            consequence="Trackier makes an account with a random password; the partner resets it there. A new account "
            "may have to be enabled before its links earn.",
        ),
        Operation(
            verb=Verb.EDIT_PARTNER,
            label="Edit affiliate",
            fields=(
                NAME,
                EMAIL,
                OperationField(name="username", label="User name"),
                PHONE,
                COUNTRY,
                OperationField(
                    name="live", label="Account enabled", kind="bool", help="A disabled partner keeps all its results."
                ),
                OperationField(name="zone", label="Time zone", help="Such as Europe/London."),
                OperationField(
                    name="currency", label="Currency", kind="choice", choices=tuple((each, each) for each in CURRENCIES)
                ),
                OperationField(name="password", label="Password", locked=PASSWORD),
                OperationField(name="bank", label="Bank details", locked=BANKING),
                OperationField(name="meta_payout", label="Payment accounts", locked=BANKING),
                OperationField(
                    name="custom_fields",
                    label="Custom fields",
                    locked="Trackier takes custom fields only when an account is made.",
                ),
            ),
            repeatable=True,
        ),
        Operation(
            verb=Verb.ENSURE_LINK,
            label="Tracking link",
            fields=(
                OperationField(name="partner", label="Partner", kind="partner", required=True),
                OperationField(
                    name="domain",
                    label="Domain",
                    pattern=r"[A-Za-z0-9.-]+",
                    help="One of your tracking domains. A link that exists keeps the domain it has.",
                ),
            ),
            repeatable=True,
        ),
        Operation(
            verb=Verb.SET_CAP,
            label="Set cap",
            fields=(
                OperationField(
                    name="type",
                    label="What is limited",
                    kind="choice",
                    required=True,
                    choices=tuple((each, each) for each in CAP_TYPES),
                    default="conversion",
                ),
                OperationField(name="partner", label="Only for", kind="partner", help="Empty: for all partners."),
                OperationField(name="daily", label="A day", kind="whole", at_least=0),
                OperationField(name="monthly", label="A month", kind="whole", at_least=0),
                OperationField(name="lifetime", label="In all", kind="whole", at_least=0),
                OperationField(name="pauses", label="Pause the campaign when reached", kind="bool"),
                OperationField(
                    name="scope",
                    label="Counted for",
                    kind="choice",
                    choices=(("group", "all of them together"), ("each", "each partner")),
                    default="group",
                ),
            ),
            consequence="A cap of this kind for the same partner is replaced. Once it is reached, further results "
            "earn nothing, or the whole campaign pauses if you say so.",
            repeatable=True,
        ),
        Operation(verb=Verb.PAUSE_CAMPAIGN, label="Pause campaign", consequence=PAUSED, repeatable=True),
        Operation(
            verb=Verb.RESUME_CAMPAIGN,
            label="Resume campaign",
            consequence="The partners' links earn again from now on.",
            repeatable=True,
        ),
        Operation(
            verb=Verb.CREATE_REFERRAL,
            label="Referral link",
            fields=(
                OperationField(name="rate", label="Rate", kind="decimal", required=True, at_least=0),
                OperationField(
                    name="type",
                    label="Of what kind",
                    kind="choice",
                    choices=(("percentage", "Percentage"), ("amount", "Amount")),
                    default="percentage",
                ),
                OperationField(
                    name="base",
                    label="Of what",
                    kind="choice",
                    choices=(("payout", "Payout"), ("profit", "Profit")),
                    default="payout",
                ),
                OperationField(name="recurring", label="Again and again", kind="bool", default="true"),
            ),
            consequence="The partner earns by recruiting partners. An equal link that is live already is given again.",
            repeatable=True,
        ),
    )
}


def refused(name: str, sentence: str) -> Refused:
    return Refused(sentence, field_errors={name: [FieldError(rule="value", text=sentence)]})


def checked(verb: Verb, values: Mapping[str, object]) -> Object:
    """The values that may be sent: nothing locked, nothing unknown, everything of its kind. Raises Refused."""
    fields = OPERATIONS[verb].fields
    return {field.name: _checked(field, values.get(field.name)) for field in fields if _is_sent(field, values)}


def _is_sent(field: OperationField, values: Mapping[str, object]) -> bool:
    return not field.locked and (field.required or field.name in values)


def _checked(field: OperationField, given: object) -> object:
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
        detail=error.detail,
        status=error.status,
        request_id=error.request_id,
    )


def _field_named(said: str, values: Mapping[str, object]) -> str:
    return next((word for word in re.findall(r"[\w-]+", said.lower().replace("e-mail", "email")) if word in values), "")
