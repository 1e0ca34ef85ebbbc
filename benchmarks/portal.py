"""The portal as it is installed, driven by its own commands, in a database made for the occasion."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
MANAGE = [sys.executable, "manage.py"]
SETTINGS = {
    "SECRET_KEY": "bench",
    "CREDENTIAL_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "INSECURE_HTTP": "on",
    "PROVIDER_SANDBOX": "on",
    "LOG_LEVEL": "WARNING",
}


WRITTEN = """
SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_user_tables
WHERE relname NOT IN ('sync_syncrun', 'connections_syncstate', 'connections_connection')
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sync:
    """One ``manage.py sync`` of one listing: what its run says, and the command's peak memory in MB."""

    seconds: float
    requests: int
    new: int
    changed: int
    same: int
    peak: float


class Portal:
    """``database`` as in DATABASE_URL; ``provider`` the address of the remote; ``organisation`` is made in it."""

    def __init__(self, database: str, provider: str, organisation: str = "bench") -> None:
        self._organisation = organisation
        self._environment = {**os.environ, **SETTINGS, "DATABASE_URL": database}
        self._environment.pop("PYTHONDONTWRITEBYTECODE", None)
        self.idle = self._run("check")[1]
        self._run("migrate", "--verbosity", "0")
        self._run("create_organisation", organisation, "--owner", "bench@portal.example", "--json")
        account = ["--organisation", organisation, "--provider", "letsdothis", "--base-url", f"{provider}/v0"]
        self._run("connect", *account, "--secret", "api_key=bench", "--set", "pace=0", "--json")
        # Whatever is compiled is compiled now.
        self._run("sync", "--organisation", organisation, "--resource", "partners")

    def sync(self, *, full: bool = False) -> Sync:
        """Fetch the entries, here and now. Stops the benchmark when the run does not succeed."""
        command = ["sync", "--organisation", self._organisation, "--resource", "entries", "--json"]
        output, peak = self._run(*command, *(["--full"] if full else []))
        (run,) = json.loads(output)["runs"]
        figures = {name: run[name] for name in ("seconds", "requests", "new", "changed", "same")}
        return Sync(peak=peak - self.idle, **figures)

    def rows_written(self) -> int:
        """Rows of PostgreSQL inserted, updated or deleted so far, but those that a run keeps about itself."""
        with psycopg.connect(self._environment["DATABASE_URL"]) as connection:
            connection.execute("SELECT pg_stat_clear_snapshot()")
            found = connection.execute(WRITTEN).fetchone()
        return int(found[0]) if found else 0

    def _run(self, *arguments: str) -> tuple[str, float]:
        child = subprocess.Popen(
            [*MANAGE, *arguments], cwd=ROOT, env=self._environment, stdout=subprocess.PIPE, text=True
        )
        output = child.stdout.read() if child.stdout else ""
        _, status, usage = os.wait4(child.pid, 0)
        if status:
            raise SystemExit(f"manage.py {' '.join(arguments)} failed: {output}")
        return output, usage.ru_maxrss / 1024


@contextmanager
def fresh_postgresql(server: str, name: str = "portal_bench") -> Iterator[str]:
    """A database of its own on this server (an URL of one that exists); dropped afterwards."""
    name = f"{name}_{uuid4().hex[:12]}"
    quoted = sql.Identifier(name)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(quoted))
        try:
            yield f"{server.rsplit('/', 1)[0]}/{name}"
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(quoted))
