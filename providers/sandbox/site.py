"""What every pretended provider has in common."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

import msgspec

from providers.sandbox.clock import Clock
from providers.sandbox.messages import Reply, Request


class BadOrder(ValueError):
    """A switch, an action or an argument that this site does not know."""


class Site(ABC):
    """One provider. ``prefix`` is where it lives on the shared port, ``live_base_url`` where the real one lives.

    ``switches`` is a msgspec Struct: every field is a switch with a default. ``actions`` names the methods that may be
    called over the control endpoint. ``demo_key`` and ``demo_settings`` are what a demo connection needs.
    """

    key: ClassVar[str]
    prefix: ClassVar[str]
    live_base_url: ClassVar[str]
    actions: ClassVar[frozenset[str]]
    demo_key: ClassVar[str]
    demo_settings: ClassVar[Mapping[str, str]]
    switches: msgspec.Struct

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.revoked: set[str] = set()

    @abstractmethod
    def answer(self, request: Request) -> Reply:
        """Answer one call; the prefix is already off its path."""

    @abstractmethod
    def tick(self, number: int) -> None:
        """Let a little life happen: the ``number``-th thing of a fixed sequence."""

    def counts(self) -> dict[str, int]:
        """How much there is of what."""
        return {}

    def revoke(self, key: str) -> None:
        """From now on this key is refused, as after a click in the provider's settings."""
        self.revoked.add(key)

    def switch(self, changes: Mapping[str, object]) -> None:
        """Turn switches; raises BadOrder for an unknown one or a bad value."""
        now = msgspec.structs.asdict(self.switches)
        if unknown := changes.keys() - now.keys():
            raise BadOrder(f"{self.key} has no switch {', '.join(sorted(unknown))}")
        try:
            turned = msgspec.convert({**now, **changes}, type(self.switches), strict=False)
        except msgspec.ValidationError as error:
            raise BadOrder(str(error)) from error
        for name in changes:
            setattr(self.switches, name, getattr(turned, name))

    def act(self, action: str, arguments: Mapping[str, object]) -> object:
        """Call one of ``actions`` by name; its answer is JSON-ready."""
        if action not in self.actions:
            raise BadOrder(f"{self.key} knows {', '.join(sorted(self.actions))}, not {action!r}")
        try:
            return getattr(self, action)(**arguments)
        except (TypeError, KeyError, ValueError) as error:
            raise BadOrder(f"{action}: {error}") from error
