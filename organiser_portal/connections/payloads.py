"""What a provider sent, as it is kept for a replay: a row for each record, and bundles of those that came together.

A row counts before any copy in a bundle. What changes is written as a row, so that no bundle is opened for it; what is
to be forgotten is taken out of both.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import batched, chain, islice
from typing import Any

from django.db.models import QuerySet

from organiser_portal.connections.among import Among
from organiser_portal.connections.columns import Column, Same
from organiser_portal.connections.dictionaries import Dictionaries
from organiser_portal.connections.models import Connection, PayloadBundle, SourcePayload
from organiser_portal.connections.upsert import Columns, upsert
from providers.bundles import Bundle, Kept, bundled, opened
from providers.commonplaces import FEWEST, SAMPLE, Places
from providers.pages import mark_of, words
from providers.port import Received
from providers.records import Kind

CHUNK = 500  # records in memory at a time
KEYS = 50_000  # in memory at a time: no index has them in order, so they are sorted each time
AT_A_TIME = 5  # bundles: as many records
KEY = ("connection_id", "kind", "external_id")
BUNDLE = ("connection_id", "kind", "marks", "data", "fetched_at")

type Rows = QuerySet[SourcePayload]
type Bundles = QuerySet[PayloadBundle]


class Keeper:
    """Keeps what one run has taken in. ``impersonal``: by kind, where a payload says nothing about a person."""

    def __init__(self, connection: Connection, impersonal: Mapping[Kind, Places]) -> None:
        self._connection = connection
        self._dictionaries = Dictionaries(connection, impersonal)

    def learn(self, kind: Kind, items: Sequence[Received]) -> None:
        """What these have in common, or where they are few, what is kept already; if that is not known yet."""
        if self._dictionaries.wants(kind):
            few = len(items) < FEWEST
            told = newest(self._connection, kind, SAMPLE) if few else (item.payload for item in items[:SAMPLE])
            self._dictionaries.learn(kind, list(told))

    def keep(
        self, kind: Kind, items: Sequence[Received], bundles: Iterable[Bundle] = (), *, unheld: bool, now: datetime
    ) -> None:
        """These in rows of their own, in place of what was kept of them, and bundles of records that are all new.

        In the caller's transaction. ``unheld``: ``items`` are new as well.
        """
        mine, packing = (self._connection.pk, kind.value), self._dictionaries.packing(kind)
        dictionary_id = self._dictionaries.id_of(kind, packing, now=now) if items else None

        def columns(some: Sequence[Received]) -> Sequence[Column]:
            ids, packed = [item.external_id for item in some], [packing.pack(item.payload) for item in some]
            return [*map(Same, mine), ids, packed, Same(now), Same(dictionary_id)]

        row = (*KEY, "data", "fetched_at", "dictionary_id")
        upsert(SourcePayload, Columns(items, columns), columns=row, unique=KEY, insert_only=(), unheld=unheld)
        rows = [(*mine, one.marks, one.data, now) for one in bundles]
        upsert(PayloadBundle, rows, columns=BUNDLE, unique=(), insert_only=BUNDLE, unheld=True)


def forget(connection: Connection | int, kind: Kind, external_ids: Collection[str]) -> None:
    """Leave nothing of these, in the caller's transaction."""
    if not external_ids:
        return
    rows, bundles = _kept(connection, kind)
    rows.filter(Among("external_id", external_ids)).delete()
    gone = frozenset(external_ids)
    for some in batched(holding(bundles, gone), AT_A_TIME):
        # In the order of their keys, so that of two who forget none waits for another crosswise; and read when they are
        # held, since another may have taken something out meanwhile.
        for bundle in bundles.select_for_update().filter(pk__in=some).order_by("pk"):
            _take_out(bundle, gone)


def holding(bundles: QuerySet[Any, Any], external_ids: Iterable[str]) -> list[int]:
    """The keys of those that hold any of these records, in order. None is opened."""
    wanted = frozenset(map(mark_of, external_ids))
    marks = bundles.order_by("pk").values_list("pk", "marks").iterator(CHUNK)
    return [pk for pk, some in marks if not wanted.isdisjoint(words(bytes(some)))]


def every(connection: Connection, kind: Kind) -> Iterator[Sequence[Kept]]:
    """All that is kept of one kind, some hundreds at a time, each record as it came last.

    By key, so that memory stays flat and no cursor is held open. Rows come behind the bundles: what changes meanwhile
    may come twice, and is not missed.
    """
    rows, bundles = _kept(connection, kind)
    yield from _in_bundles(rows, bundles.order_by("pk"))
    last = 0
    while keys := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:KEYS]):
        last = keys[-1]
        for some in batched(keys, CHUNK):
            # Of these keys and nothing else: else a database that knows the table badly reads all of this kind.
            found = SourcePayload.objects.filter(pk__in=some).order_by("pk").prefetch_related("dictionary")
            yield [(row.external_id, row.json()) for row in found]


def newest(connection: Connection, kind: Kind, most: int) -> Iterator[bytes]:
    """So many payloads of one kind at most, those that were kept last. Bundles come with a first load, rows later."""
    rows, bundles = _kept(connection, kind)
    # Keys first: they come from the index alone, however many there are.
    keys = list(rows.order_by("-pk").values_list("pk", flat=True)[:most])
    for row in rows.filter(pk__in=keys).prefetch_related("dictionary"):
        yield row.json()
    older = chain.from_iterable(_in_bundles(rows, bundles.order_by("-pk")))
    for _, payload in islice(older, most - len(keys)):
        yield payload


def _kept(connection: Connection | int, kind: Kind) -> tuple[Rows, Bundles]:
    of_this_kind = {"connection": connection, "kind": kind.value}
    return SourcePayload.objects.filter(**of_this_kind), PayloadBundle.objects.filter(**of_this_kind)


def _in_bundles(rows: Rows, bundles: Bundles) -> Iterator[list[Kept]]:
    """The records in these, in their order, but those that have a row of their own."""
    for keys in batched(bundles.values_list("pk", flat=True), AT_A_TIME):
        kept = list(chain.from_iterable(opened(bytes(each.data)) for each in bundles.filter(pk__in=keys)))
        told = rows.filter(Among("external_id", [external_id for external_id, _ in kept]))
        own = set(told.values_list("external_id", flat=True))
        yield [(external_id, payload) for external_id, payload in kept if external_id not in own]


def _take_out(bundle: PayloadBundle, gone: Collection[str]) -> None:
    kept = [(external_id, payload) for external_id, payload in opened(bytes(bundle.data)) if external_id not in gone]
    if kept:
        bundle.marks, bundle.data = bundled(kept)
        bundle.save(update_fields=["marks", "data"])
    else:
        bundle.delete()
