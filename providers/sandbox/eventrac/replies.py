"""Envelopes and errors."""

from typing import Any

from providers.sandbox.eventrac.switches import Switches
from providers.sandbox.messages import Reply, json_reply

_TEXTS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "You do not have access to this",
    404: "Not Found",
    405: "Method Not Allowed",
    422: "Validation failed",
}


class Refusal(Exception):
    """Ends a call with this status; ``errors`` only with 422."""

    def __init__(self, status: int, errors: dict[str, Any] | None = None) -> None:
        super().__init__(_TEXTS[status])
        self.status = status
        self.errors = errors

    def reply(self, switches: Switches) -> Reply:
        body: dict[str, Any] = {"status": switches.error_word, "message": str(self), "code": self.status}
        if self.errors is not None:
            body["data"] = self.errors
        elif switches.empty_maps_as_lists:
            body["data"] = []
        return json_reply(200 if switches.errors_as_200 else self.status, body)


def success(switches: Switches, name: str, value: object, *, status: int | None = None) -> Reply:
    """``name``: the key of the resource inside a jSend envelope; "" where the value brings its own keys."""
    body = value
    if switches.envelope == "jsend":
        body = {"status": "success", "data": {name: value} if name else value, "links": []}
    elif switches.envelope == "data":
        body = {"data": value}
    return json_reply(status or switches.success_status, body)
