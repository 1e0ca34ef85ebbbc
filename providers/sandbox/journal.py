"""What happened to a sandbox, written down, so that the next one can begin where this one ended.

The demo keeps its database between two runs; without a journal the sandbox would have forgotten the entries that the
portal knows it has sent. A line is one thing that happened; the first says how the world began.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from providers.sandbox.messages import KEY_HEADERS, Request

_KEPT_HEADERS = (*KEY_HEADERS, "x-client-version", "content-type")


class Beginning(msgspec.Struct, tag_field="what", tag="beginning"):
    """The arguments that the world was made with."""

    at: datetime
    seed: int
    size: str


class Written(msgspec.Struct, tag_field="what", tag="write"):
    """A write that a provider accepted. ``path`` is relative to the provider's prefix."""

    at: datetime
    site: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: dict[str, str]
    body: bytes

    def request(self) -> Request:
        return Request(method=self.method, path=self.path, query=self.query, headers=self.headers, body=self.body)


class Ticked(msgspec.Struct, tag_field="what", tag="tick"):
    """A small thing of the trickle."""

    at: datetime


class Acted(msgspec.Struct, tag_field="what", tag="action"):
    """An action ordered over the control endpoint."""

    at: datetime
    site: str
    action: str
    arguments: dict[str, Any]


type Happening = Written | Ticked | Acted


class Journal:
    """One file. ``beginning`` None: nothing is written there yet, or about another world."""

    def __init__(self, path: Path, *, seed: int, size: str) -> None:
        self._path = path
        self._seed, self._size = seed, size
        self.beginning = self._read_beginning()
        if self.beginning:
            self._end_the_last_line()

    def _end_the_last_line(self) -> None:
        if not self._path.read_bytes().endswith(b"\n"):
            self._append_bytes(b"\n")

    def _lines(self) -> Iterator[Beginning | Happening]:
        reader = msgspec.json.Decoder(Beginning | Written | Ticked | Acted)
        if not self._path.exists():
            return
        for line in self._path.read_bytes().splitlines():
            try:
                yield reader.decode(line)
            except msgspec.DecodeError:
                continue  # half written, when the sandbox was killed

    def _read_beginning(self) -> Beginning | None:
        first = next(self._lines(), None)
        if isinstance(first, Beginning) and (first.seed, first.size) == (self._seed, self._size):
            return first
        return None

    def happenings(self) -> Iterator[Happening]:
        """Everything since the beginning, in order."""
        return (line for line in self._lines() if not isinstance(line, Beginning))

    def begin(self, at: datetime) -> None:
        """Forget what was written; a world begins."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.unlink(missing_ok=True)
        self.beginning = Beginning(at=at, seed=self._seed, size=self._size)
        self._append(self.beginning)

    def write(self, at: datetime, site: str, request: Request) -> None:
        headers = {name: request.headers[name] for name in _KEPT_HEADERS if name in request.headers}
        self._append(
            Written(
                at=at,
                site=site,
                method=request.method,
                path=request.path,
                query=request.query,
                headers=headers,
                body=request.body,
            )
        )

    def tick(self, at: datetime) -> None:
        self._append(Ticked(at=at))

    def act(self, at: datetime, site: str, action: str, arguments: dict[str, Any]) -> None:
        self._append(Acted(at=at, site=site, action=action, arguments=arguments))

    def _append(self, line: Beginning | Happening) -> None:
        self._append_bytes(msgspec.json.encode(line) + b"\n")

    def _append_bytes(self, data: bytes) -> None:
        private = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(private, "ab") as file:
            file.write(data)
