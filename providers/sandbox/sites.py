"""The pretended providers, one line each: the only place of the sandbox that names them."""

from collections.abc import Callable
from threading import RLock
from typing import Any

from providers.sandbox.clock import Clock
from providers.sandbox.eventrac.site import EventracSite
from providers.sandbox.letsdothis.site import LetsDoThisSite
from providers.sandbox.site import Site
from providers.sandbox.ticketing.site import TicketingSite
from providers.sandbox.trackier.site import TrackierSite

SITES: tuple[type[Site], ...] = (EventracSite, LetsDoThisSite, TicketingSite, TrackierSite)

DEMO_KEYS: dict[str, str] = {site.key: site.demo_key for site in SITES}
"""Provider → the key that works there. Nothing secret: they open invented data only."""

DEMO_SETTINGS: dict[str, dict[str, str]] = {site.key: dict(site.demo_settings) for site in SITES}
"""Provider → what else a connection has to be told."""


_KINDS: dict[str, type[Site]] = {site.key: site for site in SITES}


class Sites:
    """One of each, sharing a clock, a seed and a size.

    Each is built when it is first asked for, as of the time at which all of them began: who has to do with one provider
    does not wait for the worlds of the others.
    """

    def __init__(self, clock: Clock, *, seed: int, size: str) -> None:
        self.clock = clock
        self.seed = seed
        self.size = size
        self.lock = RLock()
        self._begun = clock()
        self._built: dict[type[Site], Any] = {}

    @property
    def eventrac(self) -> EventracSite:
        return self._one(EventracSite)

    @property
    def letsdothis(self) -> LetsDoThisSite:
        return self._one(LetsDoThisSite)

    @property
    def ticketing(self) -> TicketingSite:
        return self._one(TicketingSite)

    @property
    def trackier(self) -> TrackierSite:
        return self._one(TrackierSite)

    def _one[S: Site](self, kind: type[S]) -> S:
        with self.lock:
            if kind not in self._built:
                build: Callable[..., S] = kind
                with self.clock.standing_at(self._begun):
                    self._built[kind] = build(self.clock, seed=self.seed, size=self.size)
            site: S = self._built[kind]
            return site

    def sites(self) -> tuple[Site, ...]:
        return tuple(self._one(kind) for kind in SITES)

    def site(self, key: str) -> Site:
        """Raises KeyError for an unknown provider."""
        return self._one(_KINDS[key])
