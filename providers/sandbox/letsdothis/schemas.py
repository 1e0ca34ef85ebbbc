"""Bodies of writes: checked one fault at a time, in the words of the framework the provider seems to use.

Fields that are not accepted are dropped in silence.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from providers.sandbox.letsdothis.queries import Refusal
from providers.sandbox.messages import Request

PARTNER_TYPES = ("CHARITY", "CORPORATE", "FRIENDS_AND_FAMILY", "MERCH_PARTNER", "SPONSOR")
GROUP_TYPES = ("MULTI_USE", "SINGLE_USE", "UNKNOWN")
EXTERNAL_KINDS = ("enthuse", "justGiving", "londonMarathon")

type Check = Callable[[str, Any], None]
type Schema = Mapping[str, Check]


def _refuse(name: str, problem: str) -> None:
    raise Refusal(400, f"body/{name} {problem}")


def text(name: str, value: Any) -> None:
    if not isinstance(value, str):
        _refuse(name, "must be string")


def label(name: str, value: Any) -> None:
    """``^(\\S).+$``: one character that is no space, and at least one more."""
    text(name, value)
    if not re.fullmatch(r"\S.+", value):
        _refuse(name, 'must match pattern "^(\\S).+$"')


def boolean(name: str, value: Any) -> None:
    if not isinstance(value, bool):
        _refuse(name, "must be boolean")


def mapping(name: str, value: Any) -> None:
    if not isinstance(value, dict):
        _refuse(name, "must be object")


def capacity(name: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        _refuse(name, "must be number")
    if value < 0:
        _refuse(name, "must be >= 0")


def email(name: str, value: Any) -> None:
    text(name, value)
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", value):
        _refuse(name, 'must match format "email"')


def one_of(words: tuple[str, ...]) -> Check:
    def check(name: str, value: Any) -> None:
        if value not in words:
            _refuse(name, "must be equal to one of the allowed values")

    return check


def items(name: str, value: Any) -> None:
    if not isinstance(value, list):
        _refuse(name, "must be array")
    for index, item in enumerate(value):
        mapping(f"{name}/{index}", item)


def some_items(name: str, value: Any) -> None:
    items(name, value)
    if not value:
        _refuse(name, "must NOT have fewer than 1 items")


def contacts(name: str, value: Any) -> None:
    some_items(name, value)
    for index, item in enumerate(value):
        if "emailAddress" not in item and "email" not in item:
            _refuse(f"{name}/{index}", "must have required property 'emailAddress'")


PARTNER_UPDATE: Schema = {
    "name": label,
    "description": text,
    "externalIds": mapping,
    "defaultMarketing": mapping,
    "specificMarketings": items,
    "canCreateSubPartners": boolean,
}
PARTNER_CREATE: Schema = {**PARTNER_UPDATE, "type": one_of(PARTNER_TYPES), "contacts": contacts}
GROUP_UPDATE: Schema = {
    "name": label,
    "description": text,
    "maxCapacity": capacity,
    "tickets": some_items,
    "settings": mapping,
}
GROUP_CREATE: Schema = {**GROUP_UPDATE, "type": one_of(GROUP_TYPES), "partnerId": text}
CLAIM_LINK: Schema = {"emailAddress": email, "reservedEntryId": text}


def read_body(request: Request, schema: Schema, required: tuple[str, ...] = ()) -> dict[str, Any]:
    """What the schema accepts of the body. Raises Refusal."""
    try:
        given = msgspec.json.decode(request.body or b"{}", type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise Refusal(400, "Body is not valid JSON but content-type is set to 'application/json'") from error
    for name in required:
        if name not in given:
            raise Refusal(400, f"body must have required property '{name}'")
    accepted = {name: value for name, value in given.items() if name in schema}
    for name, value in accepted.items():
        schema[name](name, value)
    return accepted
