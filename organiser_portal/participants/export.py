"""Entries as a file: what the list shows, every row of it, written as it is read."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.text import slugify

from organiser_portal.core import csv
from organiser_portal.events.models import Race
from organiser_portal.organisations import audit
from organiser_portal.organisations.models import Organisation, User
from organiser_portal.participants.selection import Selection

READ_AT_ONCE = 2_000


def file_name(organisation: Organisation, race: Race | None, now: datetime) -> str:
    """ "fellgate-hexley-10k-entries-2027-05-14.csv"."""
    day = now.astimezone(ZoneInfo(organisation.time_zone)).date()
    race_part = [slugify(race.name)[:60] or f"race-{race.pk}"] if race else []
    return "-".join([organisation.slug, *race_part, "entries", f"{day}.csv"])


def lines(
    selection: Selection, *, organisation: Organisation, actor: User | None, excel: bool = False
) -> Iterator[str]:
    """The file in chunks. The audit trail gets its line when the last one has been taken, or the reader went away."""
    counter = _Counter()
    try:
        yield from csv.write(
            [column.heading for column in selection.view.in_file()],
            counter.count(_values(selection)),
            zone=ZoneInfo(organisation.time_zone),
            bom=excel,
        )
        counter.finished = True
    finally:
        _record(selection, counter, organisation, actor)


def _values(selection: Selection) -> Iterator[list[object]]:
    columns = selection.view.in_file()
    for row in selection.rows().iterator(chunk_size=READ_AT_ONCE):
        yield [column.value(row) for column in columns]


class _Counter:
    """How many rows went through, and whether all of them did."""

    def __init__(self) -> None:
        self.rows = 0
        self.finished = False

    def count[T](self, rows: Iterator[T]) -> Iterator[T]:
        for row in rows:
            self.rows += 1
            yield row


def _record(selection: Selection, counter: _Counter, organisation: Organisation, actor: User | None) -> None:
    audit.record(
        organisation=organisation,
        actor=actor,
        action="entries.exported_sensitive" if selection.view.shows_sensitive else "entries.exported",
        subject=f"{counter.rows:,} entries",
        rows=counter.rows,
        finished=counter.finished,
        filters=selection.names(),
        columns=[column.key for column in selection.view.chosen],
    )
