"""Entries tied to the places and the partner they came by: as a batch is stored, all after a sync. Twice is once."""

from collections.abc import Container, Iterable, Iterator, Sequence

from django.db import transaction
from django.db.models import Q, QuerySet

from organiser_portal.connections.among import Among
from organiser_portal.connections.models import Connection
from organiser_portal.connections.upsert import upsert
from organiser_portal.participants.models import Entry
from organiser_portal.partners.models import EntryTie, Partner, ReservedGroup
from organiser_portal.partners.ties import NOTHING, GroupFacts, PartnerFacts, Tied, Ties, Trace, ties
from providers.records import EntryRecord, Kind
from providers.written import WrittenEntry

TIED = frozenset({Kind.ENTRY, Kind.PARTNER, Kind.RESERVED_GROUP})
CHUNK = 2_000

type Decided = tuple[int, Tied, Tied]


def tie_batch(connection: Connection, records: Iterable[EntryRecord | WrittenEntry], *, unheld: Container[str]) -> int:
    """The same for these alone, whose rows the caller's transaction has just written and so holds.

    ``unheld``: ids that are new among our rows. One that names no partner has no tie and gets none.
    """
    traced = [one for one in records if one.external_id not in unheld or names_partner(one)]
    known = _ties(connection) if traced else ties((), ())
    # Where there is nothing to be tied to, only what is tied already could change.
    external_ids = [one.external_id for one in traced if known or one.external_id not in unheld]
    if not external_ids:
        return 0
    entries = Entry.objects.filter(Among("external_id", external_ids), connection=connection)
    return sum(_write(decided) for decided in _decided(entries, known))


def names_partner(record: EntryRecord | WrittenEntry) -> bool:
    """Whether anything in it could lead to a group or a partner."""
    return bool(record.partner_group_id or record.partner_group or record.partner_name or record.partner_other_ids)


def tie_entries(connection: Connection) -> int:
    """Work out the group and partner of this connection's entries; returns how many ties were changed."""
    known, changed = _ties(connection), 0
    for decided in _decided(Entry.objects.filter(connection=connection), known):
        moved = Entry.objects.filter(pk__in=[entry_id for entry_id, now, was in decided if now != was])
        with transaction.atomic():
            # Held as every other writer holds them, entries before their ties, and read again: a batch may have been
            # written meanwhile.
            if moved.select_for_update().order_by("pk").values_list("pk"):
                changed += sum(_write(still) for still in _decided(moved, known))
    return changed


def _write(decided: Sequence[Decided]) -> int:
    gone = [entry_id for entry_id, now, was in decided if now == NOTHING and was != NOTHING]
    made = [(entry_id, *now) for entry_id, now, was in decided if now not in (was, NOTHING)]
    if gone:
        EntryTie.objects.filter(entry__in=gone).delete()
    upsert(EntryTie, made, columns=("entry_id", "group_id", "partner_id"), unique=("entry_id",), insert_only=())
    return len(gone) + len(made)


def _ties(connection: Connection) -> Ties:
    groups = ReservedGroup.objects.filter(connection=connection).values_list(
        "pk", "external_id", "name", "event_listing_id", "partner_id"
    )
    partners = Partner.objects.filter(connection=connection).values_list("pk", "name", "other_ids")
    return ties((GroupFacts(*row) for row in groups), (PartnerFacts(*row) for row in partners))


def _decided(entries: QuerySet[Entry], known: Ties) -> Iterator[list[Decided]]:
    """By key and in chunks, so that memory stays flat and no cursor is held open."""
    wanted = Q(tie__isnull=False)
    if known:
        named = ~Q(partner_group_external_id="") | ~Q(partner_group="") | ~Q(partner_name="")
        wanted |= named | ~Q(partner_other_ids=[])
    rows = entries.filter(wanted).order_by("pk")
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
