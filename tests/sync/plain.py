"""A provider that only reads: its payloads are our own field names as JSON. For what happens behind the border."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from hashlib import blake2b
from typing import Any

from providers.cost import Cost
from providers.errors import BadRecord
from providers.port import Account, Capabilities, Known, Page, Provider, Received
from providers.records import ApplicationRecord, EntryRecord, EventRecord, Gender, Kind, Person, RaceRecord, Record


class Plain(Provider):
    key = "plain"
    label = "Plain"
    mark = "Pl"
    channel = 8
    default_base_url = "https://plain.example"
    known_hosts = frozenset({"plain.example"})
    connection_fields = ()
    resources = ()
    capabilities = Capabilities(lists_entries=True)

    def __init__(self) -> None:
        self.decoded = 0

    def close(self) -> None: ...

    @property
    def cost(self) -> Cost:
        return Cost()

    def check(self) -> Account:
        return Account(name="Plain")

    def pull(self, resource: str, cursor: str = "", *, full: bool = False, known: Known) -> Iterator[Page]:
        yield from ()

    def decode(self, item: Received) -> tuple[Record, ...]:
        self.decoded += 1
        said = json.loads(item.payload)
        if said.get("broken"):
            raise BadRecord("first_name: not a text")
        event = EventRecord(external_id="e1", name=said.get("event", "Hexley"), stub=True, as_of=_instant(said))
        race = RaceRecord(
            external_id="r1", event_id="e1", name=said.get("race", "Hexley 10K"), stub=True, as_of=_instant(said)
        )
        make = EntryRecord if item.kind is Kind.ENTRY else ApplicationRecord
        record = make(
            external_id=item.external_id,
            event_id="e1",
            race_id=said.get("race_id", "r1"),
            person=_person(said),
            redacted=said.get("redacted", False),
            updated_at=_instant(said),
            created_at=_instant(said),
        )
        return (record, event, race) if record.race_id else (record,)


def _instant(said: dict[str, Any]) -> datetime | None:
    return datetime.fromisoformat(said["updated_at"]) if "updated_at" in said else None


def _person(said: dict[str, Any]) -> Person:
    return Person(
        first_name=said.get("first_name", ""),
        last_name=said.get("last_name", ""),
        email=said.get("email", ""),
        city=said.get("city", ""),
        medical=said.get("medical", ""),
        birth_date=date.fromisoformat(said["birth_date"]) if "birth_date" in said else None,
        gender=Gender(said.get("gender", "")),
    )


def entry(external_id: str, kind: Kind = Kind.ENTRY, **said: Any) -> Received:
    payload = json.dumps(said).encode()
    return Received(
        kind=kind, external_id=external_id, fingerprint=blake2b(payload, digest_size=16).digest(), payload=payload
    )
