"""What a provider says about entries and applications, into our rows: a page at a time, in a few statements.

The caller has decided what is new or changed; an override of ours survives by the rules of ``merge``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from operator import itemgetter
from typing import Any

from django.db import connection as database
from django.db.models import CharField

from organiser_portal.connections.among import Among
from organiser_portal.connections.columns import Column, Same
from organiser_portal.connections.models import Connection
from organiser_portal.connections.readers import copy_readers
from organiser_portal.connections.upsert import Columns, Name, upsert
from organiser_portal.participants.ahead import WRITTEN, EntryWriter
from organiser_portal.participants.changed import remarkable
from organiser_portal.participants.columns import (
    APPLICATION_COLUMNS,
    DERIVED,
    ENTRY_COLUMNS,
    ENTRY_HERE,
    Incoming,
    application_columns,
    derived,
    entry_here,
    entry_said,
    entry_values,
)
from organiser_portal.participants.conflicts import follow, rules_of, said_of
from organiser_portal.participants.erase import erase_rejected, erase_stored, erase_traces
from organiser_portal.participants.merge import NO_RULES, Merged, Rule, merge
from organiser_portal.participants.models import Application, Entry, Revision
from organiser_portal.participants.models.entry import new_references
from providers.records import EntryRecord, Kind
from providers.written import WrittenEntry

BOOKKEEPING = ("organisation_id", "connection_id", "external_id", "fingerprint", "first_seen", "last_seen", "gone_at")
ENTRY_ROW = (*BOOKKEEPING, *DERIVED, *ENTRY_COLUMNS, "overrides", "conflicts")
NEW_ENTRY_ROW: tuple[Name, ...] = (*BOOKKEEPING, "reference", *ENTRY_HERE, "overrides", "conflicts", WRITTEN)
APPLICATION_ROW = (*BOOKKEEPING, *DERIVED, *APPLICATION_COLUMNS)
REVISION_ROW = ("organisation_id", "entry_id", "at", "source", "run_id", "summary", "changes")
_in_columns = itemgetter(*ENTRY_COLUMNS)
type Item = Incoming[Any]
type Items = Sequence[Item]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Whose rows, when, and in which run. ``unheld``: external ids that stood in none of our rows a moment ago."""

    connection: Connection
    now: datetime
    run_id: int | None
    source: str = "sync"
    unheld: frozenset[str] = frozenset()

    def kept(self, entered: str) -> tuple[str, ...]:
        """The columns that a row of ours keeps. A replay has heard nothing new: what is gone stays gone."""
        return ("first_seen", entered, *(("last_seen", "gone_at") if self.is_replay else ()))

    @property
    def is_replay(self) -> bool:
        return self.source == "replay"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What needs saying of a batch. ``older`` ids were left alone, ``erased`` ones hold nobody any more."""

    older: frozenset[str] = frozenset()
    erased: frozenset[str] = frozenset()

    def __or__(self, other: "Ingested") -> "Ingested":
        return Ingested(older=self.older | other.older, erased=self.erased | other.erased)


def writer() -> EntryWriter | None:
    """What can write rows beforehand; None where they do not come by COPY."""
    return EntryWriter(copy_readers(Entry, WRITTEN)) if database.vendor == "postgresql" else None


def ingest_entries(incoming: Items, *, context: Context) -> Ingested:
    """Insert or update these entries, unless what we hold is newer.

    Atomic with the caller's transaction. A row whose provider has erased the person is erased here with all its traces.
    """
    known, new = _told_apart(incoming, context)
    fresh = _update_entries(known, context)
    _insert_entries(new, context)
    done = _ingested(incoming, [*fresh, *new])
    erase_traces(context.connection, done.erased - context.unheld)
    erase_rejected(context.connection, Kind.ENTRY, done.erased & context.unheld)
    return done


def _insert_entries(incoming: Items, context: Context) -> None:
    write = partial(upsert, Entry, insert_only=("first_seen", "entered_at", "reference"), unheld=True)
    written = [item for item in incoming if isinstance(item.record, WrittenEntry)]
    others = [item for item in incoming if isinstance(item.record, EntryRecord)]
    write(Columns(written, partial(_written_entries, context)), columns=NEW_ENTRY_ROW)
    write(Columns(others, partial(_new_entries, context)), columns=ENTRY_ROW)


def _update_entries(incoming: Items, context: Context) -> list[Item]:
    """Write those that are not older than what we hold, and say which."""
    held = _held_entries(context.connection, [item.record.external_id for item in incoming])
    fresh = [item for item in incoming if not _older(item, held.get(item.record.external_id))]
    rules = rules_of(context.connection.organisation_id) if any(row["overrides"] for row in held.values()) else NO_RULES
    decided: list[tuple[Item, Merged, str]] = []
    revisions: list[tuple[Any, ...]] = []
    moved: dict[int, Mapping[str, Any]] = {}
    for item in fresh:
        row = held.get(item.record.external_id)
        merged = _effective(item, row, context, rules)
        if row is not None:
            revisions.extend(_revision(row, merged, context))
            if merged.conflicts != row["conflicts"]:
                moved[row["id"]] = merged.conflicts
        decided.append((item, merged, row["bib"] if row else ""))
    upsert(
        Entry, Columns(decided, partial(_entries, context)), columns=ENTRY_ROW, insert_only=context.kept("entered_at")
    )
    upsert(Revision, revisions, columns=REVISION_ROW, unique=(), insert_only=REVISION_ROW, unheld=True)
    follow(context.connection.organisation_id, moved)
    return fresh


def ingest_applications(incoming: Items, *, context: Context) -> Ingested:
    """The same for applications, which staff cannot override."""
    known, new = _told_apart(incoming, context)
    rows = Application.objects.filter(
        Among("external_id", [item.record.external_id for item in known]), connection=context.connection
    ).values("external_id", "remote_updated_at", "redacted", "gone_at")
    held = {row["external_id"]: row for row in rows} if known else {}
    fresh = [item for item in known if not _older(item, held.get(item.record.external_id))]
    for items, unheld in ((fresh, False), (new, True)):
        upsert(
            Application,
            Columns(items, partial(_applications, context)),
            columns=APPLICATION_ROW,
            insert_only=context.kept("applied_at"),
            unheld=unheld,
        )
    done = _ingested(incoming, [*fresh, *new])
    erase_stored(context.connection, Kind.APPLICATION, done.erased - context.unheld)
    erase_rejected(context.connection, Kind.APPLICATION, done.erased & context.unheld)
    return done


def _told_apart(incoming: Items, context: Context) -> tuple[list[Item], list[Item]]:
    """Those that may stand among our rows, and those that do not."""
    known = [item for item in incoming if item.record.external_id not in context.unheld]
    return known, [item for item in incoming if item.record.external_id in context.unheld]


def _ingested(incoming: Items, fresh: Items) -> Ingested:
    taken = {item.record.external_id for item in fresh}
    return Ingested(
        older=frozenset(item.record.external_id for item in incoming) - taken,
        erased=frozenset(item.record.external_id for item in fresh if item.record.redacted),
    )


def _held_entries(connection: Connection, external_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    if not external_ids:
        return {}
    # Held until they are written: an edit that staff save meanwhile would be lost. In one order, so that none waits
    # for another crosswise.
    rows = Entry.objects.select_for_update().filter(Among("external_id", external_ids), connection=connection)
    names = ("id", "external_id", "reference", "bib", "overrides", "conflicts", "gone_at", *ENTRY_COLUMNS)
    return {row["external_id"]: row for row in rows.order_by("id").values(*names)}


def _older(item: Item, row: Mapping[str, Any] | None) -> bool:
    """Walks overlap, so an older state can come after a newer one; and the erased stay erased.

    Whoever is to be erased is, whatever time was told before. What was gone and is listed again is as it is said now.
    """
    if row is None or row["remote_updated_at"] is None or item.record.updated_at is None:
        return False
    if row["redacted"] != item.record.redacted:
        return bool(row["redacted"] and item.record.updated_at <= row["remote_updated_at"])
    return row["gone_at"] is None and bool(item.record.updated_at < row["remote_updated_at"])


def _effective(item: Item, row: Mapping[str, Any] | None, context: Context, rules: Mapping[str, Rule]) -> Merged:
    theirs = _fitting(entry_values(item))
    if row is None or item.record.redacted or not row["overrides"]:
        return _as_told(theirs)
    return merge(
        theirs=theirs,
        effective=row,
        overrides=row["overrides"],
        conflicts=row["conflicts"],
        at=context.now.isoformat(),
        run=context.run_id,
        rules=rules,
    )


def _as_told(values: Mapping[str, Any]) -> Merged:
    return Merged(values=values, overrides={}, conflicts={})


def _fitting(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """As the columns hold them: what is cut there must not look changed each time it comes."""
    cut = {name: values[name][:limit] for name, limit in _limits().items() if len(values[name]) > limit}
    return {**values, **cut} if cut else values


@cache
def _limits() -> Mapping[str, int]:
    fields = ((name, Entry._meta.get_field(name)) for name in ENTRY_COLUMNS)
    return {name: field.max_length for name, field in fields if isinstance(field, CharField) and field.max_length}


def _new_entries(context: Context, items: Sequence[Incoming[EntryRecord]]) -> list[Column]:
    told = entry_said([item.record for item in items]) | entry_here(items)
    return _entry_table(context, items, told, Same(""), Same({}), Same({}))


def _written_entries(context: Context, items: Sequence[Incoming[WrittenEntry]]) -> list[Column]:
    """The columns of ``NEW_ENTRY_ROW``."""
    references, here = new_references(len(items)), entry_here(items).values()
    written = [item.record.text for item in items]
    return [*_bookkeeping(context, items), references, *here, Same({}), Same({}), written]


def _entries(context: Context, decided: Sequence[tuple[Item, Merged, str]]) -> list[Column]:
    items, merged, bibs = zip(*decided, strict=True)
    rows = zip(*(_in_columns(one.values) for one in merged), strict=True)
    told = dict(zip(ENTRY_COLUMNS, rows, strict=True))
    return _entry_table(
        context, items, told, bibs, [one.overrides for one in merged], [one.conflicts for one in merged]
    )


def _entry_table(
    context: Context,
    items: Items,
    told: Mapping[str, Column],
    bibs: Column,
    overrides: Column,
    conflicts: Column,
) -> list[Column]:
    """The columns of ``ENTRY_ROW``."""
    sorted_by = derived(len(items), told, bibs, told["provider_bib"])
    return [*_bookkeeping(context, items), *sorted_by, *told.values(), overrides, conflicts]


def _applications(context: Context, items: Items) -> list[Column]:
    """The columns of ``APPLICATION_ROW``."""
    told = application_columns(items)
    return [*_bookkeeping(context, items), *derived(len(items), told), *told.values()]


def _bookkeeping(context: Context, items: Items) -> list[Column]:
    ids, marks = [item.record.external_id for item in items], [item.fingerprint for item in items]
    mine, now = (Same(context.connection.organisation_id), Same(context.connection.pk)), Same(context.now)
    return [*mine, ids, marks, now, now, Same(None)]


def _revision(row: Mapping[str, Any], merged: Merged, context: Context) -> list[tuple[Any, ...]]:
    """What a person would call changed, and what a rule decided, as one revision; none if nothing is."""
    changes = remarkable(row, merged.values, context.connection, comes_back=not context.is_replay)
    if not (changes or merged.decided) or merged.values["redacted"]:
        return []
    return [
        (
            *(context.connection.organisation_id, row["id"], context.now, context.source, context.run_id),
            *(said_of(merged.decided), changes),
        )
    ]
