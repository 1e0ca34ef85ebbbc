"""Envelopes: the payload under ``data`` or at the root, with or without ``success``; errors in five forms.

An application code outranks the HTTP status: `status_of` gives the one that counts. But an address that is denied is
denied whatever is said beside it of the request.
"""

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus

import msgspec

from providers.replies import Reply
from providers.trackier.quirks import Object, as_list, as_map
from providers.trackier.redaction import reader

UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY.value
LONGEST = 200
_EMAIL = re.compile(r"[^\s@\"']+@[^\s@\"']+")
_KEY = re.compile(r"[A-Za-z0-9_-]{24,}")

# What the codes mean as HTTP, whatever HTTP said.
CODE_STATUS: Mapping[int, int] = {
    5: 403,
    11: 403,
    12: 401,
    13: 401,
    20: 400,
    30: 400,
    31: 404,
    32: 405,
    33: 409,
    40: 429,
    41: 403,
    42: 403,
    50: 503,
    51: 500,
    60: 400,
    102: 401,
    107: 400,
}
OF_THE_REQUEST = frozenset({20, 30, 32})
GONE = frozenset({404, 410, 501})
NAMED_CODES = {"API_KEY_MISSING": 12, "VALIDATION_ERROR": 107, "INVALID_API_KEY": 13}


def decoded(body: bytes) -> Object | None:
    """The body, if it is a JSON object."""
    try:
        found = reader.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ArithmeticError):
        return None
    return found if isinstance(found, dict) else None


def opened(reply: Reply) -> Object:
    """The body of a good answer; raises what an unreadable one means."""
    found = decoded(reply.body)
    if found is None:
        raise reply.unreadable("not a JSON object")
    return found


def held(found: Object, *names: str) -> object:
    """The payload under the first of these names: in ``data`` first, then at the root; None if nowhere."""
    inner = as_map(found.get("data"))
    places = [(inner, name) for name in names] + [(found, name) for name in names]
    return next((place[name] for place, name in places if name in place), None)


def application_code(found: Object | None) -> int | None:
    """The code of an error, as a number or its text; None where there is none. 0 is no error."""
    for source in _errors(found or {}):
        for told in (source.get("code"), source.get("codeMsg")):
            number = _number(told)
            if number is not None:
                return number or None
    return None


def is_denied(status: int, code: int | None) -> bool:
    """Whether there is no such address here, though a code speaks of the request."""
    return status in GONE and code in OF_THE_REQUEST


def status_of(reply: Reply) -> int:
    """The status that counts. A refusal inside a 200 is a refusal."""
    found = decoded(reply.body)
    code = application_code(found)
    if code is not None and code in CODE_STATUS and not is_denied(reply.status, code):
        return CODE_STATUS[code]
    refused = found is not None and found.get("success") is False
    return UNPROCESSABLE if refused and reply.is_success else reply.status


def message(body: bytes) -> str:
    """What an answer says, in one short line without keys and addresses, ending in a full stop; "" for nothing."""
    found = decoded(body)
    if found is None:
        return ""
    sources = [as_map(found.get("data")), found, *_errors(found)]
    told = next((source["message"] for source in sources if isinstance(source.get("message"), str)), "")
    line = _KEY.sub("[id]", _EMAIL.sub("[e-mail]", " ".join(told[: 5 * LONGEST].split())))
    line = f"{line[:LONGEST]}…" if len(line) > LONGEST else line
    return line if not line or line[-1] in ".…!?" else f"{line}."


def _errors(found: Object) -> Iterator[Object]:
    """Every place where an error may be told."""
    yield as_map(found.get("error"))
    if isinstance(found.get("errors"), dict):
        yield as_map(found["errors"].get("error"))
        yield found["errors"]
    yield from (as_map(each) for each in as_list(found.get("errors")))
    if found.get("success") is not True:
        yield found


def _number(told: object) -> int | None:
    if isinstance(told, int) and not isinstance(told, bool):
        return told
    if isinstance(told, str):
        return int(told) if re.fullmatch(r"[0-9]{1,4}", told) else NAMED_CODES.get(told)
    return None
