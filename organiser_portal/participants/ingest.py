"""What a provider says about entries and applications, into our rows: a page at a time, in a few statements.

The caller has decided what is new or changed; an override of ours survives by the rules of ``merge``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import CharField

from organiser_portal.connections.models import Connection
from organiser_portal.connections.upsert import upsert
from organiser_portal.participants.columns import APPLICATION_COLUMNS, ENTRY_COLUMNS
from organiser_portal.participants.erase import erase_stored, erase_traces
from organiser_portal.participants.merge import merge
from organiser_portal.participants.models import Application, Entry, Revision
from organiser_portal.participants.search import search_text, sort_name
from providers.records import SENSITIVE_FIELDS, Kind

BOOKKEEPING = ("organisation_id", "connection_id", "external_id", "fingerprint", "first_seen", "last_seen", "gone_at")
DERIVED = ("sort_name", "search_text")
# Moves with every edit at the provider and says nothing by itself; or is a detail of our own tables.
UNREMARKABLE = frozenset(
    {"remote_updated_at", "entered_at", "listing_id", "ticket_type_id", "person_is_booker", "redacted"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One record ready to be stored: what the provider says by column name, and the hash of how it said so."""

    external_id: str
    fingerprint: bytes
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Whose rows, when, and in which run."""

    connection: Connection
    now: datetime
    run_id: int | None
    source: str = "sync"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What needs saying of a batch. ``older`` ids were left alone, ``erased`` ones hold nobody any more."""

    older: frozenset[str] = frozenset()
    erased: frozenset[str] = frozenset()

    def __or__(self, other: "Ingested") -> "Ingested":
        return Ingested(older=self.older | other.older, erased=self.erased | other.erased)


def ingest_entries(incoming: Sequence[Incoming], *, context: Context) -> Ingested:
    """Insert or update these entries, unless what we hold is newer.

    Atomic with the caller's transaction. A row whose provider has erased the person is erased here with all its traces.
    """
    held = _held_entries(context.connection, [item.external_id for item in incoming])
    fresh = [item for item in incoming if not _older(item, held.get(item.external_id))]
    rows: list[tuple[Any, ...]] = []
    revisions: list[Revision] = []
    for item in fresh:
        row = held.get(item.external_id)
        values, overrides, conflicts = _effective(item, row, context)
        if row is not None:
            revisions.extend(_revision(row, values, context))
        rows.append(_entry_row(item, values, overrides, conflicts, row, context))
    columns = (*BOOKKEEPING, *DERIVED, *ENTRY_COLUMNS, "overrides", "conflicts")
    upsert(Entry, rows, columns=columns, insert_only=("first_seen", "entered_at"))
    Revision.objects.bulk_create(revisions)
    done = _ingested(incoming, fresh)
    erase_traces(context.connection, done.erased)
    return done


def ingest_applications(incoming: Sequence[Incoming], *, context: Context) -> Ingested:
    """The same for applications, which staff cannot override."""
    held = Application.objects.filter(
        connection=context.connection, external_id__in=[item.external_id for item in incoming]
    ).values("external_id", "remote_updated_at", "redacted")
    by_id = {row["external_id"]: row for row in held}
    fresh = [item for item in incoming if not _older(item, by_id.get(item.external_id))]
    columns = (*BOOKKEEPING, *DERIVED, *APPLICATION_COLUMNS)
    upsert(
        Application,
        (
            (
                *_bookkeeping(item, context),
                *_derived(item.values),
                *(item.values[name] for name in APPLICATION_COLUMNS),
            )
            for item in fresh
        ),
        columns=columns,
        insert_only=("first_seen", "applied_at"),
    )
    done = _ingested(incoming, fresh)
    erase_stored(context.connection, Kind.APPLICATION, done.erased)
    return done


def _ingested(incoming: Sequence[Incoming], fresh: Sequence[Incoming]) -> Ingested:
    taken = {item.external_id for item in fresh}
    return Ingested(
        older=frozenset(item.external_id for item in incoming) - taken,
        erased=frozenset(item.external_id for item in fresh if item.values["redacted"]),
    )


