"""What TickeTing's refusals say, and which error each status is. Texts are searched, never compared whole."""

import re
from collections.abc import Mapping, Sequence

import msgspec

from providers.errors import (
    AccessDenied,
    CredentialsRejected,
    FieldError,
    NotFound,
    ProviderError,
    Refused,
    UnexpectedReply,
)
from providers.replies import Reply, Rule, facts

LONGEST_TEXT = 300
OUR_NAMES = {
    "sections": "races",
    "redeemer": "steward",
    "basePrice": "price",
    "salesStart": "sales_start",
    "salesEnd": "sales_end",
    "customer": "holder",
    "items": "quantity",
}
"""Their argument → our field, where they differ."""

_LISTS = (
    ("missing", re.compile(r"required, but have not been supplied: *(.+?)\.?$")),
    ("invalid", re.compile(r"(?:arguments|parameters) have invalid values: *(.+?)\.?$")),
    ("conflict", re.compile(r"conflict with those of another [^:]*: *(.+?)\.?$")),
)
_SENTENCES = {
    "missing": "TickeTing wants a value here.",
    "invalid": "TickeTing does not take this value.",
    "conflict": "TickeTing has another with this value.",
}


def texts(body: bytes) -> list[str]:
    """What an error body says: under ``error``, else under ``message``; one text or a list of them."""
    try:
        told = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return []
    if not isinstance(told, dict):
        return []
    return _texts(told.get("error")) or _texts(told.get("message"))


def _texts(value: object) -> list[str]:
    found = value if isinstance(value, list) else [value]
    return [each.strip()[:LONGEST_TEXT] for each in found if isinstance(each, str) and each.strip()]


def field_errors(said: Sequence[str]) -> dict[str, list[FieldError]]:
    """The fields that texts name, by our names; "" holds what names none."""
    found: dict[str, list[FieldError]] = {}
    for each in said:
        for name, error in _named(each):
            found.setdefault(OUR_NAMES.get(name, name), []).append(error)
    return found


def _named(said: str) -> list[tuple[str, FieldError]]:
    for rule, pattern in _LISTS:
        if listed := pattern.search(said):
            names = [name.strip() for name in listed[1].split(",")]
            return [(name, FieldError(rule=rule, text=_SENTENCES[rule])) for name in names if name]
    return [("", FieldError(rule="", text=said))]


def _refused(reply: Reply) -> ProviderError:
    said = texts(reply.body)
    if not (reply.is_write and said):  # without a word it was not TickeTing that refused, but something on the way
        names = ", ".join(sorted(field_errors(said)))
        return UnexpectedReply(
            f"TickeTing did not understand our request (HTTP {reply.status}).",
            **(facts(reply) | {"detail": f"{reply.method} {reply.path}: HTTP {reply.status} {names}"}),
        )
    return Refused(
        f"TickeTing did not accept this: {' '.join(said)}",
        field_errors=field_errors(said),
        **facts(reply),
    )


def _rejected(reply: Reply) -> ProviderError:
    return CredentialsRejected(
        "TickeTing does not accept the key. Check that it was copied whole, and that it belongs to this environment: "
        "QA and production have keys of their own.",
        **facts(reply),
    )


def _denied(reply: Reply) -> ProviderError:
    said = " ".join(texts(reply.body))
    if "not an administrator" in said:
        return AccessDenied(
            "TickeTing says that this account does not administer the host of this event. Use an account that does.",
            **facts(reply),
        )
    return AccessDenied(
        "TickeTing accepts the key but does not allow this. It takes an administrator's key, or the username and "
        "password of an account that administers the host.",
        **facts(reply),
    )


def _too_old(reply: Reply) -> ProviderError:
    return AccessDenied(
        "TickeTing no longer talks to clients of the version this connection names. Raise “Client version” in its "
        "advanced settings; if that does not help, this portal has to be updated.",
        **facts(reply),
    )


class NoSuchPage(NotFound):
    """The list is there, a page of this number is not. An empty list may be answered so too."""


def _not_found(reply: Reply) -> ProviderError:
    # An unknown address is told under another text: a wrong base URL must not look like an empty list.
    is_page = any("page" in each.lower() for each in texts(reply.body))
    kind = NoSuchPage if is_page else NotFound
    return kind("TickeTing does not have what we asked for.", **facts(reply))


STATUSES: Mapping[int, Rule] = {
    400: _refused,
    401: _rejected,
    403: _denied,
    404: _not_found,
    409: _refused,
    410: _not_found,
    412: _too_old,
    413: _refused,
}
UPGRADE = 412
