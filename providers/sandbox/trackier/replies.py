"""Answers and errors, as either version writes them."""

from decimal import Decimal
from typing import Any

import msgspec

from providers.sandbox.messages import JSON, Reply
from providers.sandbox.trackier.switches import Switches

type Json = dict[str, Any]

_encoder = msgspec.json.Encoder(decimal_format="number")
STATUSES = {
    5: 403, 11: 403, 12: 401, 13: 401, 20: 400, 30: 400, 31: 404, 32: 405, 33: 409, 40: 429, 41: 403, 42: 403,
    50: 503, 51: 500, 60: 400,
}  # fmt: skip
TEXTS = {
    5: "Insufficient Permission",
    12: "Unauthorized Request",
    13: "Invalid API Key",
    20: "Request Parameter Error",
    30: "Bad Request",
    31: "Resource Not Found",
    32: "Invalid Request Method",
    33: "Duplicated Resource",
    40: "Too Many Request",
    41: "Request IP Not Whitelisted",
    42: "Account is locked",
    50: "System upgrade",
    60: "Illegal Operation",
}


class Refusal(Exception):
    """Ends a call with an application code."""

    def __init__(self, code: int, message: str = "") -> None:
        super().__init__(message or TEXTS[code])
        self.code = code

    def reply(self, switches: Switches, *, v2: bool) -> Reply:
        status = 400 if v2 and self.code in (12, 13) else STATUSES[self.code]
        return answer(_told(self.code, str(self), "errors" if v2 and self.code == 20 else switches.error_form),
                      status=200 if switches.error_status == "200" else status)  # fmt: skip


class NoSuchAddress(Exception):
    """A path that is not served: 501, whatever the method."""


def _told(code: int, message: str, form: str) -> Json:
    error = {"code": code, "message": message}
    forms: dict[str, Json] = {
        "error": {"success": False, "error": error},
        "errors": {"success": False, "errors": [{"statusCode": 400, **error, "code": str(code)}]},
        "nested": {"errors": {"success": False, "error": error}},
        "root": error,
    }
    return forms[form]


def answer(value: object, *, status: int = 200) -> Reply:
    return Reply(status=status, body=_encoder.encode(value), headers={"content-type": JSON})


def no_such_address() -> Reply:
    return answer({"success": False, "message": "Not Implemented"}, status=501)


def data(**held: object) -> Reply:
    """Without ``success``, as seven reads answer."""
    return answer({"data": held})


def success(**held: object) -> Reply:
    return answer({"success": True, "data": held})


def refused(**held: object) -> Reply:
    """A refusal that is none of HTTP's business."""
    return answer({"success": False, "data": held})


def shown(amount: Decimal, switches: Switches) -> Decimal | str:
    """An amount as a number, or as the text that some answers make of it."""
    return str(amount) if switches.numbers_as_text else amount
