"""Servers that take a call and say nothing: from the start, or from some moment on."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread


@contextmanager
def silent() -> Iterator[int]:
    """A port where the system takes every call, and nobody ever answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as server:
        yield server.getsockname()[1]


class GoesSilent:
    """A line to a real server, for as long as it is not told to be silent. Use it as a context manager."""

    def __init__(self, host: str, port: int) -> None:
        self._target = host, port
        self._server = socket.create_server(("127.0.0.1", 0), backlog=100)
        self._quiet = Event()
        self._open: list[socket.socket] = []
        self.port: int = self._server.getsockname()[1]

    def __enter__(self) -> "GoesSilent":
        Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for each in (self._server, *self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def be_silent(self) -> None:
        self._quiet.set()

    def _accept(self) -> None:
        with suppress(OSError):  # it was closed
            while True:
                ours, _ = self._server.accept()
                theirs = socket.create_connection(self._target)
                self._open += [ours, theirs]
                for pair in ((ours, theirs), (theirs, ours)):
                    Thread(target=self._pass_on, args=pair, daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while (data := source.recv(65_536)) and not self._quiet.is_set():
                sink.sendall(data)
