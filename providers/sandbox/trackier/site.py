"""The pretended Trackier: who is asking, over which address, and the answer."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

from providers.sandbox.clock import Clock
from providers.sandbox.messages import Reply, Request
from providers.sandbox.site import Site
from providers.sandbox.trackier import goals, house, logs, offers, people, reports, v2
from providers.sandbox.trackier.context import Context, Route, match
from providers.sandbox.trackier.objects import OTHER, Conversion, Network, long_id
from providers.sandbox.trackier.replies import NoSuchAddress, Refusal, no_such_address
from providers.sandbox.trackier.seed import add_conversion, add_link, fill
from providers.sandbox.trackier.switches import Switches

DEMO_KEY = "sandbox-3f0c9a1e77b24d5f8c6e1d2ab94f07c3"
AFFILIATE_KEY = "sandbox-affiliate-90b1"
OTHER_KEY = "sandbox-other-17cc"
V1: tuple[Route, ...] = (
    *house.ROUTES,
    *goals.ROUTES,
    *people.ROUTES,
    *offers.ROUTES,
    *logs.ROUTES,
    *reports.ROUTES,
)  # what is literal stands before ids
FRESH = 60_000_000


class TrackierSite(Site):
    key = "trackier"
    prefix = "/trackier"
    live_base_url = "https://api.trackier.com"
    demo_key = DEMO_KEY
    demo_settings: ClassVar[Mapping[str, str]] = {"tracking_domain": "go.fellgate.example"}
    actions: ClassVar[frozenset[str]] = frozenset({"revoke", "convert", "review"})

    def __init__(self, clock: Clock, *, seed: int, size: str) -> None:
        super().__init__(clock)
        self.seed = seed
        self.switches: Switches = Switches()
        founded = clock() - timedelta(days=500)
        self.network = Network(
            id=long_id(founded, OTHER, 1), name="Fellgate Events", domain="fellgate", created=founded
        )
        self.other = Network(id=long_id(founded, OTHER, 2), name="Rival Races", domain="rival", created=founded)
        self.keys: dict[str, Network | None] = {DEMO_KEY: self.network, OTHER_KEY: self.other, AFFILIATE_KEY: None}
        self._made = 0
        if size != "empty":
            fill(self.network, seed=seed, size=size, now=clock())

    def counts(self) -> dict[str, int]:
        network = self.network
        return {
            "affiliates": len(network.affiliates),
            "campaigns": len(network.campaigns),
            "conversions": len(network.conversions),
            "links": len(network.links),
        }

    def answer(self, request: Request) -> Reply:
        is_v2 = request.segments[:1] == ("v2",)
        try:
            routes, segments = self._served(request)
            network = self._let_in(request)
            return self._handled(network, routes, request, segments)
        except NoSuchAddress:
            return no_such_address()
        except Refusal as refusal:
            return refusal.reply(self.switches, v2=is_v2)

    def _served(self, request: Request) -> tuple[tuple[Route, ...], tuple[str, ...]]:
        """Which version, and the path without its prefix. An unknown address is 501, not 404."""
        first, *rest = request.segments or ("",)
        if first == "v2" and self.switches.v2:
            return v2.ROUTES, tuple(rest)
        if self.switches.retired:
            raise NoSuchAddress
        if first == "api" and self.switches.prefix != "bare":
            return V1, tuple(rest)
        if first not in ("api", "v2") and self.switches.prefix != "api":
            return V1, request.segments
        raise NoSuchAddress

    def _let_in(self, request: Request) -> Network:
        """The header wins over the query."""
        given = request.headers.get("x-api-key") or dict(request.query).get("apiKey", "")
        self._house_rules()
        if not given:
            raise Refusal(12)
        if given not in self.keys or given in self.revoked:
            raise Refusal(13)
        network = self.keys[given]
        if network is None or (self.switches.denied and re.search(self.switches.denied, request.path)):
            raise Refusal(5)
        return network

    def _house_rules(self) -> None:
        for broken, code in (
            (self.switches.upgrading, 50),
            (not self.switches.allow_list, 41),
            (self.switches.locked, 42),
            (self.switches.limited, 40),
        ):
            if broken:
                raise Refusal(code)

    def _handled(
        self, network: Network, routes: tuple[Route, ...], request: Request, segments: tuple[str, ...]
    ) -> Reply:
        found = match(routes, request.method, segments)
        if found is None:
            raise NoSuchAddress
        handler, ids = found
        context = Context(network=network, switches=self.switches, now=self.clock(), seed=self.seed, request=request)
        return handler(context, *ids)

    def convert(self, status: str = "approved", affiliate: str = "", campaign: str = "") -> str:
        """A new conversion now; gives its id."""
        network = self.network
        partner = network.affiliate(affiliate) or next(iter(network.affiliates.values()))
        offer = network.campaign(campaign) or next(iter(network.campaigns.values()))
        link = network.links.get((partner.id, offer.id)) or add_link(network, partner, offer, self.clock())
        self._made += 1
        return add_conversion(network, link, FRESH + self._made, self.clock(), status=status).id

    def review(self, conversion_id: str, status: str) -> None:
        """The organiser approves or rejects."""
        self.network.conversions[conversion_id].status = status

    def tick(self, number: int) -> None:
        """A result comes in, or one that waited is looked at."""
        waiting: list[Conversion] = [each for each in self.network.conversions.values() if each.status == "pending"]
        if number % 3 == 2 and waiting:
            self.review(waiting[number % len(waiting)].id, "approved")
        elif self.network.affiliates and self.network.campaigns:
            partners, offers_made = list(self.network.affiliates), list(self.network.campaigns)
            self.convert("pending", partners[number % len(partners)], offers_made[number % len(offers_made)])
