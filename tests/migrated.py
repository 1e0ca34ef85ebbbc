"""A database in which the migrations have run, made once and copied by every process that tests.

Made anew when any Python file of the portal, or what is installed, has changed. Migrating takes as long as a hundred
tests.
"""

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.db import connection
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "migrated"
CHECKOUT = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]  # others may be testing on the same server
PREFIX = f"portal_migrated_{CHECKOUT}_"


def lay_out() -> None:
    """Give the test database that Django is about to make what the migrations would."""
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = _postgresql_template()
    else:
        _fill_memory(sqlite_template())


def _fingerprint() -> str:
    """Of everything that a migration can depend on."""
    found = hashlib.sha256((ROOT / "uv.lock").read_bytes())
    for path in sorted((ROOT / "organiser_portal").rglob("*.py")):
        found.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return found.hexdigest()[:16]


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """One process makes it, the others wait and find it made."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrate(url: str) -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "SUITE_DATABASE_URL": url}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], cwd=ROOT, env=environment, check=True)


def sqlite_template() -> Path:
    """A file to copy: for those who bring a database of their own, and processes that work on it."""
    made = FOLDER / f"{_fingerprint()}.sqlite3"
    with _alone("sqlite"):
        if not made.exists():
            for old in FOLDER.glob("*.sqlite3*"):
                old.unlink()
            half_made = made.with_suffix(".half")
            half_made.unlink(missing_ok=True)
            _migrate(f"sqlite:///{half_made}")
            half_made.rename(made)
    return made


def _fill_memory(template: Path) -> None:
    """SQLite's test database lives in memory for as long as a connection holds it, and Django's goes on holding it."""
    connection.close()
    connection.settings_dict["NAME"] = connection.creation._get_test_db_name()
    connection.ensure_connection()
    source = sqlite3.connect(template)
    source.backup(connection.connection)
    source.close()


def _postgresql_template() -> str:
    address = os.environ["SUITE_DATABASE_URL"]
    made, half_made = f"{PREFIX}{_fingerprint()}", f"{PREFIX}half"
    with _alone("postgresql"), psycopg.connect(address, autocommit=True) as server:
        found = server.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        names = [name for (name,) in found]
        if made not in names:
            for old in names:
                server.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(old)))
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(half_made)))
            _migrate(urlsplit(address)._replace(path=f"/{half_made}").geturl())
            both = sql.Identifier(half_made), sql.Identifier(made)
            server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*both))
    return made


if __name__ == "__main__":  # so that PostgreSQL's is there by the time it is needed, while SQLite's tests begin
    _postgresql_template()
