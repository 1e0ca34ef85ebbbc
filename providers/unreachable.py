"""Why no answer came, told apart, and what an organiser can check."""

import socket
import ssl
from collections.abc import Iterator

import httpx

from providers.errors import HostUnreachable

SENTENCES = {
    "dns": "{label} cannot be reached: the name {host} is not known. Check the spelling of the base URL.",
    "tls": "{label} cannot be reached safely: the certificate of {host} could not be checked. "
    "Check the base URL, and that this server speaks https.",
    "refused": "{label} cannot be reached: nothing answers at {host}. Check the address and the port of the base URL.",
    "timeout": "{label} did not answer in time at {host}. It may be slow now; if it goes on, check the base URL.",
    "dropped": "{label} broke off the connection at {host} before it had answered. It is tried again by itself.",
}

_BEFORE_SENDING = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


def nothing_was_sent(error: httpx.HTTPError) -> bool:
    """Whether the call ended before a byte of the request can have reached the server."""
    return isinstance(error, (*_BEFORE_SENDING, httpx.LocalProtocolError))


def unreachable(error: httpx.HTTPError, *, label: str, host: str, note: str, request_id: str) -> HostUnreachable:
    """The error for a line that did not come about or did not hold."""
    reason = _reason(error)
    sentence = SENTENCES[reason].format(label=label, host=host)
    return HostUnreachable(
        f"{sentence} {note}".strip(), reason=reason, detail=type(error).__name__, request_id=request_id
    )


def _reason(error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "timeout"
    causes = list(_causes(error))
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return "tls"
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return "dns"
    return "refused" if isinstance(error, httpx.ConnectError) else "dropped"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
