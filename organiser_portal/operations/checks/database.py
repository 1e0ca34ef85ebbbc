"""The database: there, of this version of the portal, quick at searching, and with room to grow."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.db import Error, connection

from organiser_portal.operations.checks.finding import Finding, asks_the_database, bad, good, notice
from organiser_portal.operations.database import answering_within
from organiser_portal.operations.probes import PATIENCE, unapplied_migrations
from organiser_portal.sync import put_off

NAME = "database"
OLDEST_POSTGRESQL = 15
TRIGRAM_INDEXES = {
    "entry_search_trigrams": "participants_entry",
    "application_search_trigrams": "participants_application",
}
LEAST_ROOM = 500 * 1024**2  # bytes; SQLite's journal may grow by this much in one large load
AWAY = "It does not answer, or not as it should. See that it runs and that DATABASE_URL is right."


def answers(_: datetime) -> Iterator[Finding]:
    """Its kind and version, and for SQLite how it writes."""
    try:
        with answering_within(PATIENCE):
            version = connection.get_database_version()
            found = list(_sqlite_version(version) if connection.vendor == "sqlite" else postgresql_version(version))
    except Error:
        found = [bad(NAME, AWAY)]
    yield from found


def postgresql_version(version: tuple[int, ...]) -> Iterator[Finding]:
    told = ".".join(map(str, version))
    if version < (OLDEST_POSTGRESQL,):
        yield bad(NAME, f"PostgreSQL {told} is too old. Use {OLDEST_POSTGRESQL} or newer.")
    else:
        yield good(NAME, f"PostgreSQL {told}.")


def _sqlite_version(version: tuple[int, ...]) -> Iterator[Finding]:
    told = f"SQLite {'.'.join(map(str, version))}"
    (mode,) = _asked("PRAGMA journal_mode")
    if mode in ("wal", "memory"):
        yield good(NAME, f"{told}, journal in {mode.upper()} mode.")
    else:
        yield bad(
            NAME,
            f"{told} writes with journal mode {mode}, so readers wait for writers. Put its file on a local disk, "
            "where write-ahead logging works.",
        )


@asks_the_database("migrations")
def is_migrated(_: datetime) -> Iterator[Finding]:
    missing = unapplied_migrations()
    if missing:
        which = f"{len(missing)} are missing, the first is {missing[0]}" if missing[1:] else f"{missing[0]} is missing"
        yield bad("migrations", f"{which}. Run manage.py migrate.")
    else:
        yield good("migrations", "All applied.")


@asks_the_database("search")
def searches_quickly(_: datetime) -> Iterator[Finding]:
    """Trigram indexes, which PostgreSQL alone has. Without them every search reads a whole table.

    Before the migrations are applied nothing can be said: they may yet make them.
    """
    if connection.vendor != "postgresql" or unapplied_migrations():
        return
    if tables := put_off.waiting():
        yield notice(
            "indexes",
            f"Those of {', '.join(tables)} are made when the first load has ended, and lists and searches are slow "
            "until then. If nothing loads, a worker makes them within a minute, or the next sync by hand.",
        )
    there = set(_asked("SELECT indexname FROM pg_indexes WHERE indexname LIKE '%_search_trigrams'"))
    missing = {name: table for name, table in TRIGRAM_INDEXES.items() if name not in there and table not in tables}
    if not missing:
        yield good("search", "Indexed by trigrams.")
        return
    made = [f"CREATE INDEX {name} ON {table} USING gin (search_text gin_trgm_ops)" for name, table in missing.items()]
    yield notice(
        "search",
        "Works without its indexes, slowly. Have an administrator of the database run "
        f"{'; '.join(['CREATE EXTENSION IF NOT EXISTS pg_trgm', *made])};",
    )


def has_room(_: datetime) -> Iterator[Finding]:
    """SQLite's own disk; a server's is not ours to see."""
    path = Path(str(connection.settings_dict["NAME"]))
    if connection.vendor != "sqlite" or not path.is_file():
        return
    yield from room(path.stat().st_size, shutil.disk_usage(path.parent).free)


def room(size: int, free: int) -> Iterator[Finding]:
    """``size`` of the database, ``free`` on its disk, both in bytes."""
    told = f"{size / 1024**2:,.0f} MB, with {free / 1024**3:,.1f} GB free"
    if free < LEAST_ROOM:
        yield bad("disk", f"The database has {told}. Make room before it is full.")
    elif free < size:
        yield notice("disk", f"The database has {told}: too little for a copy of it.")
    else:
        yield good("disk", f"The database has {told}.")


def _asked(sql: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [row[0] for row in cursor.fetchall()]
