"""What a provider says of its gates, into our rows: a page at a time, in a few statements.

A record may point at an event or a race that has not been told of yet: it keeps the id, and is tied when the other is
there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from organiser_portal.admissions.models import HINT, Admission, GateToken, sealed
from organiser_portal.connections.models import Connection, SyncedModel
from organiser_portal.connections.upsert import upsert
from organiser_portal.events.models import EventListing, Listing
from providers.gate_records import AdmissionRecord, GateSide, GateTokenRecord

BOOKKEEPING = ("organisation_id", "connection_id", "external_id", "fingerprint", "first_seen", "last_seen", "gone_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One record, and the hash of how it was said."""

    record: GateSide
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class _Known:
    """External id → our key, for what a batch points at."""

    events: Mapping[str, int]
    races: Mapping[str, int]


def ingest(arrivals: Sequence[Arrival], *, connection: Connection, now: datetime) -> None:
    """Insert or update these. Atomic with the caller's transaction."""
    # The last word counts when one is named twice.
    admissions = {each.record.external_id: each for each in arrivals if isinstance(each.record, AdmissionRecord)}
    tokens = {each.record.external_id: each for each in arrivals if isinstance(each.record, GateTokenRecord)}
    known = _known([each.record for each in arrivals], connection)
    _store(Admission, [(each, _admission(each.record, known)) for each in admissions.values()], connection, now)
    with_code = [(each, _token(each.record, known)) for each in tokens.values()]
    # What is read again from a stored payload comes without its code; the one we hold stays.
    _store(GateToken, [pair for pair in with_code if "sealed_code" in pair[1]], connection, now)
    _store(GateToken, [_to_read_again(*pair) for pair in with_code if "sealed_code" not in pair[1]], connection, now)
    _tie(connection)


def _store(
    model: type[SyncedModel], ready: Sequence[tuple[Arrival, dict[str, Any]]], connection: Connection, now: datetime
) -> None:
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
    upsert(model, rows, columns=(*BOOKKEEPING, *names))


def _admission(record: GateSide, known: _Known) -> dict[str, Any]:
    assert isinstance(record, AdmissionRecord)
    return {
        "event_listing_id": known.events.get(record.event_id),
        "event_external_id": record.event_id,
        "listing_id": known.races.get(record.race_id),
        "race_external_id": record.race_id,
        "ticket": record.ticket,
        "name": record.name,
        "steward": record.steward,
        "device": record.device,
        "admitted_at": record.admitted_at,
    }


def _token(record: GateSide, known: _Known) -> dict[str, Any]:
    assert isinstance(record, GateTokenRecord)
    told = {
        "event_listing_id": known.events.get(record.event_id),
        "event_external_id": record.event_id,
        "everywhere": record.everywhere,
        "own": record.own,
        "race_external_ids": list(record.race_ids),
    }
    code = {"sealed_code": sealed(record.code), "code_hint": record.code[-HINT:]} if record.code else {}
    return told | code


def _to_read_again(arrival: Arrival, values: dict[str, Any]) -> tuple[Arrival, dict[str, Any]]:
    """Without a fingerprint, so that the next sync reads it with its code."""
    return Arrival(record=arrival.record, fingerprint=b""), values


def _tie(connection: Connection) -> None:
    """Point what was waiting for an event or a race at it."""
    events = EventListing.objects.filter(connection=connection, external_id=OuterRef("event_external_id"))
    races = Listing.objects.filter(connection=connection, external_id=OuterRef("race_external_id"))
    for model in (Admission, GateToken):
        waiting = model._default_manager.filter(connection=connection, event_listing=None)
        waiting.update(event_listing_id=Subquery(events.values("pk")[:1]))
    homeless = Admission.objects.filter(connection=connection, listing=None).exclude(race_external_id="")
    homeless.update(listing_id=Subquery(races.values("pk")[:1]))


def _known(records: Sequence[GateSide], connection: Connection) -> _Known:
    races = {record.race_id for record in records if isinstance(record, AdmissionRecord)}
    return _Known(
        events=_keys(EventListing, {record.event_id for record in records}, connection),
        races=_keys(Listing, races, connection),
    )


def _keys(model: type[SyncedModel], ids: Iterable[str], connection: Connection) -> dict[str, int]:
    rows = model._default_manager.filter(connection=connection, external_id__in=set(ids) - {""})
    return dict(rows.values_list("external_id", "pk"))
