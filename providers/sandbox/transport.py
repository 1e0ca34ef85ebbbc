"""The sandbox as an httpx transport: no socket, and time only pretended."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import httpx

from providers.sandbox.messages import Outcome, Reply, Request
from providers.sandbox.sites import SITES

if TYPE_CHECKING:
    from providers.sandbox.world import Sandbox


class _CutStream(httpx.SyncByteStream):
    """A body that ends before its time, with ``error``."""

    def __init__(self, body: bytes, error: httpx.TransportError) -> None:
        self._body = body
        self._error = error

    def __iter__(self) -> Iterator[bytes]:
        if self._body:
            yield self._body
        raise self._error


class SandboxTransport(httpx.BaseTransport):
    """Answers from a Sandbox, at the real hosts' addresses too.

    Delays are added to ``elapsed`` (seconds) rather than slept, unless ``sleep`` is given; one longer than the
    client's read time-out raises httpx.ReadTimeout, as it would on the wire.
    """

    def __init__(self, sandbox: "Sandbox", *, sleep: Callable[[float], None] | None = None) -> None:
        self._sandbox = sandbox
        self._sleep = sleep
        self.elapsed = 0.0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        outcome = self._sandbox.answer(self._read(request))
        self._wait(request, outcome)
        if outcome.reply is None:
            raise _broken_off(outcome, request)
        return _response(outcome.reply, outcome, request)

    def _read(self, request: httpx.Request) -> Request:
        target = request.url.raw_path.decode("ascii")
        for site in SITES:
            live = httpx.URL(site.live_base_url)
            if request.url.host == live.host:
                target = site.prefix + target.removeprefix(live.path.rstrip("/"))
        return Request.of(request.method, target, request.headers, request.read())

    def _wait(self, request: httpx.Request, outcome: Outcome) -> None:
        limit = request.extensions.get("timeout", {}).get("read")
        endless = outcome.hang and outcome.reply is None
        if endless or (limit is not None and outcome.delay > limit):
            self._pass_time(limit or 0.0)
            raise httpx.ReadTimeout("timed out", request=request)
        self._pass_time(outcome.delay + outcome.drip + ((limit or 0.0) if outcome.hang else 0.0))

    def _pass_time(self, seconds: float) -> None:
        self.elapsed += seconds
        if self._sleep is not None and seconds:
            self._sleep(seconds)


def _broken_off(outcome: Outcome, request: httpx.Request) -> httpx.TransportError:
    if outcome.reset:
        return httpx.ReadError("[Errno 104] Connection reset by peer", request=request)
    return httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)


def _ending(outcome: Outcome, request: httpx.Request) -> httpx.TransportError:
    if outcome.hang:
        return httpx.ReadTimeout("timed out", request=request)
    return httpx.RemoteProtocolError("peer closed connection without sending complete message body", request=request)


def _response(reply: Reply, outcome: Outcome, request: httpx.Request) -> httpx.Response:
    headers = {**reply.headers, "content-length": str(len(reply.body))}
    stream: httpx.SyncByteStream = httpx.ByteStream(reply.body)
    if outcome.cut is not None:
        stream = _CutStream(reply.body[: outcome.cut], _ending(outcome, request))
    return httpx.Response(reply.status, headers=headers, stream=stream, request=request)
