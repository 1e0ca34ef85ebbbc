"""Entries and applications as files: what the list shows, every row of it, written as it is read."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import batched
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.text import slugify

from organiser_portal.events.models import Race
from organiser_portal.organisations.download import Download
from organiser_portal.organisations.models import Organisation, User
from organiser_portal.participants.applications import with_entries
from organiser_portal.participants.selection import Selection

READ_AT_ONCE = 2_000


def file_name(organisation: Organisation, race: Race | None, now: datetime, *, of: str = "entries") -> str:
    """ "fellgate-hexley-10k-entries-2027-05-14.csv"."""
    day = now.astimezone(ZoneInfo(organisation.time_zone)).date()
    race_part = [slugify(race.name)[:60] or f"race-{race.pk}"] if race else []
    return "-".join([organisation.slug, *race_part, of, f"{day}.csv"])


class EntryList(Download):
    """The file, to be gone through once."""

    def __init__(
        self, selection: Selection, *, organisation: Organisation, actor: User | None, excel: bool = False
    ) -> None:
        super().__init__(organisation, actor=actor, excel=excel)
        self.selection = selection

    def headings(self) -> Sequence[str]:
        return [column.heading for column in self.selection.view.in_file()]

    def values(self) -> Iterator[Sequence[object]]:
        columns = self.selection.view.in_file()
        for row in self.selection.rows().iterator(chunk_size=READ_AT_ONCE):
            yield [column.value(row) for column in columns]

    def told(self) -> dict[str, Any]:
        view = self.selection.view
        return {
            "action": "entries.exported_sensitive" if view.shows_sensitive else "entries.exported",
            "subject": f"{self.rows:,} entries",
            "filters": self.selection.names(),
            "columns": [column.key for column in view.chosen],
        }


class ApplicationList(Download):
    """The file, to be gone through once. Of the entry that an application became it says that there is one."""

    def __init__(
        self, selection: Selection, *, organisation: Organisation, actor: User | None, excel: bool = False
    ) -> None:
        super().__init__(organisation, actor=actor, excel=excel)
        self.selection = selection

    def headings(self) -> Sequence[str]:
        return [column.heading for column in self.selection.view.in_file()]

    def values(self) -> Iterator[Sequence[object]]:
        columns = self.selection.view.in_file()
        for some in batched(self.selection.rows().iterator(chunk_size=READ_AT_ONCE), READ_AT_ONCE):
            for row in with_entries(self.organisation, some):
                yield [column.value(row) for column in columns]

    def told(self) -> dict[str, Any]:
        return {
            "action": "applications.exported",
            "subject": f"{self.rows:,} applications",
            "filters": self.selection.names(),
            "columns": [column.key for column in self.selection.view.chosen],
        }
