"""A mail server that knows none of the people it is given, and says so with their address."""

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

SMTP = "django.core.mail.backends.smtp.EmailBackend"


class Refusal(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 post\r\n")
        for line in self.rfile:
            refused = line.upper().startswith(b"RCPT")
            self.wfile.write(b"550 nobody here: " + line.strip() + b"\r\n" if refused else b"250 well\r\n")


@contextmanager
def refusing_post() -> Iterator[dict[str, Any]]:
    """Gives the MAILERS that lead to it."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Refusal) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        yield {"default": {"BACKEND": SMTP, "OPTIONS": {"host": "127.0.0.1", "port": server.server_address[1]}}}
        server.shutdown()
