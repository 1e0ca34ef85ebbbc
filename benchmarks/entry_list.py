"""The list of entries at a million, and every main page beside it, as a browser asks for them.

    python -m benchmarks.entry_list --entries 1000000        (PostgreSQL of TEST_DATABASE_URL, a database of its own)
    python -m benchmarks.entry_list --entries 100000 --sqlite

Each line is the median of twenty requests of this process, the database's included. Compared with the aim is what
a processor worked for it, here and in the database's own process: other work on the machine changes that least. What
was waited in all stands beside it, with the number of queries.
"""

import argparse
import logging
import os
import tempfile
import time
from contextlib import AbstractContextManager, nullcontext

from benchmarks.portal import SETTINGS, fresh_postgresql
from benchmarks.table import Table

SERVER = "postgres://postgres@127.0.0.1:5432/postgres"
FRAGMENT, PAGE, QUERIES = 15, 40, 8
FOUND, SURNAME, LETTERS = 30, 120, 200
ANY_PAGE = 300
SQLITE = 2  # times the aim
SORTS = ("bib", "name", "race", "wave", "status", "entered", "change", "partner", "born", "club", "ticket", "gender")
FILTERS = (
    "status=live", "status=cancelled", "status=gone", "change=rejected", "place=partner", "place=own", "payment=unpaid",
    "payment=paid", "price=free", "price=unknown", "tag=vip", "missing=email", "missing=birth_date",
    "missing=emergency_phone", "missing=gender", "club=club+7", "partner=hosp", "partner=zzz", "ticket=zzz",
    "ids=1,2,3", "status=live&q=smith", "status=cancelled&q=ma",
)  # fmt: skip
SEARCHES = (
    ("an e-mail fragment", "smith12", FOUND),
    ("a bib", "4999", FOUND),
    ("a booking", "BK0001234", FOUND),
    ("the commonest surname", "smith", SURNAME),
    ("first name and surname", "john smith", SURNAME),
    ("two letters, everywhere", "ma", LETTERS),
    ("two letters, one surname", "wh", LETTERS),
    ("two letters, rare", "zw", LETTERS),
    ("one letter", "x", LETTERS),
    ("a name that nobody has", "zzzz", FOUND),
)


class Browser:
    """Signed in as the owner of an organisation of ``entries``; prints what each answer took."""

    def __init__(self, entries: int, table: Table, ease: int) -> None:
        from benchmarks.asking import Asking
        from benchmarks.many_entries import organisation_of

        organisation, owner = organisation_of(entries, "bench")
        self.root, self.table, self.ease = f"/o/{organisation.slug}", table, ease
        self.asking = Asking(owner)
        self.organisation = organisation

    def ask(self, work: str, path: str, *, aim: float = FRAGMENT, queries: int = 0, whole: bool = False) -> float:
        """``aim`` in milliseconds, ``queries`` the most there may be, 0 for any number."""
        took = self.asking.ask(f"{self.root}{path}", whole=whole)
        waited = f"{took.waited:5.0f} ms waited, {took.queries:2} queries"
        self.table.share(work, took.worked, "ms", at_most=aim * self.ease, beside=waited)
        if queries and took.queries > queries:
            self.table.limit(f"{work}: queries", took.queries, "queries", at_most=queries)
        return took.worked


