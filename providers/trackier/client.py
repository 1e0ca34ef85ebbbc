"""Trackier as the portal sees it: one provider, two versions of its API behind one interface."""

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from typing import ClassVar
from urllib.parse import urlsplit

import httpx

from providers.contract import Contract
from providers.cost import Cost
from providers.errors import AddressRefused, BadRecord, Refused, Unsupported
from providers.http import LOOPBACK, Http, utc_now
from providers.meter import Meter
from providers.operations import Done, Operations, Verb
from providers.port import (
    Account,
    Cadence,
    Capabilities,
    ConnectionField,
    Known,
    Page,
    Provider,
    Received,
    Resource,
)
from providers.records import Kind, Record
from providers.trackier import mapping as reading
from providers.trackier.adapter import Adapter
from providers.trackier.contract import CONTRACT
from providers.trackier.envelopes import status_of
from providers.trackier.faults import rules
from providers.trackier.operations import OPERATIONS, checked, placed
from providers.trackier.options import CONNECTION_FIELDS, EDIT_PARTNER, read_options
from providers.trackier.redaction import cut
from providers.trackier.v1 import V1
from providers.trackier.v2 import V2
from providers.trackier.walks import Walks

LABEL = "Trackier"
WHOLE_EVERY_HOURS = 168

CANNOT: Mapping[str, str] = {
    "list_entries": "Trackier holds no entries: it says which results were credited to whom.",
    "add_entry": "Trackier takes no entries: it learns of them by the links its partners share. A single one can be "
    "credited to a partner by hand.",
    "edit_entry": "Trackier holds no entries that could be changed.",
    "delete_partner": "Deleting a partner at Trackier would delete all its results: disable it instead.",
    "delete_campaign": "Deleting a campaign at Trackier would delete what it shows of it: pause it instead.",
    "edit_bank_details": "Bank and payment details are kept at Trackier and never pass through the portal.",
    "tell_payments": "Trackier does not tell a network key of invoices and payments: what is due is what its approved "
    "results have earned, and what you have paid you know yourself.",
    "push_results": "Trackier sends nothing by itself: the portal asks again and re-reads the last weeks.",
    "edit_partner_in_v2": "With version v2, partners cannot be changed, and caps, rates, goals, results and referral "
    "links cannot be set from here; do it at Trackier.",
}


