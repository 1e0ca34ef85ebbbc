"""Entries as a CSV file: the same columns and the same rules as the page's download."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.http import QueryDict

from organiser_portal.core.commands import JsonCommand
from organiser_portal.organisations.commands import organisation_named
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants.export import EntryList
from organiser_portal.participants.selection import Selection, select_entries
from organiser_portal.participants.tables import ENTRIES


class Command(JsonCommand):
    help = "Write the entries of an organisation as CSV (UTF-8, CRLF, ISO dates, safe in a spreadsheet)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisation", required=True, metavar="SLUG")
        parser.add_argument("--race", metavar="ID", help="Only this race of ours.")
        parser.add_argument("--columns", default="", metavar="a,b", help=f"Of: {', '.join(keys())}.")
        parser.add_argument("-o", "--output", default="-", metavar="FILE", help="Where to; - is standard output.")
        parser.add_argument("--excel", action="store_true", help="With a byte order mark, for Excel.")
        parser.add_argument("--sensitive", action="store_true", help="Allow medical and emergency columns. Audited.")

    def handle(self, **options: Any) -> None:
        organisation = organisation_named(options["organisation"])
        selection = select(organisation, options)
        to_screen = options["output"] == "-"
        if to_screen and self.json:
            raise CommandError("With --json the file goes to -o FILE: standard output is for the answer.")
        download = EntryList(selection, organisation=organisation, actor=None, excel=options["excel"])
        if to_screen:
            write_out(download)
            return
        write_file(Path(options["output"]), download)
        facts = {"rows": download.rows, "file": options["output"], "columns": [c.key for c in selection.view.chosen]}
        self.report(facts, [f"{download.rows:,} entries in {options['output']}"])


def keys() -> list[str]:
    return [column.key for column in ENTRIES.columns]


def select(organisation: Organisation, options: dict[str, Any]) -> Selection:
    """What the options ask for. Raises CommandError where they make no sense."""
    asked = [key.strip() for key in options["columns"].split(",") if key.strip()]
    if unknown := [key for key in asked if key not in keys()]:
        raise CommandError(f"There is no column {', '.join(unknown)}. There are: {', '.join(keys())}.")
    sensitive = {column.key for column in ENTRIES.columns if column.sensitive}
    if (hidden := [key for key in asked if key in sensitive]) and not options["sensitive"]:
        raise CommandError(f"{', '.join(hidden)}: medical and emergency data needs --sensitive.")
    address = QueryDict(mutable=True)
    address.update({"columns": options["columns"], "race": options["race"] or ""})
    selection = select_entries(organisation, address, sensitive=options["sensitive"])
    if not selection.filter.is_valid():
        raise CommandError(f"{organisation} has no race {options['race']!r}.")
    return selection


def write_out(chunks: Iterable[str]) -> None:
    """To standard output as bytes: what a terminal thinks of encodings and line ends is not asked."""
    for chunk in chunks:
        sys.stdout.buffer.write(chunk.encode())
    sys.stdout.buffer.flush()


def write_file(path: Path, chunks: Iterable[str]) -> None:
    """Beside the place first, so that a file by that name is always whole. Raises CommandError."""
    unfinished = path.with_name(f"{path.name}.part")
    try:
        with unfinished.open("w", encoding="utf-8", newline="") as file:
            file.writelines(chunks)
        unfinished.replace(path)
    except OSError as error:
        raise CommandError(f"Cannot write {path}: {error.strerror}.") from error
    finally:
        unfinished.unlink(missing_ok=True)