def _held_entries(connection: Connection, external_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    rows = Entry.objects.filter(connection=connection, external_id__in=list(external_ids)).values(
        "id", "external_id", "reference", "bib", "overrides", "conflicts", "gone_at", *ENTRY_COLUMNS
    )
    return {row["external_id"]: row for row in rows}


def _older(item: Incoming, row: Mapping[str, Any] | None) -> bool:
    """Walks overlap, so an older state can come after a newer one; and the erased stay erased."""
    if row is None or row["remote_updated_at"] is None or item.values["remote_updated_at"] is None:
        return False
    if row["redacted"] and not item.values["redacted"]:
        return bool(item.values["remote_updated_at"] <= row["remote_updated_at"])
    return bool(item.values["remote_updated_at"] < row["remote_updated_at"])


def _effective(
    item: Incoming, row: Mapping[str, Any] | None, context: Context
) -> tuple[Mapping[str, Any], dict[str, Any], dict[str, Any]]:
    theirs = _fitting(item.values)
    if row is None or item.values["redacted"] or not row["overrides"]:
        return theirs, {}, {}
    merged = merge(
        theirs=theirs,
        effective=row,
        overrides=row["overrides"],
        conflicts=row["conflicts"],
        at=context.now.isoformat(),
    )
    return merged.values, merged.overrides, merged.conflicts


def _fitting(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """As the columns hold them: what is cut there must not look changed each time it comes."""
    cut = {name: values[name][:limit] for name, limit in _limits().items() if len(values[name]) > limit}
    return {**values, **cut} if cut else values


@cache
def _limits() -> Mapping[str, int]:
    fields = ((name, Entry._meta.get_field(name)) for name in ENTRY_COLUMNS)
    return {name: field.max_length for name, field in fields if isinstance(field, CharField) and field.max_length}


def _entry_row(
    item: Incoming,
    values: Mapping[str, Any],
    overrides: dict[str, Any],
    conflicts: dict[str, Any],
    row: Mapping[str, Any] | None,
    context: Context,
) -> tuple[Any, ...]:
    return (
        *_bookkeeping(item, context),
        *_derived(values, row["bib"] if row else ""),
        *(values[name] for name in ENTRY_COLUMNS),
        overrides,
        conflicts,
    )


def _bookkeeping(item: Incoming, context: Context) -> tuple[Any, ...]:
    connection = context.connection
    return (
        connection.organisation_id, connection.pk, item.external_id, item.fingerprint, context.now, context.now, None,
    )  # fmt: skip


def _derived(values: Mapping[str, Any], bib: str = "") -> tuple[str, str]:
    first_name, last_name = values["first_name"], values["last_name"]
    return (
        sort_name(first_name, last_name),
        search_text(first_name, last_name, values["email"], bib, values.get("provider_bib")),
    )


def _revision(row: Mapping[str, Any], values: Mapping[str, Any], context: Context) -> list[Revision]:
    """What a person would call changed, as one revision; none if nothing is."""
    changes = [
        {"field": name, "old": _shown(name, row[name]), "new": _shown(name, values[name])}
        for name in ENTRY_COLUMNS
        if name not in UNREMARKABLE and row[name] != values[name]
    ]
    if row["gone_at"] is not None:
        changes.append({"field": "gone_at", "old": row["gone_at"].isoformat(), "new": ""})
    if not changes or values["redacted"]:
        return []
    return [
        Revision(
            organisation_id=context.connection.organisation_id,
            entry_id=row["id"],
            at=context.now,
            source=context.source,
            run_id=context.run_id,
            changes=changes,
        )
    ]


def _shown(name: str, value: Any) -> str:
    """The value as history shows it. Medical and emergency data are never copied into history."""
    if name in SENSITIVE_FIELDS:
        return "…" if value else ""
    if name == "answers":
        return "; ".join(f"{answer['label']}: {answer['value']}" for answer in value)[:500]
    if isinstance(value, (list, dict)):
        return ", ".join(map(str, value))[:500]
    return "" if value is None else str(value)[:500]