def the_list(browser: Browser) -> None:
    from organiser_portal.participants.models import Entry

    entries = Entry.objects.of(browser.organisation).order_by("sort_name", "id")
    ids = list(entries.values_list("pk", flat=True))
    browser.table.heading("The list, by name")
    browser.ask("whole page", "/entries/", aim=PAGE, queries=QUERIES, whole=True)
    first = browser.ask("first page", "/entries/", queries=QUERIES)
    browser.ask("second page", f"/entries/?after={ids[49]}", queries=QUERIES)
    browser.ask("in the middle", f"/entries/?after={ids[len(ids) // 2]}", queries=QUERIES)
    last = browser.ask("last page", f"/entries/?after={ids[-51]}", queries=QUERIES)
    browser.ask("back from the last page", f"/entries/?before={ids[-50]}", queries=QUERIES)
    browser.table.ratio("the end beside the start", last / 1000, first / 1000, of="the first page", at_most=1.25)
    browser.ask("an entry beside the list", f"/entries/{ids[len(ids) // 2]}/?in=entries", aim=PAGE)
    browser.ask("the filter menu", "/entries/?menu=filters", aim=PAGE)
    browser.table.heading("Sorted")
    for key in (sign + key for key in SORTS for sign in ("", "-")):
        browser.ask(f"sort={key}", f"/entries/?sort={key}", queries=QUERIES)
    browser.table.heading("Filtered")
    race = entries.values_list("race_id", flat=True)[0]
    for query in (f"race={race}", f"race={race}&status=live", f"race={race}&status=live&q=jo", *FILTERS):
        browser.ask(query, f"/entries/?{query}", aim=LETTERS)
    browser.table.heading("Searched")
    for who, text, aim in SEARCHES:
        browser.ask(f"{who}: {text}", f"/entries/?q={text}", aim=aim, queries=QUERIES)
    if smiths := entries.filter(search_text__contains="smith").values_list("pk", flat=True)[49:50]:
        browser.ask("smith, second page", f"/entries/?q=smith&after={smiths[0]}", aim=SURNAME)
        browser.ask("one beside the list of smiths", f"/entries/{smiths[0]}/?in=entries&q=smith", aim=LETTERS)


def every_page(browser: Browser) -> None:
    from organiser_portal.events.models import Race

    race = Race.objects.of(browser.organisation)[0]
    browser.table.heading("The palette")
    for text in ("smith", "4999", "ma"):
        browser.ask(f"palette: {text}", f"/search/?q={text}", aim=ANY_PAGE)
    browser.table.heading("Other pages")
    pages = {"home": "/", "home, the season": "/?sold=season", "what waits": "/counts/", "races": "/races/",
             "a race": f"/races/{race.pk}/", "a race in pictures": f"/races/{race.pk}/pictures/", "events": "/events/",
             "an event of 200 races": f"/events/{race.event_id}/", "applications": "/applications/",
             "partners": "/partners/", "connections": "/connections/", "freshness": "/sync/freshness/"}  # fmt: skip
    for name, path in pages.items():
        browser.ask(name, path, aim=ANY_PAGE, whole=True)


def measure(entries: int, *, sqlite: bool) -> Table:
    """Fill the database of this process and ask. As it is deployed: files with their hashes, no debugging."""
    import django

    with tempfile.TemporaryDirectory() as folder:
        django.setup()
        from django.conf import settings
        from django.core.management import call_command

        settings.ALLOWED_HOSTS, settings.STATIC_ROOT = ["*"], folder
        logging.disable(logging.CRITICAL)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("migrate", verbosity=0)
        began, table = time.perf_counter(), Table()
        browser = Browser(entries, table, SQLITE if sqlite else 1)
        filled = f"filled in {time.perf_counter() - began:.0f} s; load average {os.getloadavg()[0]:.1f}"
        table.heading(f"{'SQLite' if sqlite else 'PostgreSQL'}, {entries:,} entries ({filled})")
        the_list(browser)
        every_page(browser)
        if table.missed:
            print(f"\nMissed: {'; '.join(table.missed)}.")
    return table


def database(server: str, *, sqlite: bool) -> AbstractContextManager[str]:
    if sqlite:
        return nullcontext(f"sqlite:///{tempfile.mkdtemp()}/bench.sqlite3")
    return fresh_postgresql(server, "portal_bench_list")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--entries", type=int, default=1_000_000)
    arguments.add_argument("--sqlite", action="store_true", help="in a file; everything may take twice as long")
    given = arguments.parse_args()
    with database(os.environ.get("TEST_DATABASE_URL", SERVER), sqlite=given.sqlite) as url:
        os.environ.update(SETTINGS, DATABASE_URL=url, DJANGO_SETTINGS_MODULE="organiser_portal.settings")
        measure(given.entries, sqlite=given.sqlite)


if __name__ == "__main__":
    main()
