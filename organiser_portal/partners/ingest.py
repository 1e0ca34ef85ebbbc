"""What a provider says about partners and what they bring, into our rows: a page at a time, in a few statements.

The caller has decided what is new or changed. A record may point at something that has not been told of yet: it keeps
the id, and is tied when the other comes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from organiser_portal.connections.models import Connection, SyncedModel
from organiser_portal.connections.upsert import upsert
from organiser_portal.events.models import EventListing
from organiser_portal.partners import columns
from organiser_portal.partners.columns import Known
from organiser_portal.partners.models import Campaign, Conversion, DayStat, Partner, ReservedGroup
from organiser_portal.partners.renamed import recognise
from providers.partner_records import (
    CampaignRecord,
    ConversionRecord,
    DayStatRecord,
    PartnerRecord,
    PartnerSide,
    ReservedGroupRecord,
)

BOOKKEEPING = ("organisation_id", "connection_id", "external_id", "fingerprint", "first_seen", "last_seen", "gone_at")


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Where records of a class go. ``awaited_by``: rows that may have waited for one of these, with their columns."""

    model: type[SyncedModel]
    values: Callable[[Any, Known], dict[str, Any]]
    awaited_by: tuple[tuple[type[SyncedModel], str], ...] = ()


SHELVES: Mapping[type, _Shelf] = {
    PartnerRecord: _Shelf(
        Partner,
        columns.partner_values,
        ((ReservedGroup, "partner"), (Conversion, "partner"), (DayStat, "partner")),
    ),
    ReservedGroupRecord: _Shelf(ReservedGroup, columns.group_values),
    CampaignRecord: _Shelf(Campaign, columns.campaign_values, ((Conversion, "campaign"), (DayStat, "campaign"))),
    ConversionRecord: _Shelf(Conversion, columns.conversion_values),
    DayStatRecord: _Shelf(DayStat, columns.day_values),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One record, and the hash of how it was said."""

    record: PartnerSide
    fingerprint: bytes


def ingest(arrivals: Sequence[Arrival], *, connection: Connection, now: datetime) -> frozenset[str]:
    """Insert or update these. Returns the ids that were left alone because what we hold is newer.

    Atomic with the caller's transaction.
    """
    older: set[str] = set()
    for kind, shelf in SHELVES.items():
        # The last word counts when one is named twice.
        mine = list({each.record.external_id: each for each in arrivals if type(each.record) is kind}.values())
        if mine:
            stale = _older(mine, connection)
            older |= stale
            _store(shelf, [each for each in mine if each.record.external_id not in stale], connection, now)
    return frozenset(older)


def _store(shelf: _Shelf, arrivals: Sequence[Arrival], connection: Connection, now: datetime) -> None:
    recognise([each.record for each in arrivals], connection=connection, now=now)
    known = _known([each.record for each in arrivals], connection)
    ready = [(each, shelf.values(each.record, known)) for each in arrivals]
    if not ready:
        return
    names = tuple(ready[0][1])
    rows = [
        (
            *(connection.organisation_id, connection.pk, each.record.external_id, each.fingerprint, now, now, None),
            *(values[name] for name in names),
        )
        for each, values in ready
    ]
    upsert(shelf.model, rows, columns=(*BOOKKEEPING, *names))
    for model, pointer in shelf.awaited_by:
        _tie(model, pointer, shelf.model, [each.record.external_id for each, _ in ready], connection)


def _tie(
    model: type[SyncedModel], pointer: str, target: type[SyncedModel], ids: Iterable[str], connection: Connection
) -> None:
    """Point the rows that were waiting for these at them."""
    waiting = model._default_manager.filter(
        **{"connection": connection, pointer: None, f"{pointer}_external_id__in": list(ids)}
    )
    found = target._default_manager.filter(connection=connection, external_id=OuterRef(f"{pointer}_external_id"))
    waiting.update(**{f"{pointer}_id": Subquery(found.values("pk")[:1])})


def _known(records: Sequence[PartnerSide], connection: Connection) -> Known:
    def keys(model: type[SyncedModel], name: str) -> dict[str, int]:
        ids = {getattr(record, name, "") for record in records} - {""}
        rows = model._default_manager.filter(connection=connection, external_id__in=ids) if ids else ()
        return {row.external_id: row.pk for row in rows}

    return Known(
        events=keys(EventListing, "event_id"),
        partners=keys(Partner, "partner_id"),
        campaigns=keys(Campaign, "campaign_id"),
    )


def _older(arrivals: Sequence[Arrival], connection: Connection) -> set[str]:
    """Walks overlap, so an older state of a partner can come after a newer one."""
    told = {each.record.external_id: getattr(each.record, "updated_at", None) for each in arrivals}
    dated = {external_id: moment for external_id, moment in told.items() if moment is not None}
    if not dated:
        return set()
    held = Partner.objects.filter(connection=connection, external_id__in=dated, gone_at=None).values_list(
        "external_id", "remote_updated_at"
    )
    return {external_id for external_id, moment in held if moment is not None and dated[external_id] < moment}
