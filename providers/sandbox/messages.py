"""What travels: a request, a reply, and what becomes of the reply on the wire. No transport is known here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import parse_qsl, unquote

import msgspec

JSON = "application/json"
KEY_HEADERS = ("authorization", "x-api-key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One call. ``path`` is as sent (still percent-encoded), header names are lower case."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @classmethod
    def of(cls, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Self:
        """Build from a request line's target, "/path?query"."""
        path, _, query = target.partition("?")
        return cls(
            method=method.upper(),
            path=path,
            query=tuple(parse_qsl(query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in headers.items()},
            body=body,
        )

    @property
    def segments(self) -> tuple[str, ...]:
        """The path's parts, decoded one by one, so that an encoded slash stays inside its part."""
        return tuple(unquote(part) for part in self.path.strip("/").split("/") if part)

    def below(self, prefix: str) -> Self:
        """The same request with ``prefix`` cut off its path."""
        return type(self)(
            method=self.method,
            path=self.path[len(prefix) :] or "/",
            query=self.query,
            headers=self.headers,
            body=self.body,
        )

    def without_key(self) -> Self:
        kept = {key: value for key, value in self.headers.items() if key not in KEY_HEADERS}
        return type(self)(method=self.method, path=self.path, query=self.query, headers=kept, body=self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> object:
        """The decoded body; raises msgspec.DecodeError when it is not JSON."""
        return msgspec.json.decode(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a call ends.

    ``reply`` None: the connection is closed (or, with ``reset``, reset) without an answer. ``delay``: seconds before
    the first byte; ``drip``: seconds over which the body is spread. ``cut``: only so many bytes of the body are
    sent before the connection is closed, or, with ``hang``, before nothing more is ever sent. ``hang`` alone: nothing
    is sent at all.
    """

    reply: Reply | None
    delay: float = 0.0
    drip: float = 0.0
    cut: int | None = None
    reset: bool = False
    hang: bool = False


def json_reply(status: int, value: object, *, content_type: str = JSON) -> Reply:
    return Reply(status=status, body=msgspec.json.encode(value), headers={"content-type": content_type})
