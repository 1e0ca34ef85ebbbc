"""A CSV file that goes out as it is read, and its line in the audit trail."""

from abc import ABC, abstractmethod
from collections.abc import Generator, Iterable, Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.http import StreamingHttpResponse

from organiser_portal.core import csv
from organiser_portal.organisations import audit
from organiser_portal.organisations.models import Organisation, User


class Download(ABC):
    """The file in chunks of text, to be gone through once. ``rows`` counts what has gone out so far.

    The audit trail gets its line when the last chunk has been taken, or when the reader went away before.
    ``actor`` None: a command run by an operator. ``excel``: with the mark that Excel wants.
    """

    def __init__(self, organisation: Organisation, *, actor: User | None, excel: bool = False) -> None:
        self.organisation = organisation
        self.actor = actor
        self.excel = excel
        self.rows = 0
        self._under_way = self._chunks()

    @abstractmethod
    def headings(self) -> Sequence[str]:
        """The first line."""

    @abstractmethod
    def values(self) -> Iterable[Sequence[object]]:
        """The lines below, read as they are taken."""

    @abstractmethod
    def told(self) -> dict[str, Any]:
        """What the audit line says: ``action``, ``subject`` and further details. No personal data."""

    def __iter__(self) -> Iterator[str]:
        return self._under_way

    def close(self) -> None:
        """Called by the server when the response is over, whether or not all of it was taken."""
        self._under_way.close()

    def _chunks(self) -> Generator[str]:
        finished = False
        try:
            yield from csv.write(
                self.headings(), self._counted(), zone=ZoneInfo(self.organisation.time_zone), bom=self.excel
            )
            finished = True
        finally:
            line = {"rows": self.rows, "finished": finished, **self.told()}
            audit.record(organisation=self.organisation, actor=self.actor, **line)

    def _counted(self) -> Iterator[Sequence[object]]:
        for row in self.values():
            self.rows += 1
            yield row


def as_file(download: Download, name: str) -> StreamingHttpResponse:
    """The answer that a browser keeps as a file of this name, and nobody in between."""
    return StreamingHttpResponse(
        download,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
