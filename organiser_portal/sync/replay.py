"""Read the stored payloads again, after a person field was mapped differently. No call to the provider."""

from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import transaction

from organiser_portal.connections import payloads
from organiser_portal.connections.counting import count
from organiser_portal.connections.models import Connection, RejectedRecord, SourcePayload
from organiser_portal.sync.apply import Applier, held_rows
from organiser_portal.sync.tally import Tally
from providers.packing import unpack
from providers.port import Page, Provider, Received
from providers.records import Kind

CHUNK = 500
PEOPLE = (Kind.APPLICATION, Kind.ENTRY)


def replay(
    *,
    connection: Connection,
    provider: Provider,
    now: Callable[[], datetime],
    run_id: int | None = None,
    progress: Callable[[Tally], None] | None = None,
) -> Tally:
    """Rebuild entries and applications from what the provider last sent, a page in a transaction at a time.

    Rejected records are tried again as well.
    """
    count(SourcePayload)  # it may have grown little by little, and nobody but autovacuum would know
    applier = Applier(connection=connection, provider=provider, run_id=run_id, now=now, source="replay")
    total = Tally()
    for page in _pages(connection, applier):
        total += page
        if progress:
            progress(page)
    return total


def _pages(connection: Connection, applier: Applier) -> Iterator[Tally]:
    for kind in PEOPLE:
        for items in _stored(connection, kind):
            with transaction.atomic():
                _, bad = applier.read(items, resource="replay")
            yield Tally(seen=len(items), changed=len(items) - len(bad), rejected=len(bad))
        for rejected in _rejected(connection, kind):
            with transaction.atomic():
                tally = applier.apply(_page(connection, kind, rejected), resource="replay")
            yield tally


def _page(connection: Connection, kind: Kind, rejected: list[RejectedRecord]) -> Page:
    """What is new by it, and had left its listing before it could be read, is gone: a row that is held knows itself."""
    held = held_rows(connection, kind, [row.external_id for row in rejected])
    left = [row.external_id for row in rejected if row.gone_at and row.external_id not in held]
    items = [
        Received(
            kind=kind,
            external_id=row.external_id,
            fingerprint=bytes(row.fingerprint),
            payload=unpack(bytes(row.data)),
        )
        for row in rejected
    ]
    return Page(items=tuple(items), gone=tuple((kind, external_id) for external_id in left))


def _stored(connection: Connection, kind: Kind) -> Iterator[list[Received]]:
    """All that is kept of one kind and stands among our rows, some hundreds at a time."""
    for kept in payloads.every(connection, kind):
        held = held_rows(connection, kind, [external_id for external_id, _ in kept])
        yield [
            Received(kind=kind, external_id=external_id, fingerprint=held[external_id].fingerprint, payload=payload)
            for external_id, payload in kept
            if external_id in held
        ]


def _rejected(connection: Connection, kind: Kind) -> Iterator[list[RejectedRecord]]:
    """Those that could be told apart but not read, gone or not. By key, too: some will stay as they are."""
    waiting = RejectedRecord.objects.filter(connection=connection, kind=kind.value, resolved_at=None)
    last = 0
    while rows := list(waiting.exclude(fingerprint=b"").filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = rows[-1].pk
        yield rows
