"""TickeTing, API v3, as the portal sees it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import httpx

from providers.cost import Cost
from providers.errors import BadRecord, FieldError, Refused, Unsupported
from providers.http import Http, utc_now
from providers.meter import Meter
from providers.operations import Done, Verb
from providers.parsing import whole
from providers.port import Account, Known, Page, Provider, Received
from providers.records import Kind, Record
from providers.ticketing import declared
from providers.ticketing import mapping as words
from providers.ticketing.api import Api
from providers.ticketing.checking import describe
from providers.ticketing.contract import CONTRACT
from providers.ticketing.cursor import recall
from providers.ticketing.directory import Directory
from providers.ticketing.event_desk import EventDesk
from providers.ticketing.event_walk import EventWalk
from providers.ticketing.faults import STATUSES
from providers.ticketing.gate import Gates
from providers.ticketing.gate_walk import ADMISSIONS, TICKETS, GateWalk, TokenWalk
from providers.ticketing.keyring import KEY_HEADER, Keyring
from providers.ticketing.offered import EVENT_OPERATIONS
from providers.ticketing.performing import Performer
from providers.turns import pace


class TickeTing(Provider):
    """``directory`` looks up what has no page of its own: regions, venues, categories, hosts, accounts."""

    key = "ticketing"
    label = "TickeTing"
    mark = "Tt"
    channel = 3
    default_base_url = declared.BASE_URL
    known_hosts = declared.HOSTS
    connection_fields = declared.CONNECTION_FIELDS
    resources = declared.RESOURCES
    capabilities = declared.CAPABILITIES
    operations = {**declared.GATE_OPERATIONS, **EVENT_OPERATIONS}
    contract = CONTRACT

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
        del mapping  # TickeTing asks no questions
        self.learned = dict(learned or {})
        self._host_id = settings.get("host_id", "").strip()
        self._clock = clock or utc_now
        self._local = words.Local(zone=_zone(settings), currency=settings.get("currency", "").strip().upper() or "GBP")
        key = credentials.get("api_key", "").strip()
        self._http = Http(
            label=self.label,
            base_url=base_url or self.default_base_url,
            headers={
                "X-Client-Version": settings.get("client_version", "").strip() or declared.CLIENT_VERSION,
                KEY_HEADER: key,  # whose turn it is; a session's or a token's goes instead of it where there is one
            },
            hosts_note="" if base_url in {"", self.default_base_url} else f"Usually it is {self.default_base_url}.",
            transport=transport,
            clock=self._clock,
            sleep=sleep,
            statuses=STATUSES,
            pace_per_second=pace(settings.get("pace", ""), declared.USUAL_PACE),
        )
        self._keyring = Keyring(
            self._http,
            api_key=key,
            username=settings.get("username", "").strip(),
            password=credentials.get("password", ""),
        )
        self._api = Api(self._http, self._keyring, size=_size(settings))
        self._gates = Gates(self._api, self.learned, lambda: self.keep(), self._local.zone)
        self._codes: dict[str, str] = {}  # by token: never stored with the payload
        self.directory = Directory(self._api)

    def close(self) -> None:
        self._keyring.end()
        self._http.close()

    @property
    def cost(self) -> Cost:
        return self._http.cost

    def check(self) -> Account:
        return describe(self._api, self.directory, host_id=self._host_id, has_account=self._keyring.has_account)

    def pull(self, resource: str, cursor: str = "", *, full: bool = False, known: Known) -> Iterator[Page]:
        meter = Meter(self._http)
        if resource == "events":
            walk = EventWalk(self._api, meter, self.learned, host_id=self._host_id, known=known)
            return walk.pages(full=full)
        if resource == "gate_tokens":
            return TokenWalk(self._api, meter, self._codes).pages(list(known(Kind.EVENT)))
        listings = {"entries": TICKETS, "admissions": ADMISSIONS}
        if resource in listings:
            gate_walk = GateWalk(self._api, self._gates, meter, recall(cursor), self._clock, self.pages)
            return gate_walk.pages(listings[resource], list(known(Kind.EVENT)), full=full)
        raise Unsupported(f"TickeTing has no listing called {resource}.")

    def decode(self, item: Received) -> tuple[Record, ...]:
        if item.kind is Kind.EVENT:
            return words.event_and_races(item.payload, self._local)
        if item.kind is Kind.ENTRY:
            return (words.entry(item.payload, self._local),)
        if item.kind is Kind.ADMISSION:
            return (words.admission(item.payload),)
        if item.kind is Kind.GATE_TOKEN:
            code = self._codes.get(item.external_id, "")
            return (words.gate_token(item.payload, code, own=self._gates.reads_with(item.external_id)),)
        raise BadRecord(f"TickeTing sends no {item.kind}")

    def perform(self, verb: Verb, *, subject: str = "", values: Mapping[str, object]) -> Done:
        if verb in EVENT_OPERATIONS:
            return EventDesk(self._api, self._local).perform(verb, subject, values)
        return Performer(self._api, self._gates, self._codes, self._clock).perform(verb, subject, values)


def _zone(settings: Mapping[str, str]) -> tzinfo:
    name = settings.get("time_zone", "").strip() or "Europe/London"
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        text = "This is not the name of a time zone. It looks like Europe/London."
        raise Refused(text, field_errors={"time_zone": [FieldError(rule="invalid", text=text)]}) from None


def _size(settings: Mapping[str, str]) -> int:
    try:
        wished = whole(settings.get("records", ""))
    except BadRecord:
        wished = None
    return min(wished, declared.LARGEST_SIZE) if wished and wished > 0 else declared.USUAL_SIZE
