"""What came back, and the one table that says which error a status is."""

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from http import HTTPStatus
from itertools import pairwise
from typing import TYPE_CHECKING, TypedDict

import msgspec

from providers.errors import (
    AccessDenied,
    CredentialsRejected,
    NotFound,
    OutcomeUnknown,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    Refused,
    UnexpectedReply,
)

if TYPE_CHECKING:  # so that what only reads a reply does not load a wire
    import httpx

LONGEST_PAUSE = 7 * 24 * 3600  # seconds; what a provider asks for beyond that is a mistake
PIECE = 8192  # bytes that are looked at together
LONGEST_LETTER = 3  # bytes behind its first


# Half an emoji, as JavaScript writes it when a name was cut in the middle of one. Every escape is matched, so
# that a backslash that is itself escaped is never taken for the start of another.
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)


def mended(body: bytes) -> bytes:
    """The body without what would make the whole page unreadable: a byte order mark, lone surrogates, and bytes that
    are not UTF-8, as where one name was stored in another encoding.
    """
    body = _utf8(body.removeprefix(BOM_UTF8))
    return _ESCAPE.sub(lambda found: b"\\ufffd" if found[1] else found[0], body) if _may_be_cut(body) else body


def _utf8(body: bytes) -> bytes:
    try:
        for start, end in pairwise(_borders(body)):
            some = body[start:end]
            if not some.isascii():
                some.decode()
    except UnicodeDecodeError:
        return body.decode(errors="replace").encode()
    return body


def _borders(body: bytes) -> Iterator[int]:
    """Where it is cut, never within a letter: most pieces are plain ASCII, which is told many times as fast."""
    at = 0
    while at < len(body):
        yield at
        at += PIECE
        for _ in range(LONGEST_LETTER):
            at += at < len(body) and body[at] & 0xC0 == 0x80
    yield len(body)


def _may_be_cut(body: bytes) -> bool:
    """Whether half of a pair is written in it. One byte is looked for: many times as fast as three."""
    at = body.find(b"\\")
    while at >= 0:
        if body[at + 1 : at + 3] in (b"ud", b"uD"):
            return True
        at = body.find(b"\\", at + 2)
    return False


def is_success(status: int) -> bool:
    return HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One answer. ``path`` is the name the log knows the call by; ``date`` the server's own clock (UTC).

    ``raw``: the body as it came; ``body`` is what is read of it. ``retry_after`` in seconds; ``location`` only when
    a read is to be followed elsewhere.
    """

    label: str
    host: str
    method: str
    path: str
    status: int
    raw: bytes = b""
    date: datetime | None = None
    retry_after: float | None = None
    location: str = ""
    request_id: str = ""

    @cached_property
    def body(self) -> bytes:
        """The body, `mended`: only when somebody reads it, since of a page that is known again nobody does."""
        return mended(self.raw)

    @property
    def is_write(self) -> bool:
        return self.method != "GET"

    @property
    def is_success(self) -> bool:
        return is_success(self.status)

    def read[T](self, shape: type[T]) -> T:
        """The body as ``shape``; raises what an unreadable answer means for this call."""
        try:
            return msgspec.json.decode(self.body, type=shape)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise self.unreadable(type(error).__name__) from None

    def unreadable(self, detail: str = "") -> ProviderError:
        """A body we cannot use. After a write, that leaves open what was done."""
        where = f"{self.method} {self.path}: {detail}"
        if self.is_write:
            return OutcomeUnknown(
                f"{self.label} answered with something that cannot be read, so it may or may not have done "
                "what we asked.",
                retry_after=self.retry_after,
                detail=where,
                status=self.status,
                request_id=self.request_id,
            )
        return UnexpectedReply(
            f"{self.label} answered with something that cannot be read.",
            detail=where,
            status=self.status,
            request_id=self.request_id,
        )


type Rule = Callable[[Reply], ProviderError]
type _Build = Callable[..., ProviderError]


def _rule(error: _Build, sentence: str) -> Rule:
    def build(reply: Reply) -> ProviderError:
        return error(sentence.format(label=reply.label, status=reply.status), **facts(reply))

    return build


class Facts(TypedDict):
    detail: str
    status: int
    request_id: str


def facts(reply: Reply) -> Facts:
    """What every error about a reply carries besides its sentence."""
    return {
        "detail": f"{reply.method} {reply.path}: HTTP {reply.status}",
        "status": reply.status,
        "request_id": reply.request_id,
    }


def _limited(reply: Reply) -> ProviderError:
    return RateLimited(
        f"{reply.label} asks us to wait before we call again.", retry_after=reply.retry_after, **facts(reply)
    )


def _down(reply: Reply) -> ProviderError:
    if reply.is_write:
        return OutcomeUnknown(
            f"{reply.label} failed while it worked on this, so it may or may not be done.",
            retry_after=reply.retry_after,
            **facts(reply),
        )
    if reply.status == HTTPStatus.SERVICE_UNAVAILABLE and reply.retry_after is not None:
        return _limited(reply)  # maintenance that says when it ends: come back then
    return ProviderUnavailable(f"{reply.label} is not working at the moment.", **facts(reply))


_not_understood = _rule(UnexpectedReply, "{label} did not understand our request (HTTP {status}).")
_declined = _rule(Refused, "{label} did not accept this.")


def _bad_request(reply: Reply) -> ProviderError:
    return (_declined if reply.is_write else _not_understood)(reply)


def _shown_elsewhere(reply: Reply) -> ProviderError:
    """What many servers answer when they have done what a form asked for."""
    return reply.unreadable(f"HTTP {reply.status}") if reply.is_write else _not_understood(reply)


STATUS_ERRORS: Mapping[int, Rule] = {
    302: _shown_elsewhere,
    303: _shown_elsewhere,
    400: _bad_request,
    401: _rule(
        CredentialsRejected,
        "{label} does not accept the key. Check that it was copied whole and has not been withdrawn.",
    ),
    403: _rule(AccessDenied, "{label} accepts the key but does not allow this."),
    404: _rule(NotFound, "{label} does not have what we asked for."),
    408: _down,
    409: _bad_request,
    422: _bad_request,
    429: _limited,
}


def status_error(reply: Reply) -> ProviderError:
    """The shared table. Every status has a row: 5xx is the provider's fault, anything else a surprise."""
    other = _down if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR else _not_understood
    return STATUS_ERRORS.get(reply.status, other)(reply)


def server_date(headers: "httpx.Headers") -> datetime | None:
    """The server's `Date`, aware UTC."""
    return _http_date(headers.get("date", ""))


def retry_after(headers: "httpx.Headers", clock: Callable[[], datetime]) -> float | None:
    """`Retry-After` in seconds. An HTTP date is measured against the server's own clock, if shown."""
    value = headers.get("retry-after", "").strip()
    if value.isdecimal() and value.isascii():
        return float(min(int(value[:12]), LONGEST_PAUSE))
    until = _http_date(value)
    if until is None:
        return None
    pause = (until - (server_date(headers) or clock())).total_seconds()
    return min(max(pause, 0.0), float(LONGEST_PAUSE))


def _http_date(value: str) -> datetime | None:
    try:
        parsed = parsedate_to_datetime(value)
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
