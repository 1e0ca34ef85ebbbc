"""What each of Trackier's error codes asks of us, with the sentence the organiser needs."""

from collections.abc import Callable, Mapping
from typing import TypedDict

from providers.errors import (
    AccessDenied,
    AlreadyThere,
    CredentialsRejected,
    FieldError,
    NotFound,
    OutcomeUnknown,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    Refused,
    UnexpectedReply,
)
from providers.replies import Reply, Rule, is_success, status_error
from providers.trackier.envelopes import application_code, decoded, is_denied, message


class Answered(UnexpectedReply):
    """An error with a code: whatever is wrong, it is Trackier that answers at this address."""


class ShutOut(AccessDenied):
    """Nothing at all may be asked for now: it says nothing of what was asked for."""


def says_nothing(error: ProviderError) -> bool:
    """Whether it is no answer to what was asked for: a good one that could not be read, or one that shuts us out."""
    return isinstance(error, ShutOut) or (isinstance(error, UnexpectedReply) and is_success(error.status or 0))


type Told = Callable[[Reply, str], ProviderError]

UPGRADE = 300.0  # seconds between two looks
NOT_UNDERSTOOD = "Trackier did not understand our request; it is kept in the log."
WRONG_VERSION = f"{NOT_UNDERSTOOD} Check the version in the connection's settings."


class Facts(TypedDict):
    detail: str
    status: int
    request_id: str


def facts(reply: Reply) -> Facts:
    code = application_code(decoded(reply.body))
    told = f"HTTP {reply.status}" if code is None else f"HTTP {reply.status}, code {code}"
    return {"detail": f"{reply.method} {reply.path}: {told}", "status": reply.status, "request_id": reply.request_id}


def rules(outbound_ips: str) -> Mapping[int, Rule]:
    """Rows over the shared table, one for every status. ``outbound_ips``: the addresses to be allow-listed."""
    codes = {**CODES, 41: _not_listed(outbound_ips)}

    def rule(reply: Reply) -> ProviderError:
        code = application_code(decoded(reply.body))
        if is_denied(reply.status, code):
            code = None
        told = codes.get(code) if code is not None else STATUSES.get(reply.status)
        return told(reply, message(reply.body)) if told else _other(reply, code)

    return dict.fromkeys(range(300, 600), rule)


def _other(reply: Reply, code: int | None) -> ProviderError:
    """A code we have not met, or none: judged by the status, shown as it came."""
    error = status_error(reply)
    if code is not None and not isinstance(error, RateLimited):
        return type(error)(_join(f"{error.sentence} Trackier's code is {code}.", message(reply.body)), **facts(reply))
    return error


def _said(kind: type[ProviderError], sentence: str) -> Told:
    return lambda reply, _: kind(sentence, **facts(reply))


def _shown(sentence: str, *, read: type[ProviderError] = UnexpectedReply) -> Told:
    """Refused on a write, with what Trackier says about it; on a read ``read``."""

    def build(reply: Reply, said: str) -> ProviderError:
        whole = _join(f"{sentence}{':' if said else '.'}", said)
        if not reply.is_write:
            return read(whole, **facts(reply))
        told = [FieldError(rule="", text=said)] if said else []
        return Refused(whole, field_errors={"": told} if told else {}, **facts(reply))

    return build


def _there_already(reply: Reply, said: str) -> ProviderError:
    sentence = "It already exists at Trackier: link to the one that is there."
    return AlreadyThere(sentence, field_errors={"": [FieldError(rule="unique", text=said or sentence)]}, **facts(reply))


def _slow_down(reply: Reply, _: str) -> ProviderError:
    return RateLimited("Trackier is limiting us; the sync is delayed.", retry_after=reply.retry_after, **facts(reply))


def _not_working(sentence: str, *, wait: float | None = None) -> Told:
    """Nothing was read; whether something was written has to be looked up. ``wait``: seconds, where none are told."""

    def build(reply: Reply, _: str) -> ProviderError:
        if reply.is_write:
            whole = f"{sentence} What we sent may or may not be done."
            return OutcomeUnknown(whole, retry_after=reply.retry_after, **facts(reply))
        pause = wait if reply.retry_after is None else reply.retry_after
        if pause is not None:
            return RateLimited(sentence, retry_after=pause, **facts(reply))
        return ProviderUnavailable(sentence, **facts(reply))

    return build


def _not_listed(outbound_ips: str) -> Told:
    addresses = (
        f"these addresses to the allow-list: {outbound_ips}"
        if outbound_ips
        else ("the address of this server to the allow-list")
    )
    return _said(
        ShutOut,
        f"Trackier does not know our address. In Trackier's API settings, add {addresses}. Then test again.",
    )


_SIGN_IN = _said(
    CredentialsRejected,
    "Signing in to Trackier failed. Check the key, and that the base URL is the one of your data centre.",
)
_DENIED = _said(
    AccessDenied, "This key may not use this feature of Trackier; perhaps it is an affiliate's or an advertiser's key."
)
_GONE = _said(NotFound, "This partner or race no longer exists in Trackier. Link it again, or create it there anew.")
_BAD_VALUE = _shown("Trackier did not accept a value", read=Answered)
_OUR_MISTAKE = _said(Answered, NOT_UNDERSTOOD)
_FAULT = _not_working("Trackier had a fault. If it lasts, write to support@trackier.com.")

CODES: Mapping[int, Told] = {
    5: _DENIED,
    11: _shown("Trackier refused this action", read=AccessDenied),
    12: _SIGN_IN,
    13: _said(
        CredentialsRejected, "Trackier rejected the key. Make a new one in Trackier's settings and paste it here."
    ),
    20: _BAD_VALUE,
    30: _OUR_MISTAKE,
    31: _GONE,
    32: _said(Answered, WRONG_VERSION),
    33: _there_already,
    40: _slow_down,
    42: _said(ShutOut, "The Trackier account is locked. Contact Trackier, then test again."),
    50: _not_working("Trackier is being upgraded; the sync resumes by itself.", wait=UPGRADE),
    51: _FAULT,
    60: _shown("Trackier refused this", read=AccessDenied),
    102: _said(
        CredentialsRejected, "Trackier rejected the key. Make a new one in Trackier's settings and paste it here."
    ),
    107: _BAD_VALUE,
}

# The same, where there is no code. What is not here is as everywhere.
STATUSES: Mapping[int, Told] = {
    400: _shown("Trackier did not accept a value"),
    401: _SIGN_IN,
    403: _DENIED,
    404: _GONE,
    405: _said(UnexpectedReply, WRONG_VERSION),
    409: _there_already,
    410: _GONE,
    422: _shown("Trackier refused this", read=AccessDenied),
    429: _slow_down,
    500: _FAULT,
    501: _said(
        UnexpectedReply, "Trackier does not know this address. Check the version and the base URL of the connection."
    ),
}


def _join(sentence: str, said: str) -> str:
    return f"{sentence} {said}".strip()
