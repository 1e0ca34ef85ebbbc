"""The pretended providers, one line each: the only place of the sandbox that names them."""

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


class Sites:
    """One of each, sharing a clock, a seed and a size."""

    def __init__(self, clock: Clock, *, seed: int, size: str) -> None:
        self.letsdothis = LetsDoThisSite(clock, seed=seed, size=size)
        self.eventrac = EventracSite(clock, seed=seed, size=size)
        self.ticketing = TicketingSite(clock, seed=seed, size=size)
        self.trackier = TrackierSite(clock, seed=seed, size=size)

    def sites(self) -> tuple[Site, ...]:
        return (self.eventrac, self.letsdothis, self.ticketing, self.trackier)

    def site(self, key: str) -> Site:
        """Raises KeyError for an unknown provider."""
        return {site.key: site for site in self.sites()}[key]
