"""One page of a walk, into our tables.

Twice is once: a record whose fingerprint we hold is not even decoded. One bad record is one bad record: it is kept with
its reason and the page goes on.
"""

from collections.abc import Callable, Collection, Container, Iterable, Sequence
from datetime import datetime
from functools import partial
from itertools import groupby
from operator import attrgetter

from django.db import models

from organiser_portal.connections.among import Among
from organiser_portal.connections.models import Connection, RejectedRecord, SyncedModel
from organiser_portal.connections.payloads import Keeper
from organiser_portal.connections.reconcile import Held, reconcile
from organiser_portal.connections.watch import Met, Watch
from organiser_portal.events.ingest import Catalogue
from organiser_portal.participants.ingest import Ingested, writer
from organiser_portal.sync.beforehand import Beforehand
from organiser_portal.sync.second_hand import SecondHand
from organiser_portal.sync.stores import MODELS, ROOMS, Bad, Batch, Decoded, Stored, mention, where_they_stand
from organiser_portal.sync.tally import Tally
from organiser_portal.sync.tie import tie_batch
from providers.errors import BadRecord
from providers.packing import pack
from providers.port import Page, Provider, Received, Rejected
from providers.records import ApplicationRecord, EntryRecord, Kind, Record
from providers.written import WrittenEntry

MANY = 1_000
"""Records, of which half are worth a transaction of their own."""


