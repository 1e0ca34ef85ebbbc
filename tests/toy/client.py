"""Startline v1, which sells places by post card: one list of people, one key, no writes."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

import httpx
import msgspec

from providers.contract import TEXT, record
from providers.cost import Cost
from providers.http import Http
from providers.parsing import fingerprint
from providers.port import Account, Cadence, Capabilities, ConnectionField, Known, Page, Provider, Received, Resource
from providers.records import Kind, Record
from tests.toy import mapping


class Envelope(msgspec.Struct):
    people: list[msgspec.Raw]


class Startline(Provider):
    key = "startline"
    label = "Startline"
    mark = "St"
    channel = 7
    default_base_url = "https://api.startline.example/v1"
    known_hosts = frozenset({"api.startline.example"})
    connection_fields = (
        ConnectionField(name="api_key", label="API key", secret=True, help="From your account page."),
        ConnectionField(name="club_number", label="Club number", pattern=r"[0-9]+"),
    )
    resources = (Resource(key="entries", label="Entries", kind=Kind.ENTRY, cadence=Cadence.FAST),)
    capabilities = Capabilities(
        lists_entries=True,
        cannot={
            "add_entry": "Startline takes entries by post card only.",
            "edit_entry": "Startline prints its cards once; your change is kept here.",
        },
    )

    contract = {Kind.ENTRY: record(card=TEXT, race=TEXT, name=TEXT, mail=TEXT, born=TEXT, sent=TEXT)}

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
        self.learned = dict(learned or {})
        self._club = settings.get("club_number", "")
        self._http = Http(
            label=self.label,
            base_url=base_url or self.default_base_url,
            headers={"X-Key": credentials.get("api_key", "")},
            transport=transport,
            clock=clock,
            sleep=sleep,
        )

    def close(self) -> None:
        self._http.close()

    @property
    def cost(self) -> Cost:
        return self._http.cost

    def check(self) -> Account:
        return Account(name=f"Club {self._club}", facts=(("People", str(len(self._people()))),))

    def pull(self, resource: str, cursor: str = "", *, full: bool = False, known: Known) -> Iterator[Page]:
        items = tuple(_received(row) for row in self._people())
        requests, size = self.cost
        yield Page(items=items, last=True, complete=True, promised=len(items), requests=requests, bytes=size)

    def decode(self, item: Received) -> tuple[Record, ...]:
        return mapping.entry(item.external_id, item.payload)

    def _people(self) -> list[msgspec.Raw]:
        body = self._http.get(f"/clubs/{self._club}/people").body
        return msgspec.json.decode(body, type=Envelope).people


def _received(row: msgspec.Raw) -> Received:
    payload = bytes(row)
    return Received(
        kind=Kind.ENTRY, external_id=mapping.card(payload), fingerprint=fingerprint(payload), payload=payload
    )
