"""Indexes that are made at the end of an installation's first load, all at once, as PostgreSQL advises.

Those of the list's orders and of its search cost an entry more, one row at a time, than all else together; made of all
rows they cost half. So where nobody has any row in the table yet, and many are promised, they are dropped before the
first batch and made again behind the last. What keeps rows unique, counts who holds a place or finds a booking stays.

Nothing is lost with the process that loads: what is to be made is written down with the very transaction that drops it,
and whoever loads holds a lock that ends with its connection. Once a minute a worker looks whether indexes are put off
that nobody is loading for, and makes them; so does a sync by hand, which may have no worker beside it.
"""

import logging
import os
from collections.abc import Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager, suppress
from functools import partial
from types import TracebackType
from typing import Any, Self

from django.db import Error, connection, models, transaction

from organiser_portal.sync.models import PutOffIndex
from organiser_portal.sync.second_hand import SecondHand

log = logging.getLogger(__name__)

WORTH = 20_000
"""Records promised, from which on it is worth it."""
LONGEST_WAIT = "500ms"
"""For whoever is reading the table: everybody else who wants to waits behind us meanwhile."""
MEMORY = "256MB"
"""For what is made at once; PostgreSQL takes what it needs of it."""
SPARE = max((os.cpu_count() or 1) - 2, 0)
"""Processors that the two connections leave. PostgreSQL divides the making of one index among more processes, which
costs it a sixth more: where both are busy already, nothing is gained by it."""
LOCK = 7_146_210  # ours among the advisory locks of this database; the second number is the table's
NOT_PUT_OFF = "the indexes of %s are kept while it is filled: %s"
STILL_PUT_OFF = "the indexes of %s could not all be made, and will be tried again: %s"
SETTINGS = """
SELECT set_config('maintenance_work_mem', %s, true), set_config(name, least(setting::integer, %s)::text, true)
FROM pg_settings WHERE name = 'max_parallel_maintenance_workers'
"""
# Orders are told by what `core.indexes.Unalike` says of them, and the search by its kind; it takes longest to make.
THOSE_OF = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid JOIN pg_am ON pg_am.oid = relam
WHERE indrelid = %s::regclass AND indisvalid AND NOT indisunique
    AND (amname = 'gin' OR 'deduplicate_items=off' = ANY (reloptions))
ORDER BY amname = 'gin' DESC, relname
"""


class PutOff:
    """Indexes of one table, for the length of a walk: a context, behind which they are there again.

    ``second_hand``: makes some of them; None: nothing is put off.
    """

    def __init__(self, model: type[models.Model], second_hand: SecondHand | None) -> None:
        self._table = model._meta.db_table
        self._second_hand = second_hand
        self._asked = False
        self._holds = False
        self._making: Future[object] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if self._second_hand is None or not self._holds:
            return
        try:
            if kind is None or issubclass(kind, Exception):  # who is told to stop has no time for it: a worker will
                self.begin_making()
                make(self._table)
            if self._making is not None:
                wait([self._making])
        finally:
            with suppress(Error):  # a line that was cut has let it go, and what happened is for somebody else to say
                _unlock(self._table)

    def until_filled(self, promised: int | None) -> None:
        """Call it before anything is stored, outside of a transaction. Tries it once."""
        if self._second_hand is None or self._asked:
            return
        self._asked = True
        if (promised or 0) >= WORTH and _is_empty(self._table):
            try:
                self._holds = _is_ours(self._table)
                if self._holds:
                    _drop(self._table)
            except Error as reason:  # not ours to drop, or somebody is reading all the time
                log.info(NOT_PUT_OFF, self._table, type(reason).__name__)

    def begin_making(self) -> None:
        """All is stored: the second hand need not wait until the walk has been concluded."""
        if self._second_hand is not None and self._holds and self._making is None:
            self._making = self._second_hand.aside(partial(make, self._table))


def waiting() -> list[str]:
    """The tables that have indexes put off."""
    return list(PutOffIndex.objects.order_by("table").values_list("table", flat=True).distinct())


def make_forgotten() -> None:
    """Make what is put off, unless somebody is still loading for it."""
    for table in waiting():
        with _held(table) as is_ours:
            if is_ours:
                make(table)


def make_before_migrating(**_: Any) -> None:
    """A migration finds them all: it could rename none that is missing, and one that it removes would come back."""
    if PutOffIndex._meta.db_table in connection.introspection.table_names():
        make_forgotten()


def make(table: str) -> None:
    """Make what is put off of this table, largest first. Others who do so meanwhile make other ones.

    What cannot be made keeps no other waiting.
    """
    with _or_said(table):
        for key in list(PutOffIndex.objects.filter(table=table).order_by("pk").values_list("pk", flat=True)):
            with _or_said(table):
                _make_one(key)


@contextmanager
def _or_said(table: str) -> Iterator[None]:
    try:
        yield
    except Error as reason:
        log.warning(STILL_PUT_OFF, table, type(reason).__name__)


def _make_one(key: int) -> None:
    """Unless somebody else is making it, or has."""
    with transaction.atomic(), connection.cursor() as cursor:
        index = PutOffIndex.objects.select_for_update(skip_locked=True).filter(pk=key).first()
        if index is None:
            return
        cursor.execute(SETTINGS, [MEMORY, SPARE])
        cursor.execute(index.definition)
        index.delete()


def _drop(table: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LONGEST_WAIT])
        cursor.execute(f"LOCK TABLE {connection.ops.quote_name(table)} IN ACCESS EXCLUSIVE MODE")
        if not _is_empty(table):
            return
        cursor.execute(THOSE_OF, [table])
        found = cursor.fetchall()
        if not found:  # it has none, or whoever began before us put them off
            return
        PutOffIndex.objects.bulk_create(
            PutOffIndex(table=table, definition=definition.replace("CREATE INDEX", "CREATE INDEX IF NOT EXISTS", 1))
            for _, definition in found
        )
        cursor.execute(f"DROP INDEX {', '.join(name for name, _ in found)}")


def _is_empty(table: str) -> bool:
    return not _ask(f"SELECT EXISTS (SELECT FROM {connection.ops.quote_name(table)})")  # noqa: S608  # one of ours


def _is_ours(table: str) -> bool:
    return bool(_ask("SELECT pg_try_advisory_lock(%s, %s::regclass::oid::integer)", LOCK, table))


def _unlock(table: str) -> None:
    _ask("SELECT pg_advisory_unlock(%s, %s::regclass::oid::integer)", LOCK, table)


@contextmanager
def _held(table: str) -> Iterator[bool]:
    is_ours = _is_ours(table)
    try:
        yield is_ours
    finally:
        if is_ours:
            _unlock(table)


def _ask(question: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question, values or None)
        (answer,) = cursor.fetchone()
    return answer
