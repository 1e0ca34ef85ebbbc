"""The wire: one place where a provider's HTTP is paced, retried, guarded, logged and turned into errors.

A read is retried twice within five seconds when the line drops or a gateway is down; a write is sent once
and, if no readable answer came back, ends as `OutcomeUnknown`. A reply that is handed out has a 2xx status
and a body that is well-formed JSON (or is empty, for a write).
"""

import json as jsonlib
import logging
import time
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx
import msgspec

from providers.cost import Cost
from providers.errors import (
    AddressRefused,
    CredentialsRejected,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
    UnexpectedReply,
)
from providers.patience import patiently
from providers.replies import Reply, Rule, is_success, mended, retry_after, server_date, status_error
from providers.trust import trusted
from providers.turns import Hushed, line_of
from providers.unreachable import nothing_was_sent, unreachable

__all__ = ["TIMEOUT", "Http", "Reply", "Rule", "utc_now"]

log = logging.getLogger(__name__)

# Both would write whole addresses (query values included) at INFO, and request headers at DEBUG.
for noisy in ("httpx", "httpcore"):
    logging.getLogger(noisy).setLevel(logging.WARNING)

TIMEOUT = httpx.Timeout(30.0, connect=5.0)
SLOWEST_BODY = 120.0  # seconds; a server that drips one byte at a time never meets the read timeout
LARGEST_BODY = 64 * 1024 * 1024
MOST_REDIRECTS = 3
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

type Params = Mapping[str, str | int | Sequence[str]]  # a sequence repeats its name
type StatusReader = Callable[[Reply], int]


def utc_now() -> datetime:
    return datetime.now(UTC)


