"""Entries tied to the places and the partner they came by, after a sync. Twice is once."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from organiser_portal.connections.models import Connection
from organiser_portal.connections.upsert import upsert
from organiser_portal.participants.models import Entry
from organiser_portal.partners.models import EntryTie, Partner, ReservedGroup
from organiser_portal.partners.ties import NOTHING, GroupFacts, PartnerFacts, Tied, Ties, Trace, ties
from providers.records import Kind

TIED = frozenset({Kind.ENTRY, Kind.PARTNER, Kind.RESERVED_GROUP})
CHUNK = 2_000

type Decided = tuple[int, Tied, Tied]


def tie_entries(connection: Connection, *, written_since: datetime | None = None) -> int:
    """Work out the group and partner of this connection's entries; returns how many ties were changed.

    ``written_since``: only of those written since then, where nothing else has changed.
    """
    known = _ties(connection)
    written = Q(last_seen__gte=written_since) if written_since else Q()
    changed = 0
    for decided in _decided(connection, known, written):
        gone = [entry_id for entry_id, now, was in decided if now == NOTHING and was != NOTHING]
        made = [(entry_id, *now) for entry_id, now, was in decided if now not in (was, NOTHING)]
        with transaction.atomic():
            EntryTie.objects.filter(entry__in=gone).delete()
            if made:
                upsert(
                    EntryTie,
                    made,
                    columns=("entry_id", "group_id", "partner_id"),
                    unique=("entry_id",),
                    insert_only=(),
                )
        changed += len(gone) + len(made)
    return changed


def _ties(connection: Connection) -> Ties:
    groups = ReservedGroup.objects.filter(connection=connection).values_list(
        "pk", "external_id", "name", "event_listing_id", "partner_id"
    )
    partners = Partner.objects.filter(connection=connection).values_list("pk", "name", "other_ids")
    return ties((GroupFacts(*row) for row in groups), (PartnerFacts(*row) for row in partners))


def _decided(connection: Connection, known: Ties, written: Q) -> Iterator[list[Decided]]:
    """By key and in chunks, so that memory stays flat and no cursor is held open."""
    named = ~Q(partner_group_external_id="") | ~Q(partner_group="") | ~Q(partner_name="")
    traced = named | ~Q(partner_other_ids=[]) | Q(tie__isnull=False)
    rows = Entry.objects.filter(traced, written, connection=connection).order_by("pk")
    last = 0
    while chunk := list(
        rows.filter(pk__gt=last).values_list(
            "pk",
            "partner_group_external_id",
            "partner_group",
            "partner_name",
            "listing__event_listing_id",
            "partner_other_ids",
            "tie__group_id",
            "tie__partner_id",
        )[:CHUNK]
    ):
        last = chunk[-1][0]
        yield [(row[0], known.of(Trace(*row[1:6])), Tied(*row[6:])) for row in chunk]
