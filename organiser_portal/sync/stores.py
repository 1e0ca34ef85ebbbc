"""Which kind of record goes into which table, and by whose hand: one row per kind, and nothing else decides it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from organiser_portal.admissions import ingest as gates
from organiser_portal.admissions.erase import erase_holders
from organiser_portal.admissions.models import Admission, GateToken
from organiser_portal.connections.models import Connection, SyncedModel
from organiser_portal.events.ingest import CATALOGUED, Catalogue, Place
from organiser_portal.events.models import EventListing, Listing, TicketType
from organiser_portal.participants.columns import Incoming
from organiser_portal.participants.ingest import Context, Ingested, ingest_applications, ingest_entries
from organiser_portal.participants.models import Application, Entry
from organiser_portal.partners import ingest as partners
from organiser_portal.partners.models import Campaign, Conversion, DayStat, Partner, ReservedGroup
from providers.gate_records import AdmissionRecord, GateTokenRecord
from providers.partner_records import (
    CampaignRecord,
    ConversionRecord,
    DayStatRecord,
    PartnerRecord,
    ReservedGroupRecord,
)
from providers.port import Received
from providers.records import ApplicationRecord, EntryRecord, EntrySide, Kind, Record
from providers.written import WrittenEntry

PARTNER_SIDE = (PartnerRecord, ReservedGroupRecord, CampaignRecord, ConversionRecord, DayStatRecord)
GATE_SIDE = (AdmissionRecord, GateTokenRecord)


@dataclass(frozen=True, slots=True)
class Bad:
    """One record that could not be taken."""

    item: Received
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Whose records, when, and in which run. ``unheld``: external ids that stood in none of our rows a moment ago.

    ``places`` and ``tickets``: where those live that the records name. ``stays``: where those stand that name no race.
    """

    connection: Connection
    catalogue: Catalogue
    now: datetime
    run_id: int | None
    source: str
    unheld: frozenset[str]
    places: Mapping[str, Place]
    stays: Mapping[str, Place]
    tickets: Mapping[str, int]

    @property
    def context(self) -> Context:
        return Context(
            connection=self.connection, now=self.now, run_id=self.run_id, source=self.source, unheld=self.unheld
        )


type Decoded = Sequence[tuple[Received, Record]]
type Stored = tuple[Ingested, list[Bad]]
type Store = Callable[[Decoded, Batch], Stored]


def _store_catalogue(decoded: Decoded, batch: Batch) -> Stored:
    batch.catalogue.take((record, item.fingerprint) for item, record in decoded if isinstance(record, CATALOGUED))
    return Ingested(), []


def _store_entries(decoded: Decoded, batch: Batch) -> Stored:
    incoming, homeless = _incoming(decoded, (EntryRecord, WrittenEntry), batch)
    done = ingest_entries(incoming, context=batch.context) if incoming else Ingested()
    if done.erased:
        erase_holders(batch.connection, done.erased)
    return done, homeless


def _store_applications(decoded: Decoded, batch: Batch) -> Stored:
    incoming, homeless = _incoming(decoded, (ApplicationRecord,), batch)
    return ingest_applications(incoming, context=batch.context) if incoming else Ingested(), homeless


def _store_partner_side(decoded: Decoded, batch: Batch) -> Stored:
    arrivals = [
        partners.Arrival(record=record, fingerprint=item.fingerprint)
        for item, record in decoded
        if isinstance(record, PARTNER_SIDE)
    ]
    return Ingested(older=partners.ingest(arrivals, connection=batch.connection, now=batch.now)), []


def _store_gate_side(decoded: Decoded, batch: Batch) -> Stored:
    arrivals = [
        gates.Arrival(record=record, fingerprint=item.fingerprint)
        for item, record in decoded
        if isinstance(record, GATE_SIDE)
    ]
    gates.ingest(arrivals, connection=batch.connection, now=batch.now)
    return Ingested(), []


@dataclass(frozen=True, slots=True)
class Room:
    """Where a kind lives, and how it gets there."""

    model: type[SyncedModel]
    store: Store


# In the order in which the kinds of one page are taken: what is pointed at before what points.
ROOMS: Mapping[Kind, Room] = {
    Kind.EVENT: Room(EventListing, _store_catalogue),
    Kind.RACE: Room(Listing, _store_catalogue),
    Kind.TICKET_TYPE: Room(TicketType, _store_catalogue),
    Kind.ENTRY: Room(Entry, _store_entries),
    Kind.APPLICATION: Room(Application, _store_applications),
    Kind.PARTNER: Room(Partner, _store_partner_side),
    Kind.RESERVED_GROUP: Room(ReservedGroup, _store_partner_side),
    Kind.CAMPAIGN: Room(Campaign, _store_partner_side),
    Kind.CONVERSION: Room(Conversion, _store_partner_side),
    Kind.DAY_STAT: Room(DayStat, _store_partner_side),
    Kind.ADMISSION: Room(Admission, _store_gate_side),
    Kind.GATE_TOKEN: Room(GateToken, _store_gate_side),
}
MODELS: dict[Kind, type[SyncedModel]] = {kind: room.model for kind, room in ROOMS.items()}


def mention(records: Iterable[Record], catalogue: Catalogue) -> None:
    """Stubs of what records point at."""
    catalogue.take((record, None) for record in records if isinstance(record, CATALOGUED))


def where_they_stand(connection: Connection, people: Iterable[EntrySide]) -> Mapping[str, Place]:
    """Where those live who are to be erased and whose race is not told, by external id."""
    unplaced = [record for record in people if record.redacted and not record.race_id]
    if not unplaced:
        return {}
    model = Application if isinstance(unplaced[0], ApplicationRecord) else Entry
    rows = model.objects.filter(connection=connection, external_id__in=[record.external_id for record in unplaced])
    held = rows.values_list("external_id", "listing_id", "race_id")
    return {external_id: Place(listing, race) for external_id, listing, race in held}


def _incoming(
    decoded: Decoded, shapes: tuple[type[EntrySide], ...], batch: Batch
) -> tuple[list[Incoming[Any]], list[Bad]]:
    """Records of these shapes and where they belong; those apart that belong nowhere."""
    incoming: list[Incoming[Any]] = []
    homeless: list[Bad] = []
    for item, record in decoded:
        if not isinstance(record, shapes):
            continue
        place = batch.places.get(record.race_id) or batch.stays.get(record.external_id)
        if place is None:
            homeless.append(Bad(item, "its race is not known here"))
            continue
        ticket = batch.tickets.get(record.ticket_type_id)
        incoming.append(
            Incoming(record=record, fingerprint=item.fingerprint, place=place, now=batch.now, ticket_type_id=ticket)
        )
    return incoming, homeless
