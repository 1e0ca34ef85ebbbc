"""Entries as a file: what the list shows, every row of it, written as it is read."""

from collections.abc import Generator, Iterator
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


class Download:
    """The file in chunks of text, to be gone through once. ``rows`` counts what has gone out so far.

    The audit trail gets its line when the last chunk has been taken, or when the reader went away before.
    ``actor`` None: a command run by an operator. ``excel``: with the mark that Excel wants.
    """

    def __init__(
        self, selection: Selection, *, organisation: Organisation, actor: User | None, excel: bool = False
    ) -> None:
        self.selection = selection
        self.organisation = organisation
        self.actor = actor
        self.excel = excel
        self.rows = 0
        self._under_way = self._chunks()

    def __iter__(self) -> Iterator[str]:
        return self._under_way

    def close(self) -> None:
        """Called by the server when the response is over, whether or not all of it was taken."""
        self._under_way.close()

    def _chunks(self) -> Generator[str]:
        columns = self.selection.view.in_file()
        headings = [column.heading for column in columns]
        finished = False
        try:
            yield from csv.write(headings, self._values(), zone=ZoneInfo(self.organisation.time_zone), bom=self.excel)
            finished = True
        finally:
            self._record(finished=finished)

    def _values(self) -> Iterator[list[object]]:
        columns = self.selection.view.in_file()
        for row in self.selection.rows().iterator(chunk_size=READ_AT_ONCE):
            self.rows += 1
            yield [column.value(row) for column in columns]

    def _record(self, *, finished: bool) -> None:
        view = self.selection.view
        audit.record(
            organisation=self.organisation,
            actor=self.actor,
            action="entries.exported_sensitive" if view.shows_sensitive else "entries.exported",
            subject=f"{self.rows:,} entries",
            rows=self.rows,
            finished=finished,
            filters=self.selection.names(),
            columns=[column.key for column in view.chosen],
        )