class Applier:
    """Stores the pages of one run. Remembers, for the length of the run, where races and tickets live.

    ``all_stand``: whatever the pages named is among our rows now, and listed. ``left``: what is not, though it could be
    told apart. ``adds_up``: there are as many more as were new, and as many fewer as are gone. ``second_hand`` helps
    with what is new; it is closed with this.
    """

    def __init__(
        self,
        *,
        connection: Connection,
        provider: Provider,
        run_id: int | None,
        now: Callable[[], datetime],
        source: str = "sync",
        second_hand: SecondHand | None = None,
    ) -> None:
        self._connection = connection
        self._run_id = run_id
        self._now = now
        self._source = source
        self._catalogue = Catalogue(connection=connection, now=now)
        self._keeper = Keeper(connection, provider.impersonal)
        self._beforehand = Beforehand(provider, writer())
        self._watch = Watch(connection, provider.contract)
        self._second_hand = second_hand
        self.all_stand = self.adds_up = True
        self.left: list[Received] = []

    def prepare(self, page: Page) -> None:
        """Do beforehand, in any thread, what needs no database, for a page of which nothing is held."""
        self._beforehand.prepare(page)

    def close(self) -> None:
        """Nothing more will be prepared."""
        self._beforehand.close()
        if self._second_hand is not None:
            self._second_hand.close()

    def apply(self, page: Page, *, resource: str) -> Tally:
        """Store what is new or changed in this page. Call it inside a transaction; applying a page twice is once."""
        self._catalogue.added = False
        tally = self._keep_unreadable(page.rejected, resource)
        for known in page.known:
            tally += Tally(seen=len(known), same=len(known))
        self._beforehand.begin(page.items)
        for kind, items in _by_kind(page.items):
            tally += self._apply_kind(kind, items, resource)
        self._beforehand.end()
        self.all_stand = self.all_stand and not (page.rejected or page.gone)
        for kind, external_id in page.gone:
            tally += Tally(gone=self._retire(kind, external_id))
        return tally

    def read(
        self, items: Sequence[Received], *, resource: str, unheld: Iterable[str] = ()
    ) -> tuple[Ingested, list[Bad]]:
        """Decode and store these, whatever we hold; say which were left alone or erased, and which are bad.

        ``unheld``: the ids of which we hold no row.
        """
        new, done, bad = frozenset(unheld), Ingested(), []
        for kind, some in _by_kind(items):
            decoded, unreadable = self._decode(some, new)
            stored, homeless = self._store(kind, decoded, self._batch(decoded, new))
            done |= stored
            bad += [*unreadable, *homeless]
        self._keep_rejected(bad, resource)
        return done, bad

    def _apply_kind(self, kind: Kind, items: list[Received], resource: str) -> Tally:
        held = held_rows(self._connection, kind, [item.external_id for item in items])
        plan = reconcile(items, held)
        self.adds_up = self.adds_up and all(held[item.external_id].was_listed for item in plan.changed)
        fresh = [*plan.new, *plan.changed]
        unheld = frozenset(item.external_id for item in plan.new)
        decoded, unreadable = self._decode(fresh, unheld)
        done, homeless = self._take_in(
            kind, decoded, self._batch(decoded, unheld), self._beforehand.not_as_declared(fresh)
        )
        bad = [*unreadable, *homeless]
        self._keep_rejected(bad, resource)
        left = {one.item.external_id for one in bad} | done.older
        self.left += [item for item in fresh if item.external_id in left]
        self.all_stand = self.all_stand and not left
        new, changed = _without(plan.new, left), _without(plan.changed, left)
        same = plan.same + len(done.older)
        seen = len(fresh) + plan.same  # who came twice in these pages, because they changed meanwhile, counts once
        return Tally(seen=seen, new=len(new), changed=len(changed), same=same, rejected=len(bad))

    def _decode(self, items: Iterable[Received], unheld: Container[str]) -> tuple[Decoded, list[Bad]]:
        """With what they mention stored."""
        decoded: list[tuple[Received, Record]] = []
        mentioned: list[Record] = []
        bad: list[Bad] = []
        for item in items:
            try:
                record, *others = self._beforehand.decode(item, unheld=item.external_id in unheld)
            except BadRecord as error:
                bad.append(Bad(item, str(error)))
                continue
            mentioned += others
            decoded.append((item, record))
        mention(mentioned, self._catalogue)
        return decoded, bad

    def _batch(self, decoded: Decoded, unheld: frozenset[str]) -> Batch:
        people = [record for _, record in decoded if isinstance(record, EntryRecord | WrittenEntry | ApplicationRecord)]
        return Batch(
            connection=self._connection,
            catalogue=self._catalogue,
            now=self._now(),
            run_id=self._run_id,
            source=self._source,
            unheld=unheld,
            places=self._catalogue.places(record.race_id for record in people) if people else {},
            stays=where_they_stand(self._connection, people),
            tickets=self._catalogue.ticket_ids(record.ticket_type_id for record in people),
        )

    def _take_in(self, kind: Kind, decoded: Decoded, batch: Batch, odd: Sequence[Received]) -> Stored:
        """Store these and all that belongs to them, where they are many and new in two transactions at a time.

        ``odd``: those that have to be looked at, also where they could not be read.
        """
        half = self._half(decoded, batch)
        share = {item.external_id for item, _ in decoded[:half]}
        met = self._watch.notice([item for item in odd if item.external_id in share], kind)
        self._watch.look(_without(odd, share), kind, now=batch.now)
        whole = partial(self._store_whole, kind, batch=batch)
        if self._second_hand is None or not half:
            return whole(decoded)
        theirs = partial(whole, decoded[:half], met=met)
        here, there = self._second_hand.beside(partial(whole, decoded[half:]), theirs)
        return here[0] | there[0], here[1] + there[1]

    def _half(self, decoded: Decoded, batch: Batch) -> int:
        """How many of them are for the second hand."""
        if (
            self._second_hand is None
            or len(decoded) < MANY
            or not batch.unheld.issuperset(item.external_id for item, _ in decoded)
            or self._catalogue.added
        ):
            return 0
        return self._beforehand.middle([item for item, _ in decoded])

    def _store_whole(self, kind: Kind, decoded: Decoded, *, batch: Batch, met: Sequence[Met] = ()) -> Stored:
        """With their payloads, and what was ``met`` in them; and none of them is rejected any more."""
        self._watch.keep(met, now=batch.now)
        done, homeless = self._store(kind, decoded, batch)
        left = {one.item.external_id for one in homeless} | done.older
        taken = _without([item for item, _ in decoded], left)
        self._keep_payloads(kind, _without(taken, done.erased), batch.unheld)
        self._resolve(kind, taken)
        return done, homeless

    def _store(self, kind: Kind, decoded: Decoded, batch: Batch) -> Stored:
        stored = ROOMS[kind].store(decoded, batch)
        entries = [record for _, record in decoded if isinstance(record, EntryRecord | WrittenEntry)]
        tie_batch(self._connection, entries, unheld=batch.unheld)
        return stored

    def _keep_payloads(self, kind: Kind, items: Iterable[Received], unheld: Container[str]) -> None:
        kept = [item for item in items if item.payload]
        bundles, apart = self._beforehand.bundled([item for item in kept if item.external_id in unheld])
        changed = [item for item in kept if item.external_id not in unheld]
        if apart or changed:
            self._keeper.learn(kind, kept)
        if kept:
            self._keeper.keep(kind, [*apart, *changed], bundles, unheld=not changed, now=self._now())

    def _keep_unreadable(self, rejected: Sequence[Rejected], resource: str) -> Tally:
        self._keep_rejected(
            [
                Bad(
                    Received(kind=one.kind, external_id=one.external_id, fingerprint=b"", payload=one.payload),
                    one.reason,
                )
                for one in rejected
            ],
            resource,
        )
        return Tally(seen=len(rejected), rejected=len(rejected))

    def _keep_rejected(self, bad: Iterable[Bad], resource: str) -> None:
        moment, heard = self._now(), self._source != "replay"
        again: list[int] = []
        for one in bad:
            row, created = RejectedRecord.objects.get_or_create(
                connection=self._connection,
                kind=one.item.kind.value,
                external_id=one.item.external_id[:120],
                defaults={
                    "resource": resource,
                    "reason": one.reason[:300],
                    "data": pack(one.item.payload),
                    "fingerprint": one.item.fingerprint,
                    "first_seen": moment,
                    "last_seen": moment,
                },
            )
            unchanged = bytes(row.fingerprint) == one.item.fingerprint and row.reason == one.reason[:300]
            if created:
                continue
            if unchanged and row.resolved_at is None:
                again.append(row.pk)
                continue
            row.reason, row.fingerprint = one.reason[:300], one.item.fingerprint
            row.last_seen, row.gone_at = (moment, None) if heard else (row.last_seen, row.gone_at)
            row.data, row.times, row.resolved_at = pack(one.item.payload), row.times + 1, None
            row.save()
        if again and heard:
            RejectedRecord.objects.filter(pk__in=again).update(last_seen=moment, gone_at=None)

    def _resolve(self, kind: Kind, items: Sequence[Received]) -> None:
        waiting = RejectedRecord.objects.filter(connection=self._connection, kind=kind.value, resolved_at=None)
        if items and waiting.exists():
            mended = waiting.filter(Among("external_id", [item.external_id for item in items]))
            mended.update(resolved_at=self._now())

    def _retire(self, kind: Kind, external_id: str) -> int:
        """Also what could not be read of it. Returns how many rows of ours it was."""
        gone = {"connection": self._connection, "external_id": external_id, "gone_at": None}
        RejectedRecord.objects.waiting().filter(kind=kind.value, **gone).update(gone_at=self._now())
        return MODELS[kind]._default_manager.filter(**gone).update(gone_at=self._now())


def _by_kind(items: Iterable[Received]) -> list[tuple[Kind, list[Received]]]:
    """These by their kinds, what is pointed at before what points at it."""
    found: dict[Kind, list[Received]] = {}
    for kind, some in groupby(items, key=attrgetter("kind")):
        found.setdefault(kind, []).extend(some)
    return [(kind, found[kind]) for kind in ROOMS if kind in found]


def _without(items: Sequence[Received], ids: Collection[str]) -> Sequence[Received]:
    return [item for item in items if item.external_id not in ids] if ids else items


def _rows(connection: Connection, kind: Kind) -> "models.QuerySet[SyncedModel]":
    return MODELS[kind]._default_manager.filter(connection=connection)


def held_rows(connection: Connection, kind: Kind, external_ids: Sequence[str]) -> dict[str, Held]:
    """What we hold of these, ready to be compared."""
    rows = _rows(connection, kind).filter(Among("external_id", external_ids))
    return {
        external_id: Held(bytes(fingerprint), gone_at is not None)
        for external_id, fingerprint, gone_at in rows.values_list("external_id", "fingerprint", "gone_at")
    }
