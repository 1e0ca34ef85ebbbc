"""One call, with what it is about. Handlers take it and the ids in the path."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

import msgspec

from providers.sandbox.messages import Reply, Request
from providers.sandbox.trackier.figures import Ledger
from providers.sandbox.trackier.objects import Affiliate, Campaign, Network, local, long_id
from providers.sandbox.trackier.replies import Refusal
from providers.sandbox.trackier.switches import Switches

type Handler = Callable[..., Reply]
type Route = tuple[str, tuple[str, ...], Handler]
ANY = "*"


@dataclass(kw_only=True)
class Context:
    network: Network
    switches: Switches
    now: datetime
    seed: int
    request: Request
    asked: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, value in self.request.query:
            self.asked.setdefault(name, []).append(value)

    @cached_property
    def body(self) -> dict[str, Any]:
        try:
            return msgspec.json.decode(self.request.body or b"{}", type=dict[str, Any])
        except msgspec.DecodeError as error:
            raise Refusal(30) from error

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.network, self.seed, self.switches.zone)

    @property
    def today(self) -> date:
        return local(self.now, self.switches.zone).date()

    def one(self, name: str, default: str = "") -> str:
        return self.asked.get(name, [default])[-1]

    def many(self, name: str) -> list[str]:
        """A list in a query: a bracketed name again and again, or once with commas."""
        return [part for value in self.asked.get(f"{name}[]", []) for part in value.split(",") if part]

    def number(self, name: str, default: int) -> int:
        given = self.one(name)
        return int(given) if given.isdecimal() and int(given) > 0 else default

    def day(self, name: str, default: date) -> date:
        given = self.one(name)
        try:
            return date.fromisoformat(given) if given else default
        except ValueError as error:
            raise Refusal(20, f"{name} must be a date") from error

    def needs(self, *names: str) -> None:
        missing = [name for name in names if self.body.get(name) in (None, "", [])]
        if missing:
            raise Refusal(20, f"The {missing[0]} field is required")

    def affiliate(self, affiliate_id: str) -> Affiliate:
        found = self.network.affiliates.get(affiliate_id)
        if found is None:
            raise Refusal(31)
        return found

    def campaign(self, campaign_id: str) -> Campaign:
        found = self.network.campaigns.get(campaign_id)
        if found is None:
            raise Refusal(31)
        return found

    def new_id(self, kind: int) -> str:
        self.network.minted += 1
        return long_id(self.now, kind, 50_000_000 + self.network.minted)


def match(routes: tuple[Route, ...], method: str, segments: tuple[str, ...]) -> tuple[Handler, list[str]] | None:
    """The first route that fits: literals stand before ids. Raises Refusal(32) for a wrong method."""
    fitting = [(verb, pattern, handler) for verb, pattern, handler in routes if _fits(pattern, segments)]
    if not fitting:
        return None
    literal = fitting[0][1]
    for verb, pattern, handler in fitting:
        if verb == method and pattern == literal:
            return handler, [part for place, part in zip(pattern, segments, strict=True) if place == ANY]
    raise Refusal(32)


def _fits(pattern: tuple[str, ...], segments: tuple[str, ...]) -> bool:
    return len(pattern) == len(segments) and all(
        place in (ANY, part) for place, part in zip(pattern, segments, strict=True)
    )