class Trackier(Provider):
    """One connection is one network. The constructor raises Refused for a wrong setting, AddressRefused for http."""

    key: ClassVar[str] = "trackier"
    label: ClassVar[str] = LABEL
    mark: ClassVar[str] = "Tr"
    channel: ClassVar[int] = 5
    default_base_url: ClassVar[str] = "https://api.trackier.com"
    known_hosts: ClassVar[frozenset[str]] = frozenset({"api.trackier.com", "restapi.trackier.io", "api.vnative.com"})
    connection_fields: ClassVar[tuple[ConnectionField, ...]] = CONNECTION_FIELDS
    resources: ClassVar[tuple[Resource, ...]] = (
        Resource(key="partners", label="Affiliates", kind=Kind.PARTNER, cadence=Cadence.SLOW, looks_twice=True),
        Resource(key="campaigns", label="Campaigns", kind=Kind.CAMPAIGN, cadence=Cadence.SLOW, looks_twice=True),
        Resource(
            key="conversions",
            label="Conversions",
            kind=Kind.CONVERSION,
            cadence=Cadence.STEADY,
            full_every_hours=WHOLE_EVERY_HOURS,
            looks_twice=True,
        ),
        Resource(
            key="stats",
            label="Earnings per day",
            kind=Kind.DAY_STAT,
            cadence=Cadence.STEADY,
            full_every_hours=WHOLE_EVERY_HOURS,
            looks_twice=True,
        ),
    )
    capabilities: ClassVar[Capabilities] = Capabilities(cannot=CANNOT)
    operations: ClassVar[Operations] = OPERATIONS
    contract: ClassVar[Contract] = CONTRACT

    def __init__(
        self,
        *,
        settings: Mapping[str, str],
        credentials: Mapping[str, str],
        base_url: str = "",
        learned: Mapping[str, str] | None = None,
        mapping: Mapping[str, str] | None = None,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], datetime] | None = None,
        sleep: Callable[[float], None] | None = None,
    ) -> None:
        del mapping  # there are no entrants here
        self.learned = dict(learned or {})
        options = read_options(settings)
        address = (base_url or self.default_base_url).rstrip("/")
        self._http = Http(
            label=LABEL,
            base_url=_safe(address),
            headers={"X-Api-Key": credentials.get("api_key", "").strip()},
            hosts_note="" if address == self.default_base_url else f"Usually it is {self.default_base_url}.",
            transport=transport,
            clock=clock,
            sleep=sleep,
            statuses=rules(options.outbound_ips),
            status_of=status_of,
            cut=cut,
            pace_per_second=options.pace,
        )
        adapter = V2 if options.version == "v2" else V1
        self._version: type[Adapter] = adapter
        self._adapter: Adapter = adapter(
            self._http,
            options,
            self.learned,
            clock=clock or utc_now,
            sleep=sleep or time.sleep,
            keep=lambda: self.keep(),
        )
        self._offered = self.operations_at(settings)
        self._walks = Walks(self._adapter, self._how, clock or utc_now, trailing=options.window_days)

    def close(self) -> None:
        self._http.close()

    @property
    def cost(self) -> Cost:
        return self._http.cost

    def check(self) -> Account:
        return self._adapter.check()

    def pull(self, resource: str, cursor: str = "", *, full: bool = False, known: Known) -> Iterator[Page]:
        meter = Meter(self._http)
        match resource:
            case "partners":
                return self._walks.partners(meter)
            case "campaigns":
                return self._walks.campaigns(meter, cursor, full=full)
            case "conversions":
                return self._walks.conversions(meter, cursor, full=full)
            case "stats":
                return self._walks.stats(meter, cursor, full=full, known=known)
        raise Unsupported(f"{LABEL} has no listing called {resource}.")

    def look_again(self, resource: str, ids: Collection[str], *, known: Known) -> Iterator[Page]:
        if resource == "campaigns":
            return self._walks.campaigns(Meter(self._http), "", full=True, only=ids)
        return super().look_again(resource, ids, known=known)

    def decode(self, item: Received) -> tuple[Record, ...]:
        found, how = reading.read(item.payload), self._how()
        match item.kind:
            case Kind.PARTNER:
                return (reading.partner(item.external_id, found, how),)
            case Kind.CAMPAIGN:
                return (reading.campaign(item.external_id, found, how),)
            case Kind.CONVERSION:
                return (reading.conversion(item.external_id, found, how),)
            case Kind.DAY_STAT:
                return (reading.day_stat(item.external_id, found, how),)
        raise BadRecord(f"{LABEL} sends no {item.kind.value}")

    @classmethod
    def operations_at(cls, settings: Mapping[str, str]) -> Operations:
        """Version v2 offers what is established of it; to change partners it needs an address from the settings."""
        if settings.get("version", "").strip() != "v2":
            return cls.operations
        told = {Verb.EDIT_PARTNER: OPERATIONS[Verb.EDIT_PARTNER]}
        return {**V2.operations, **(told if EDIT_PARTNER in settings.get("endpoint_overrides", "") else {})}

    def perform(self, verb: Verb, *, subject: str = "", values: Mapping[str, object]) -> Done:
        if verb not in self._offered:
            known = f" in version {self._adapter.version}" if verb in OPERATIONS else ""
            raise Unsupported(f"{LABEL} cannot do that through its API{known}: do it at Trackier.")
        fit = checked(self._offered[verb], values)
        try:
            return self._adapter.perform(verb, subject, fit)
        except Refused as error:
            raise placed(error, fit) from None

    def _how(self) -> reading.Sense:
        return reading.sense(self.learned, self._version)


def _safe(address: str) -> str:
    """The key travels encrypted, or not at all beyond this machine."""
    parts = urlsplit(address)
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise AddressRefused(f"The base URL for {LABEL} has to start with https://, so that nobody can read the key.")
    return address
