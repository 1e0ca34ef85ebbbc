"""First load of size l (60,000 entries, 200,000 applications) on each database at hand.

    make bench        (TEST_DATABASE_URL adds PostgreSQL: a database of its own is made there and dropped)

Prints, per database, the seconds and the peak memory of ``manage.py sync``, the same for a second, unchanged full walk,
and the ratio of both to reading the same pages alone over one connection.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg
from psycopg import sql

from providers.sandbox import DEMO_KEYS

ROOT = Path(__file__).resolve().parent.parent
MANAGE = [sys.executable, "manage.py"]
PROVIDER = "letsdothis"
BASE_URL_PATH = f"/{PROVIDER}/v0"
KEYS = {"SECRET_KEY": "bench", "CREDENTIAL_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="}


def measured(arguments: list[str], environment: dict[str, str]) -> tuple[float, float, str]:
    """Run a management command; seconds, peak resident memory in MB, and what it printed."""
    started = time.perf_counter()
    child = subprocess.Popen([*MANAGE, *arguments], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    output = child.stdout.read() if child.stdout else ""
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(arguments)} failed: {output}")
    return time.perf_counter() - started, usage.ru_maxrss / 1024, output


@contextmanager
def sandbox() -> Iterator[str]:
    command = [*MANAGE, "sandbox", "--port", "8971", "--size", "l"]
    child = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **KEYS, "PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE, text=True
    )
    try:
        if child.stdout is None or not child.stdout.readline():
            raise SystemExit("The sandbox did not start.")
        yield "http://127.0.0.1:8971"
    finally:
        child.terminate()
        child.wait()


def reading_alone(root: str) -> float:
    """Seconds to walk both listings over one connection and throw everything away."""
    started = time.perf_counter()
    headers = {"Authorization": f"Bearer {DEMO_KEYS[PROVIDER]}"}
    with httpx.Client(base_url=f"{root}{BASE_URL_PATH}", headers=headers, timeout=60) as client:
        for listing in ("applications", "participants"):
            after: dict[str, str] = {}
            while True:
                fixed = {"page[size]": "500", "sort[updatedAt]": "1", "extendMetadata": "true"}
                page = json.loads(client.get(f"/{listing}", params={**fixed, **after}).content)["page"]
                if not page["next"]:
                    break
                after = {"page[after]": page["next"]}
    return time.perf_counter() - started


def load(name: str, database: str, root: str, alone: float) -> None:
    environment = {**os.environ, **KEYS, "DATABASE_URL": database, "INSECURE_HTTP": "on", "PROVIDER_SANDBOX": "on"}
    environment["LOG_LEVEL"] = "WARNING"
    _, idle, _ = measured(["check"], environment)
    measured(["migrate", "--verbosity", "0"], environment)
    measured(["create_organisation", "Bench", "--owner", "bench@portal.example", "--json"], environment)
    connect = ["connect", "--organisation", "bench", "--provider", PROVIDER, "--base-url", f"{root}{BASE_URL_PATH}"]
    measured([*connect, "--secret", f"api_key={DEMO_KEYS[PROVIDER]}", "--set", "pace=0", "--json"], environment)
    for label, more in (("first load", []), ("again, whole, unchanged", ["--full"])):
        seconds, peak, _ = measured(["sync", "--organisation", "bench", "--json", *more], environment)
        print(
            f"{name:11} {label:24} {seconds:6.1f} s  {seconds / alone:4.1f} x reading  {peak - idle:5.0f} MB over idle"
        )


@contextmanager
def fresh_postgresql(url: str) -> Iterator[str]:
    name = "portal_bench"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield f"{url.rsplit('/', 1)[0]}/{name}"
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def main() -> None:
    with sandbox() as root, tempfile.TemporaryDirectory() as folder:
        alone = reading_alone(root)
        print(f"reading the pages alone: {alone:.1f} s")
        load("SQLite", f"sqlite:///{folder}/bench.sqlite3", root, alone)
        if url := os.environ.get("TEST_DATABASE_URL"):
            with fresh_postgresql(url) as database:
                load("PostgreSQL", database, root, alone)


if __name__ == "__main__":
    main()
