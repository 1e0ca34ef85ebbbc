"""Every provider the portal knows. Adding one is adding a line here."""

from collections.abc import Mapping

from providers.eventrac.client import Eventrac
from providers.letsdothis.client import LetsDoThis
from providers.port import Provider
from providers.ticketing.client import TickeTing
from providers.trackier.client import Trackier

PROVIDERS: Mapping[str, type[Provider]] = {
    provider.key: provider for provider in (Eventrac, LetsDoThis, TickeTing, Trackier)
}
