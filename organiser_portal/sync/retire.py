"""What a complete walk did not name is gone; but never too much at once.

Nothing is deleted: a row is marked with the time since when it is no longer listed, and comes back when it is.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import batched

from django.db.models import QuerySet

from organiser_portal.connections.models import Connection, SyncedModel
from organiser_portal.sync.stores import MODELS
from providers.marks import Marks
from providers.pages import KnownPage, mark_of, words
from providers.port import Received, Rejected
from providers.records import Kind

AT_ONCE = 20  # fewer than this may always go
SHARE = 5  # and never more than one in so many
CHUNK = 2_000


class SeenIds:
    """The ids a walk named, by their marks. Close it."""

    def __init__(self) -> None:
        self._marks = Marks()
        self._named = 0
        self._distinct = 0
        self._put_off: list[KnownPage] = []

    def __len__(self) -> int:
        return self._named + sum(map(len, self._put_off))

    def add(self, items: Iterable[Received | Rejected]) -> int:
        """How many of these it had named before. Who is twice among them is so once."""
        marks = [mark_of(item.external_id) for item in items]
        if not marks:
            return 0
        self._catch_up()
        return len(set(marks)) - self.add_marks(marks)

    def add_page(self, page: KnownPage) -> None:
        """All that this page names, which no other page known again does."""
        self._put_off.append(page)

    def add_marks(self, marks: Sequence[int]) -> int:
        """By their marks. How many were not named before."""
        fresh = self._marks.add(marks)
        self._named += len(marks)
        self._distinct += fresh
        return fresh

    def marks(self) -> Iterator[bytes]:
        """All of them, each once, some after the others."""
        self._catch_up()
        return self._marks.parts()

    def distinct(self) -> int:
        """How many of them are different."""
        if self._named:
            self._catch_up()
        return self._distinct + sum(map(len, self._put_off))

    def absent(self, external_ids: Iterable[str]) -> set[str]:
        """Those of these that it did not name."""
        self._catch_up()
        asked = {mark_of(external_id): external_id for external_id in external_ids}
        return {asked[mark] for mark in asked.keys() - self._marks.known(asked).keys()}

    def close(self) -> None:
        self._marks.close()

    def _catch_up(self) -> None:
        while self._put_off:
            self.add_marks(words(self._put_off.pop().marks))


@dataclass(frozen=True, slots=True, kw_only=True)
class RetireResult:
    """``gone`` rows were marked; ``held`` are left. ``implausible``: nothing was written, and ``sentence`` says why.

    ``left``: the marks of those that were absent and stay.
    """

    gone: int
    held: int
    left: Collection[int] = ()
    implausible: bool = False
    sentence: str = ""


def retire_absent(
    *,
    connection: Connection,
    kind: Kind,
    seen: SeenIds,
    now: datetime,
    allow_empty: bool = False,
    believed: bool = False,
    all_stand: bool = False,
    only: Collection[int] | None = None,
) -> RetireResult:
    """Mark the rows of this kind that a complete walk did not name.

    Refuses, and writes nothing, when that would be more than a fifth of the rows and more than twenty, or all of them
    on one empty answer (``allow_empty``: it was empty the last time too). ``believed``: a person says that it is so.
    ``only``: those with these marks alone; who else is absent stays.
    """
    rows = listed(connection, kind)
    held_before = rows.count()
    refused = partial(RetireResult, gone=0, held=held_before, implausible=True)
    if held_before and not len(seen) and not (allow_empty or believed):
        return refused(sentence=f"The list came empty, but we hold {held_before:,}. It counts if it is empty again.")
    found = unnamed(connection, kind, seen, of=held_before, all_stand=all_stand)
    absent = {pk: mark_of(external_id) for pk, external_id in found}
    if not absent:
        return RetireResult(gone=0, held=held_before)
    if len(seen) and is_too_much(len(absent), of=held_before) and not believed:
        told = f"{len(absent):,} of {held_before:,} would have gone at once. Nothing was changed."
        return refused(left=absent.values(), sentence=told)
    stay = [mark for mark in absent.values() if only is not None and mark not in only]
    gone = sorted(pk for pk, mark in absent.items() if only is None or mark in only)
    for start in range(0, len(gone), CHUNK):
        some = rows.filter(pk__in=gone[start : start + CHUNK])
        # Held first, in the order in which every writer holds many: an update takes them as it finds them.
        if some.select_for_update().order_by("pk").values_list("pk"):
            some.update(gone_at=now)
    return RetireResult(gone=len(gone), held=held_before - len(gone), left=stay)


def unnamed(
    connection: Connection, kind: Kind, seen: SeenIds, *, of: int, all_stand: bool
) -> Iterator[tuple[int, str]]:
    """Our rows of this kind that are not among these, by key and external id. ``of``: how many rows there are.

    ``all_stand``: each of ``seen`` is among our rows, so that when there are as many, none need be gone through.
    """
    if all_stand and not _may_be_stub(kind) and seen.distinct() == of:
        return
    rows = listed(connection, kind)
    for some in batched(rows.values_list("pk", "external_id").iterator(CHUNK), CHUNK):
        absent = seen.absent(external_id for _, external_id in some)
        yield from (row for row in some if row[1] in absent)


def is_too_much(absent: int, *, of: int) -> bool:
    """Whether so many cannot have gone at once: more than twenty, and more than a fifth."""
    return absent > AT_ONCE and absent * SHARE > of


def held(*, connection: Connection, kind: Kind) -> int:
    """How many of this kind we hold that the provider still lists."""
    return listed(connection, kind).count()


def listed(connection: Connection, kind: Kind) -> "QuerySet[SyncedModel]":
    """Our rows of this kind that the provider still lists."""
    # What was only ever mentioned was never on the list it could now be missing from.
    only: dict[str, bool] = {"external_id__isnull": False} | ({"stub": False} if _may_be_stub(kind) else {})
    return MODELS[kind]._default_manager.filter(connection=connection, gone_at=None, **only)


def _may_be_stub(kind: Kind) -> bool:
    return any(field.name == "stub" for field in MODELS[kind]._meta.concrete_fields)
