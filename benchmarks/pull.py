"""What the pull engine takes, beside the floor and beside reading the same pages alone."""

from contextlib import ExitStack
from operator import attrgetter

import httpx

from benchmarks import floor
from benchmarks.floor import PAGE
from benchmarks.portal import Portal, Sync, fresh_postgresql
from benchmarks.remote import running
from benchmarks.table import Table

LATENCY = 0.05  # seconds, of each request
PARALLEL = 1  # walks at a time that the provider's sheet permits for one key
MOST_MEMORY = 150  # MB over idle
MOST_REQUESTS = 3
TURNS = 3
CHANGED = 100  # one in so many


def measure(table: Table, *, rows: int, server: str) -> Sync:
    """Print every line of the pull engine for ``rows`` entries in PostgreSQL, and return the first load of this run."""
    table.heading(f"Pull: {rows:,} entries of 2.4 KB, {PAGE} a page, PostgreSQL")
    with running(rows) as root, fresh_postgresql(server) as database:
        # In turns and the better of each: the machine has slower minutes, and the first of all is slow.
        floors, loads = [floor.measure(root, database)], []
        for _ in range(TURNS - 1):
            with fresh_postgresql(server) as another:
                loads.append(Portal(another, root).sync())
                floors.append(floor.measure(root, another))
        portal = Portal(database, root)
        loads.append(portal.sync())
        least, first = min(floors, key=attrgetter("seconds")), min(loads, key=attrgetter("seconds"))
        table.fact(
            "floor: read, decode and write, in sequence",
            f"{least.seconds:.2f} s ({least.reading:.2f} + {least.decoding:.2f} + {least.writing:.2f})",
        )
        table.ratio("first full load", first.seconds, least.seconds, of="the floor", at_most=2.5)
        table.limit("its peak memory over idle", max(each.peak for each in loads), "MB", at_most=MOST_MEMORY)
        _again(table, portal, root)
        _incremental(table, portal, root, first)
        _another(table, Portal(database, root, "another"), least)
        _with_latency(table, root, server, rows, first)
    return first


def _again(table: Table, portal: Portal, root: str) -> None:
    alone = min(floor.reading_alone(root) for _ in range(2))
    writes = portal.rows_written()
    again = portal.sync(full=True)
    table.ratio("full walk again, nothing changed", again.seconds, alone, of="reading alone", at_most=1.3)
    table.limit("rows written meanwhile, but the run's", portal.rows_written() - writes, "rows", at_most=0)


def _incremental(table: Table, portal: Portal, root: str, first: Sync) -> None:
    httpx.get(f"{root}/asked")
    nothing = portal.sync()
    table.limit("incremental, nothing changed", nothing.seconds, "s", at_most=1.0)
    table.limit("its requests", nothing.requests, "requests", at_most=MOST_REQUESTS)
    number = first.new // CHANGED
    httpx.post(f"{root}/change", params={"rows": number})
    changed = portal.sync()
    each = changed.seconds / max(changed.changed, 1) * 1e6
    table.fact(
        f"incremental, {changed.changed:,} of {first.new:,} changed", f"{changed.seconds:8.2f} s, {each:.0f} µs each"
    )


def _another(table: Table, portal: Portal, least: floor.Floor) -> None:
    seconds = portal.sync().seconds
    table.fact(
        "the first load of another organisation beside it",
        f"{seconds:8.2f} s   {seconds / least.seconds:5.2f} x the floor",
    )


def _with_latency(table: Table, root: str, server: str, rows: int, first: Sync) -> None:
    pages = -(-rows // PAGE)
    waiting = pages / PARALLEL * LATENCY
    with fresh_postgresql(server) as database, ExitStack() as undo:
        httpx.post(f"{root}/latency", params={"seconds": LATENCY})
        undo.callback(httpx.post, f"{root}/latency", params={"seconds": 0})
        slow = Portal(database, root).sync()
    table.limit("first load with 50 ms latency", slow.seconds, "s", at_most=1.3 * waiting + first.seconds)


def curve(table: Table, *, sizes: list[int], server: str) -> None:
    """Time and memory for each record as the work grows."""
    table.heading("Cost as work grows: first full load, PostgreSQL")
    for rows in sizes:
        with running(rows) as root, fresh_postgresql(server) as database:
            first = Portal(database, root).sync()
        each = first.seconds / rows * 1e6
        table.fact(
            f"{rows:>9,} entries", f"{first.seconds:8.1f} s   {each:6.0f} µs each   {first.peak:5.0f} MB over idle"
        )
