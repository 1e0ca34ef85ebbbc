"""Bare or wrapped: the two ways in which eventrac's answers are documented, both accepted everywhere.

An answer is a jSend-like envelope only if it has one of three words as ``status`` *and* ``data`` or ``message``:
a bare race has a ``status`` of its own.
"""

from collections.abc import Mapping
from http import HTTPStatus

import msgspec

from providers.parsing import lenient, whole
from providers.replies import Reply

type Members = Mapping[str, msgspec.Raw]
FAILED = frozenset({"error", "fail"})
STATUSES = FAILED | {"success"}
NO_CONTENT = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.RESET_CONTENT})


def members(raw: bytes | msgspec.Raw) -> Members | None:
    """The members of an object, each unread; None for anything else."""
    try:
        return msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def value(raw: msgspec.Raw | None) -> object:
    """One member, read; None where it cannot be."""
    try:
        return None if raw is None else msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def verdict(found: Members | None) -> str:
    """``success``, ``error`` or ``fail`` for an envelope, "" for a bare body."""
    if found is None or not ("data" in found or "message" in found):
        return ""
    status = value(found.get("status"))
    return status if isinstance(status, str) and status in STATUSES else ""


def status_of(reply: Reply) -> int:
    """The status of an answer: the body's ``code`` where an envelope reports a failure, else HTTP's.

    A failure without a code inside a 200 is a refusal.
    """
    found = members(reply.body)
    if found is None or verdict(found) not in FAILED:
        return reply.status
    code = lenient(whole, value(found.get("code")), None)
    if code is not None and code >= HTTPStatus.BAD_REQUEST:
        return code
    return HTTPStatus.UNPROCESSABLE_ENTITY if reply.is_success else reply.status


def is_wrapped(body: bytes) -> bool:
    return bool(verdict(members(body)))


def is_done(reply: Reply) -> bool:
    """Whether a success shows nothing: there is no content by its status, or none in its envelope."""
    if reply.status in NO_CONTENT:
        return True
    found = members(reply.body)
    return found is not None and verdict(found) == "success" and not value(found.get("data"))


def inside(body: bytes) -> bytes:
    """What an answer holds, without its envelope: ``data``, and whatever has no other key than ``data``."""
    found = members(body)
    if found is not None and "data" in found and (verdict(found) or len(found) == 1):
        return inside(bytes(found["data"]))
    return body


def unwrapped(body: bytes, one: str, many: str) -> bytes:
    """The wanted resource: inside the envelope, and inside a lone key of its own name (``one`` or ``many``)."""
    left = inside(body)
    found = members(left)
    if found is not None and len(found) == 1:
        for name in (one, many):
            if name in found:
                return bytes(found[name])
    return left
