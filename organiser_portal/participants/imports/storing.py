"""An uploaded file kept until it is imported or a week old: in the database, because the worker may be elsewhere."""

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import batched
from typing import IO, Any

from django.db import transaction

from organiser_portal.organisations.models import Organisation, User
from organiser_portal.participants.imports.dates import DateProof
from organiser_portal.participants.imports.headings import key_of
from organiser_portal.participants.imports.reading import read_table
from organiser_portal.participants.imports.table import Line
from organiser_portal.participants.models import Import, ImportChunk

AT_ONCE = 200
"""Rows a chunk, and so a transaction."""
SAMPLES, LONGEST_SAMPLE = 3, 60


@dataclass(slots=True)
class _Column:
    """What one sees of a column before it is matched."""

    heading: str
    samples: list[str] = field(default_factory=list)
    filled: int = 0
    proof: DateProof = field(default_factory=DateProof)

    def look(self, cell: str) -> None:
        if not cell:
            return
        self.filled += 1
        self.proof.look(cell)
        if len(self.samples) < SAMPLES and cell[:LONGEST_SAMPLE] not in self.samples:
            self.samples.append(cell[:LONGEST_SAMPLE])

    def stored(self) -> dict[str, Any]:
        return {"heading": self.heading, "samples": self.samples, "filled": self.filled, **asdict(self.proof)}


def store_upload(
    file: IO[bytes], *, name: str, size: int, organisation: Organisation, by: User, now: datetime
) -> Import:
    """Read the file once from beginning to end and keep its rows. Raises Unreadable; then nothing is kept."""
    with transaction.atomic():
        table = read_table(file, size=size)
        imported = Import.objects.create(
            organisation=organisation,
            file_name=name[-200:],
            read_as=table.read_as[:300],
            heading_key=key_of(table.headings),
            by=by,
            created_at=now,
        )
        columns = [_Column(heading) for heading in table.headings]
        for number, lines in enumerate(batched(_looked_at(table.lines, columns), AT_ONCE)):
            imported.total += len(lines)
            ImportChunk.objects.create(imported=imported, number=number, data=_packed(lines))
        imported.columns = [column.stored() for column in columns]
        imported.save()
    return imported


def lines_of(chunk: ImportChunk) -> list[Line]:
    return [(number, cells) for number, cells in json.loads(zlib.decompress(bytes(chunk.data)))]


def _looked_at(lines: Iterator[Line], columns: Sequence[_Column]) -> Iterator[Line]:
    for line in lines:
        for column, cell in zip(columns, line[1], strict=False):
            column.look(cell)
        yield line


def _packed(lines: Sequence[Line]) -> bytes:
    return zlib.compress(json.dumps(lines, ensure_ascii=False).encode(), 6)
