"""One page asked for again and again: what a processor works for it, what is waited, how many queries it takes."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db import connection
from django.test import Client

from benchmarks.processor import own_seconds_of

TIMES, PATIENCE = 20, 10.0  # requests, seconds after which fewer will do
FEWEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """Milliseconds for one request. ``worked``: of a processor, by this process and by the database's."""

    worked: float
    waited: float
    queries: int


class Asking:
    """Somebody signed in."""

    def __init__(self, who: Any) -> None:
        self.client = Client()
        self.client.force_login(who)
        self.database = _process_of_the_database()

    def ask(self, url: str, *, whole: bool) -> Took:
        """``whole``: the page, else the fragment that HTMX asks for. Anything but 200 stops the benchmark."""
        headers = {} if whole else {"HX-Request": "true"}
        here, waits, queries = [], [], 0
        self._once(url, headers)  # what is compiled and cached is, from here on
        began, there = time.perf_counter(), own_seconds_of(self.database)
        while len(waits) < TIMES and (len(waits) < FEWEST or time.perf_counter() - began < PATIENCE):
            wall, processor = time.perf_counter(), time.process_time()
            queries = self._once(url, headers)
            waits.append(time.perf_counter() - wall)
            here.append(time.process_time() - processor)
        in_database = (own_seconds_of(self.database) - there) / len(waits)
        return Took(worked=1000 * (median(here) + in_database), waited=1000 * median(waits), queries=queries)

    def _once(self, url: str, headers: dict[str, str]) -> int:
        count = _Count()
        with connection.execute_wrapper(count):
            answer = self.client.get(url, headers=headers)
        if answer.status_code != 200:
            raise SystemExit(f"{url}: {answer.status_code}")
        return count.queries


class _Count:
    def __init__(self) -> None:
        self.queries = 0

    def __call__(self, execute: Callable[..., Any], *call: Any) -> Any:
        self.queries += 1
        return execute(*call)


def _process_of_the_database() -> int:
    """0, which is nobody, where the database works in this process."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])
