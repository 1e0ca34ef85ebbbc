"""The sandbox: every pretended provider, one clock, one set of faults, one request log."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import httpx

from providers.sandbox.clock import Clock, http_date
from providers.sandbox.control import CONTROL, Control
from providers.sandbox.faults import Faults, suffer
from providers.sandbox.journal import Acted, Happening, Journal, Ticked, Written
from providers.sandbox.messages import KEY_HEADERS, Outcome, Reply, Request, json_reply
from providers.sandbox.server import LOOPBACK, serving
from providers.sandbox.site import BadOrder, Site
from providers.sandbox.sites import DEMO_KEYS, SITES, Sites
from providers.sandbox.transport import SandboxTransport
from providers.sandbox.trickle import Trickle

type Size = Literal["empty", "s", "m", "l"]

IN_PROCESS = "http://127.0.0.1:8001"
"""Where the in-process sandbox pretends to live; any other host works as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """One call as the sandbox saw it. ``status`` None: no answer was sent. Headers come without the key.

    ``keyed_by``: the headers that held a key. ``retry_after``: how the answer asked for a rest, "" if it did not.
    """

    at: datetime
    site: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    status: int | None
    fault: str
    headers: dict[str, str]
    body: bytes
    keyed_by: tuple[str, ...]
    retry_after: str


class Sandbox(Sites):
    """A world that is the same for the same ``seed``, ``size`` and ``now``.

    ``now`` given: the clock stands still there. ``size`` "empty": organisers and keys only; put things in by code.
    ``trickle``: seconds between small changes, 0 for none. ``journal``: a file that remembers what happened; with one
    from an earlier run of the same seed and size, the world goes on from there.
    """

    def __init__(
        self,
        *,
        seed: int = 1,
        size: Size = "s",
        now: datetime | None = None,
        faults: str = "",
        trickle: float = 0.0,
        journal: Path | None = None,
    ) -> None:
        self.journal = Journal(journal, seed=seed, size=size) if journal else None
        begun = self.journal.beginning if self.journal else None
        super().__init__(Clock(begun.at if begun else now), seed=seed, size=size)
        self.faults = Faults(faults)
        self.log: deque[Logged] = deque(maxlen=10_000)
        self.trickle = Trickle(self.clock, trickle, self.sites, self.journal)
        self._control = Control(self)
        self.root = IN_PROCESS
        self._take_up(now)

    def _take_up(self, now: datetime | None) -> None:
        """Begin the journal, or let everything in it happen again, each thing at its own time."""
        if self.journal is None:
            return
        if self.journal.beginning is None:
            self.journal.begin(self.clock())
            return
        for happening in list(self.journal.happenings()):
            self.clock.freeze(happening.at)
            self._again(happening)
        self.clock.reset()
        if now is not None:
            self.clock.freeze(now)
        self.trickle.start_over()

    def _again(self, happening: Happening) -> None:
        match happening:
            case Written(site=key):
                self.site(key).answer(happening.request())
            case Ticked():
                self.trickle.happen()
            case Acted(site=key):
                self.site(key).act(happening.action, happening.arguments)

    def answer(self, request: Request) -> Outcome:
        """Answer one call to any provider, or to the control endpoint."""
        with self.lock:
            if request.path.startswith(CONTROL):
                return Outcome(reply=self._control.answer(request))
            self.trickle.catch_up()
            site = self._site_of(request)
            outcome = self._carried_out(site, request) if site else Outcome(reply=json_reply(404, {}))
            return self._dated(outcome)

    def _site_of(self, request: Request) -> Site | None:
        found = (kind.key for kind in SITES if request.path.startswith(f"{kind.prefix}/"))
        return next((self.site(key) for key in found), None)

    def _carried_out(self, site: Site, request: Request) -> Outcome:
        inner = request.below(site.prefix)
        fault = self.faults.strike(site.key, inner)

        def answer(received: Request) -> Reply:
            return self._answered(site, received)

        outcome = suffer(fault, inner, answer) if fault else Outcome(reply=answer(inner))
        self._note(site, inner, outcome, fault.name if fault else "")
        return outcome

    def _answered(self, site: Site, request: Request) -> Reply:
        reply = site.answer(request)
        if self.journal and request.method not in ("GET", "HEAD") and reply.status < 300:
            self.journal.write(self.clock(), site.key, request)
        return reply

    def act(self, key: str, action: str, arguments: dict[str, Any]) -> object:
        """Let a site's action happen, as ordered from outside. Raises BadOrder, KeyError."""
        result = self.site(key).act(action, arguments)
        if self.journal:
            self.journal.act(self.clock(), key, action, arguments)
        return result

    def _note(self, site: Site, request: Request, outcome: Outcome, fault: str) -> None:
        self.log.append(
            Logged(
                at=self.clock(),
                site=site.key,
                method=request.method,
                path=request.path,
                query=request.query,
                status=outcome.reply.status if outcome.reply else None,
                fault=fault,
                headers=dict(request.without_key().headers),
                body=request.body,
                keyed_by=tuple(name for name in KEY_HEADERS if name in request.headers),
                retry_after=outcome.reply.headers.get("retry-after", "") if outcome.reply else "",
            )
        )

    def _dated(self, outcome: Outcome) -> Outcome:
        if outcome.reply is None:
            return outcome
        reply = outcome.reply
        headers = {"date": http_date(self.clock()), **reply.headers}
        dated = Reply(status=reply.status, body=reply.body, headers=headers)
        return replace(outcome, reply=dated)

    def turn(self, switch: str) -> None:
        """Turn one switch, written "provider.name=value". Raises BadOrder."""
        place, equals, value = switch.partition("=")
        key, dot, name = place.partition(".")
        if not (equals and dot) or key not in DEMO_KEYS:
            raise BadOrder(f"{switch!r} is not of the form PROVIDER.NAME=VALUE")
        self.site(key).switch({name: value})

    def calls(self, site: str = "", method: str = "") -> list[Logged]:
        """The log, filtered."""
        return [logged for logged in self.log if site in ("", logged.site) and method in ("", logged.method)]

    def base_url(self, site: str) -> str:
        """Where a client of this provider should be pointed."""
        return f"{self.root}{self.site(site).prefix}"

    def transport(self) -> SandboxTransport:
        """An httpx transport that talks to this sandbox without a socket, in virtual time."""
        return SandboxTransport(self)

    def client(self, site: str, **headers: str) -> httpx.Client:
        """A plain HTTP client for one provider, in process; for trying things out."""
        return httpx.Client(transport=self.transport(), base_url=self.base_url(site), headers=headers)

    @contextmanager
    def serve(self, *, port: int = 0, host: str = LOOPBACK) -> Iterator[str]:
        """Serve on a loopback port (0: any free one) until the block ends; gives "http://127.0.0.1:PORT"."""
        before = self.root
        with serving(self.answer, host=host, port=port) as root:
            self.root = root
            try:
                yield root
            finally:
                self.root = before
