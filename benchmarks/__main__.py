"""The pull engine and, when asked for, the rest in one run: each figure beside another of the same hour and machine.

python -m benchmarks --rows 100000 --dlt --curve 10000,100000,1000000
python -m benchmarks --push 5000 --edits 20 --list 1000000 --organisations 1000
"""

import argparse
import os
import shutil
import subprocess
import sys

from benchmarks import pull
from benchmarks.portal import ROOT, Sync, fresh_postgresql
from benchmarks.remote import running
from benchmarks.table import Table

SERVER = "postgres://postgres@127.0.0.1:5432/postgres"
UV = shutil.which("uv") or str(ROOT / ".uv/bin/uv")  # as `make setup` has it
DLT = [UV, "run", "--no-project", "--with", "dlt[postgres],msgspec,httpx,nh3,psycopg[binary]", "python"]


def beside_dlt(table: Table, first: Sync, *, rows: int, server: str) -> None:
    """dlt's own first load of the same pages, tuned and as it comes, beside ours."""
    table.heading(f"dlt: the same {rows:,} entries, merged into PostgreSQL")
    for way in ("tuned", "default"):
        with running(rows) as root, fresh_postgresql(server) as database:
            command = [*DLT, "-m", "benchmarks.dlt_merge", root, database, way]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        took = float(done.stdout.split()[-1])
        table.fact(f"dlt, {way}", f"{took:8.2f} s")
        if way == "tuned":
            table.faster("first full load beside it", first.seconds, took, at_least=5)


def separately(server: str, module: str, *options: object) -> None:
    """A measurement that sets up a portal in its own process."""
    environment = {**os.environ, "TEST_DATABASE_URL": server}
    subprocess.run([sys.executable, "-m", module, *map(str, options)], env=environment, check=True)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rows", type=int, default=20_000, help="entries (default 20,000)")
    arguments.add_argument("--server", default=os.environ.get("TEST_DATABASE_URL", SERVER), help="a PostgreSQL")
    arguments.add_argument("--dlt", action="store_true", help="load the same with dlt, which uv fetches")
    arguments.add_argument("--curve", default="", metavar="N,N,…", help="first loads of so many entries each")
    arguments.add_argument("--push", type=int, default=0, metavar="N", help="a queue of so many new entries")
    arguments.add_argument("--edits", type=int, default=0, metavar="N", help="edits, each until it is being sent")
    arguments.add_argument("--list", type=int, default=0, metavar="N", help="pages over so many; a tenth on SQLite")
    arguments.add_argument("--organisations", type=int, default=0, metavar="N", help="so many kept up to date")
    given = arguments.parse_args()
    table = Table()
    first = pull.measure(table, rows=given.rows, server=given.server)
    if given.dlt:
        beside_dlt(table, first, rows=given.rows, server=given.server)
    if given.curve:
        pull.curve(table, sizes=[int(size) for size in given.curve.split(",")], server=given.server)
    if given.push:
        separately(given.server, "benchmarks.push", "--entries", given.push)
    if given.edits:
        separately(given.server, "benchmarks.one_edit", "--edits", given.edits)
    if given.list:
        separately(given.server, "benchmarks.entry_list", "--entries", given.list)
        separately(given.server, "benchmarks.entry_list", "--sqlite", "--entries", given.list // 10)
    if given.organisations:
        separately(given.server, "benchmarks.organisations", "--organisations", given.organisations)
    if table.missed:
        print(f"\nMissed: {'; '.join(table.missed)}.")


if __name__ == "__main__":
    main()
