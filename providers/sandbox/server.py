"""The sandbox on a loopback port: HTTP/1.1 with keep-alive, and connections that really break."""

import socket
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from threading import Event, Thread
from typing import Any

from providers.sandbox.messages import Outcome, Reply, Request

LOOPBACK = "127.0.0.1"
LONGEST_HANG = 300.0
DRIPS = 10

type Answer = Callable[[Request], Outcome]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], answer: Answer) -> None:
        self.answer = answer
        self.stopping = Event()
        super().__init__(address, _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is none of our business; anything else is printed."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def handle_any(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length) if length else b""
        outcome = self.server.answer(Request.of(self.command, self.path, dict(self.headers.items()), body))
        self._pause(LONGEST_HANG if outcome.hang and outcome.reply is None else outcome.delay)
        if outcome.reply is None:
            self._break_off(reset=outcome.reset)
        else:
            self._send(outcome.reply, outcome)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_HEAD = handle_any  # noqa: N815  the base class looks for these names

    def _send(self, reply: Reply, outcome: Outcome) -> None:
        self.send_response_only(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(reply.body)))
        self.end_headers()
        sent = reply.body if outcome.cut is None else reply.body[: outcome.cut]
        self._write(b"" if self.command == "HEAD" else sent, outcome.drip)
        if outcome.cut is not None:
            self._pause(LONGEST_HANG if outcome.hang else 0)
            self.close_connection = True

    def _write(self, body: bytes, drip: float) -> None:
        if not drip:
            self.wfile.write(body)
            return
        step = max(1, len(body) // DRIPS)
        for start in range(0, len(body), step):
            self.wfile.write(body[start : start + step])
            self.wfile.flush()
            self._pause(drip / DRIPS)

    def _pause(self, seconds: float) -> None:
        if seconds:
            self.server.stopping.wait(seconds)

    def _break_off(self, *, reset: bool) -> None:
        self.close_connection = True
        if reset:
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.connection.close()

    def log_message(self, *_: object) -> None:
        """Silent: the sandbox keeps its own log."""


@contextmanager
def serving(answer: Answer, *, host: str = LOOPBACK, port: int = 0) -> Iterator[str]:
    """Serve ``answer`` until the block ends; gives the root URL. Raises ValueError off the loopback, OSError."""
    if host != "localhost" and not ip_address(host).is_loopback:
        raise ValueError("the sandbox serves loopback addresses only")
    server = _Server((host, port), answer)
    thread = Thread(target=server.serve_forever, args=(0.05,), name="sandbox", daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.server_port}"
    finally:
        server.stopping.set()
        server.shutdown()
        thread.join(5)
        server.server_close()