class Http:
    """One provider connection's HTTP. Not for sharing between threads.

    ``label`` names the provider in sentences, ``hosts_note`` is added to those about a bad address.
    ``headers`` may hold the key: they are never logged. ``statuses`` are rows over the shared table of
    `providers.replies`; ``status_of`` reads the status where a provider puts it into the body.
    ``pace_per_second`` is the most requests a second (0: no limit), all instances with the same host and key together.
    ``cut`` takes out of every body, before anybody sees it, what must never be kept.
    ``cost`` (in bytes of bodies received) only ever grows.
    """

    def __init__(
        self,
        *,
        label: str,
        base_url: str,
        headers: Mapping[str, str],
        hosts_note: str = "",
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], datetime] | None = None,
        sleep: Callable[[float], None] | None = None,
        statuses: Mapping[int, Rule] | None = None,
        status_of: StatusReader | None = None,
        cut: Callable[[bytes], bytes] | None = None,
        pace_per_second: float = 2.0,
        timeout: httpx.Timeout | None = None,
    ) -> None:
        self.label = label
        self.cost = Cost()
        self._base = _base(label, base_url)
        self._hosts_note = hosts_note
        self._clock = clock or utc_now
        self._sleep = sleep or time.sleep
        self._statuses = dict(statuses or {})
        self._status_of = status_of or (lambda reply: reply.status)
        self._cut = cut
        self._spacing = 1.0 / pace_per_second if pace_per_second > 0 else 0.0
        self._line = line_of(self._base, headers, self._clock)
        self._headers_fit = _fit(headers)
        self._client = httpx.Client(
            base_url=self._base,
            headers={"Accept": "application/json", "User-Agent": "organiser-portal"}
            | (dict(headers) if self._headers_fit else {}),
            timeout=timeout or TIMEOUT,
            transport=transport,
            verify=trusted(),
            # What runs on this machine is not asked for through a proxy.
            trust_env=self._base.host not in LOOPBACK,
        )

    def close(self) -> None:
        self._client.close()

    def get(
        self,
        path: str,
        params: Params | None = None,
        *,
        template: str = "",
        headers: Mapping[str, str] | None = None,
        unread: bool = False,
    ) -> Reply:
        """Read ``path`` (below the base URL, already percent-encoded).

        ``template`` is what the log says instead of the path, where the path itself is nobody's business.
        ``headers``: for this call only, as where a call has a key of its own. ``unread``: the caller reads the whole
        body at once and finds out for itself whether it is JSON; of a large page that saves half of the reading.
        """
        request = self._build("GET", path, params=params, headers=headers)
        return patiently(self._sleep)(self._read, request, template or path, headers, unread=unread)

    def send(
        self,
        method: str,
        path: str,
        json: object = None,
        params: Params | None = None,
        *,
        template: str = "",
        accept: Collection[int] = (),
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Write, once. `OutcomeUnknown`: it may have arrived. `HostUnreachable`: it certainly did not.

        ``accept``: statuses, by HTTP or by the body, whose reply the caller wants to read itself, as it came.
        """
        reply = self._exchange(self._build(method, path, params=params, json=json, headers=headers), template or path)
        found = {reply.status, self._status_of(reply)}
        return self._checked(reply) if found.isdisjoint(accept) else reply

    def error_for(self, reply: Reply) -> ProviderError:
        """What this reply means as an error. One that says how long to wait means everybody with this key."""
        seen = replace(reply, status=self._status_of(reply))
        error = self._statuses.get(seen.status, status_error)(seen)
        if isinstance(error, RateLimited | OutcomeUnknown) and error.retry_after:
            self._line.hush(error.retry_after)
        return error

    def _build(
        self,
        method: str,
        path: str,
        *,
        params: Params | None,
        json: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Request:
        if not (self._headers_fit and _fit(headers or {})):
            raise CredentialsRejected(
                f"The key for {self.label} holds characters that no key has. Copy it again, without line breaks."
            )
        content = None if json is None else jsonlib.dumps(json, ensure_ascii=False).encode()
        kind = {} if json is None else {"Content-Type": "application/json"}
        sent = {**kind, **(headers or {})}
        return self._client.build_request(method, path, params=params, content=content, headers=sent)

    def _read(
        self, request: httpx.Request, name: str, headers: Mapping[str, str] | None = None, *, unread: bool = False
    ) -> Reply:
        for _ in range(MOST_REDIRECTS + 1):
            reply = self._exchange(request, name)
            if not reply.location:
                return self._checked(reply, unread=unread)
            request = self._client.build_request("GET", self._same_host(request, reply), headers=headers)
        raise UnexpectedReply(
            f"{self.label} keeps sending us in circles. Check the base URL of the connection.",
            status=reply.status,
            request_id=reply.request_id,
        )

    def _same_host(self, request: httpx.Request, reply: Reply) -> httpx.URL:
        target = self._target(request, reply)
        downgrade = request.url.scheme == "https" and target.scheme != "https"
        moved = (target.host, target.port) != (request.url.host, request.url.port)
        if moved or downgrade or target.scheme not in {"http", "https"}:
            raise UnexpectedReply(
                f"{self.label} sends us on from {request.url.host} to another address, {target.host}, "
                "which is not followed. Check the base URL of the connection.",
                status=reply.status,
                request_id=reply.request_id,
            )
        return target

    def _target(self, request: httpx.Request, reply: Reply) -> httpx.URL:
        try:
            return request.url.join(reply.location)
        except httpx.InvalidURL:
            raise reply.unreadable("Location") from None

    def _checked(self, reply: Reply, *, unread: bool = False) -> Reply:
        if reply.is_success and not unread and not (reply.is_write and not reply.body):
            reply.read(msgspec.Raw)
        if not is_success(self._status_of(reply)):
            raise self.error_for(reply)
        return reply

    def _exchange(self, request: httpx.Request, name: str) -> Reply:
        """One request on the wire, whatever comes back."""
        self._stand_in_line()
        request_id, started = uuid.uuid4().hex[:12], time.monotonic()
        self.cost = Cost(self.cost.requests + 1, self.cost.bytes)
        outcome = "failed"
        try:
            reply = self._talk(request, name, request_id, started)
            outcome = str(reply.status)
            return reply
        except httpx.HTTPError as error:
            raise self._broken_line(request, error, request_id) from None
        finally:
            spent = round((time.monotonic() - started) * 1000)
            log.info("%s %s %s %s %d ms %s", request.method, request.url.host, name, outcome, spent, request_id)

    def _stand_in_line(self) -> None:
        try:
            self._line.wait(self._spacing, self._sleep)
        except Hushed as hushed:
            raise RateLimited(
                f"{self.label} asks us to wait before we call again.", retry_after=hushed.seconds, detail="not called"
            ) from None

    def _talk(self, request: httpx.Request, name: str, request_id: str, started: float) -> Reply:
        response = self._client.send(request, stream=True)
        try:
            body = self._body(response, started)
        finally:
            response.close()
        self.cost = Cost(self.cost.requests, self.cost.bytes + len(body))
        moved = response.is_redirect and request.method == "GET"
        return Reply(
            label=self.label,
            host=request.url.host,
            method=request.method,
            path=name,
            status=response.status_code,
            raw=self._cut(mended(body)) if self._cut else body,
            date=server_date(response.headers),
            retry_after=retry_after(response.headers, self._clock),
            location=response.headers.get("location", "") if moved else "",
            request_id=request_id,
        )

    def _body(self, response: httpx.Response, started: float) -> bytes:
        if "," in response.headers.get("content-encoding", ""):  # a few bytes would unpack to more than there is room
            raise httpx.DecodingError("the body is packed more than once")
        parts: list[bytes] = []
        size = 0
        for chunk in response.iter_bytes():
            parts.append(chunk)
            size += len(chunk)
            if size > LARGEST_BODY:
                raise httpx.DecodingError("the body is larger than we read")
            if time.monotonic() - started > SLOWEST_BODY:
                raise httpx.ReadTimeout("the body never ends")
        return b"".join(parts)

    def _broken_line(self, request: httpx.Request, error: httpx.HTTPError, request_id: str) -> ProviderError:
        if request.method != "GET" and not nothing_was_sent(error):
            return OutcomeUnknown(
                f"The answer of {self.label} was lost on the way, so it may or may not have done what we asked.",
                detail=type(error).__name__,
                request_id=request_id,
            )
        if isinstance(error, httpx.DecodingError):
            return UnexpectedReply(
                f"{self.label} answered with something that cannot be read.",
                detail=str(error),
                request_id=request_id,
            )
        return unreachable(error, label=self.label, host=request.url.host, note=self._hosts_note, request_id=request_id)


def _fit(headers: Mapping[str, str]) -> bool:
    return all(value.isascii() and value.isprintable() for value in headers.values())


def _base(label: str, base_url: str) -> httpx.URL:
    try:
        url = httpx.URL(base_url.strip())
        usable = url.scheme in {"http", "https"} and bool(url.host) and not urlsplit(base_url).username
    except (httpx.InvalidURL, ValueError):
        usable = False
    if not usable:
        raise AddressRefused(f"The base URL for {label} is not a web address. It starts with https://.")
    return url
