"""The list of entries at a million, as a browser asks for it: server time, time in the database, queries.

    python -m benchmarks.entry_list        (TEST_DATABASE_URL adds PostgreSQL: a database of its own)

SQLite holds 100,000 entries, PostgreSQL 1,000,000, over 200 races. Each row is the median of 20; "cpu" is what this
process used, which a busy machine stretches least.
"""

import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

KEYS = {"SECRET_KEY": "bench", "CREDENTIAL_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="}
NAME = "portal_bench_entries"
TIMES = 20
SORTS = ("bib", "name", "race", "wave", "status", "entered", "change", "partner", "born", "club", "ticket", "gender")
FILTERS = (
    "status=live", "status=cancelled", "status=gone", "change=rejected", "place=partner", "place=own", "price=free",
    "price=unknown", "tag=vip", "missing=email", "missing=birth_date", "missing=emergency_phone", "club=club+7",
    "partner=hosp", "partner=zzz", "ticket=zzz", "ids=1,2,3", "entered_from=2027-05-01",
)  # fmt: skip
SEARCHES = {
    "e-mail fragment": "smith12",
    "bib": "4999",
    "commonest surname": "smith",
    "first name and surname": "john smith",
    "two letters, everywhere": "ma",
    "two letters, one surname": "wh",
    "two letters, rare": "zw",
    "one letter": "x",
    "nobody": "zzzz",
    "booking": "BK0001234",
}


class Stopwatch:
    """Counts the queries of a request and how long they took."""

    def __init__(self) -> None:
        self.queries, self.seconds = 0, 0.0

    def __call__(self, execute: Callable[..., Any], *call: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(*call)
        finally:
            self.queries, self.seconds = self.queries + 1, self.seconds + time.perf_counter() - started


def measure(browser: Any, label: str, url: str, *, fragment: bool = True) -> Any:
    """Ask twenty times and print one line; the answer."""
    from django.db import connection

    walls, cpus, database, watch = [], [], [], Stopwatch()
    for _ in range(TIMES + 1):
        watch = Stopwatch()
        with connection.execute_wrapper(watch):
            wall, cpu = time.perf_counter(), time.process_time()
            answer = browser.get(url, headers={"HX-Request": "true"} if fragment else {})
            walls.append(time.perf_counter() - wall)
            cpus.append(time.process_time() - cpu)
        database.append(watch.seconds)
    figures = "  ".join(f"{median(some[1:]) * 1000:8.1f}" for some in (walls, cpus, database))
    print(f"{label:34}  {figures}  {watch.queries:3}  {len(answer.content) // 1024:4} KB", flush=True)
    return answer


def all_of(organisation: Any, owner: Any) -> None:
    from django.test import Client

    from organiser_portal.organisations.models import User
    from organiser_portal.participants.models import Entry

    browser, here = Client(), f"/o/{organisation.slug}"
    browser.force_login(owner)
    print(f"\n{organisation.name}\n{'':34}  {'wall ms':>8}  {'cpu ms':>8}  {'db ms':>8}  queries")
    entries = Entry.objects.filter(organisation=organisation).order_by("sort_name", "id")
    ids = list(entries.values_list("pk", flat=True))
    measure(browser, "whole page", f"{here}/entries/", fragment=False)
    measure(browser, "first page", f"{here}/entries/")
    measure(browser, "second page", f"{here}/entries/?after={ids[49]}")
    measure(browser, "in the middle", f"{here}/entries/?after={ids[len(ids) // 2]}")
    measure(browser, "last page", f"{here}/entries/?after={ids[-30]}")
    measure(browser, "backwards", f"{here}/entries/?before={ids[-30]}")
    measure(browser, "an entry beside the list", f"{here}/entries/{ids[len(ids) // 2]}/?in=entries")
    measure(browser, "filter menu", f"{here}/entries/?menu=filters")
    for key in (sign + key for key in SORTS for sign in ("", "-")):
        measure(browser, f"sort={key}", f"{here}/entries/?sort={key}")
    race = entries.values_list("race_id", flat=True)[0]
    for query in (f"race={race}", f"race={race}&status=live", *FILTERS):
        measure(browser, query, f"{here}/entries/?{query}")
    for label, text in SEARCHES.items():
        measure(browser, f"{label}: {text}", f"{here}/entries/?q={text}")
    if smiths := entries.filter(search_text__contains="smith").values_list("pk", flat=True)[49:50]:
        measure(browser, "smith, second page", f"{here}/entries/?q=smith&after={smiths[0]}")
        measure(browser, "one beside the list of smiths", f"{here}/entries/{smiths[0]}/?in=entries&q=smith")
    for text in ("smith", "4999", "ma"):
        measure(browser, f"palette: {text}", f"{here}/search/?q={text}")
    browser.force_login(User.objects.create_superuser(f"admin@{organisation.slug}.example", "correct horse battery"))
    measure(browser, "Django's admin, first page", "/admin/participants/entry/", fragment=False)


def here() -> None:
    """Fill the database of this process and measure it."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from benchmarks.many_entries import organisation_of

    settings.ALLOWED_HOSTS = ["*"]
    logging.disable(logging.CRITICAL)
    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    large = organisation_of(int(sys.argv[1]), "large")
    small = organisation_of(1_000, "small")
    print(f"filled in {time.perf_counter() - started:.0f} s; load average {os.getloadavg()[0]:.1f}")
    all_of(*large)
    all_of(*small)


@contextmanager
def fresh_postgresql(url: str) -> Iterator[str]:
    import psycopg

    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {NAME}")
        server.execute(f"CREATE DATABASE {NAME}")
        try:
            yield f"{url.rsplit('/', 1)[0]}/{NAME}"
        finally:
            server.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


def run(title: str, database: str, entries: int) -> None:
    print(f"\n== {title}, {entries:,} entries")
    environment = {**os.environ, **KEYS, "DATABASE_URL": database, "INSECURE_HTTP": "on", "LOG_LEVEL": "ERROR"}
    environment["DJANGO_SETTINGS_MODULE"] = "organiser_portal.settings"
    subprocess.run([sys.executable, "-m", "benchmarks.entry_list", str(entries)], env=environment, check=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        run("SQLite", f"sqlite:///{folder}/bench.sqlite3", 100_000)
    if url := os.environ.get("TEST_DATABASE_URL"):
        with fresh_postgresql(url) as database:
            run("PostgreSQL", database, 1_000_000)


if __name__ == "__main__":
    here() if len(sys.argv) > 1 else main()
