"""What a body must hold: first all that is missing, then all that is wrong, then all that clashes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from providers.sandbox.messages import Request
from providers.sandbox.ticketing.refusals import invalid, missing

type Given = Mapping[str, Any]
type Test = Callable[[Any], bool]


def given(request: Request) -> dict[str, Any]:
    """The body; an unreadable one has nothing in it."""
    try:
        return msgspec.json.decode(request.body or b"{}", type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}


def require(body: Given, names: Iterable[str]) -> None:
    """Raises Refusal naming all that are absent, null, "" or []."""
    absent = [name for name in names if body.get(name) in (None, "", [], {})]
    if absent:
        raise missing(absent)


def check(body: Given, tests: Mapping[str, Test]) -> None:
    """Raises Refusal naming all that are there and wrong."""
    wrong = [name for name, test in tests.items() if body.get(name) not in (None, "") and not test(body[name])]
    if wrong:
        raise invalid(wrong)


def is_text(value: object) -> bool:
    return isinstance(value, str)


def is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_flag(value: object) -> bool:
    return isinstance(value, bool)


def is_price(value: object) -> bool:
    amount = price(value)
    return amount is not None and amount >= 0


def is_capacity(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def price(value: object) -> Decimal | None:
    """A number, exactly as it was written."""
    try:
        return Decimal(str(value)) if is_number(value) else None
    except InvalidOperation:
        return None


def reference(value: object) -> str:
    """The id in an id, a URI or an embedded object; "" for anything else."""
    if isinstance(value, Mapping):
        value = value.get("self", "")
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text.rpartition("/")[2]


def texts(body: Given, names: Sequence[str]) -> dict[str, str]:
    """Those of the optional texts that are there; null is ""."""
    return {name: str(body[name] or "") for name in names if name in body}
