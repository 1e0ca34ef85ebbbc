"""Rows of new entries, written for a COPY by whoever has read them, before anybody knows where they belong.

To write its row is half of what storing an entry takes, and most of it depends on nothing but what was said. No Django:
the process that reads does it (see `providers.apart`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from organiser_portal.connections.columns import Reader, joined, made_ready
from organiser_portal.participants.columns import DERIVED, ENTRY_SAID, derived, entry_said
from providers.records import EntryRecord
from providers.written import WrittenEntry

WRITTEN: tuple[str, ...] = (*DERIVED, *ENTRY_SAID)
"""The columns that are written ahead, in the order of the text."""


@dataclass(frozen=True, slots=True)
class EntryWriter:
    """Writes the columns of ``WRITTEN``. ``readers``: what makes each of them ready."""

    readers: Sequence[Reader]

    def __call__(self, records: Sequence[EntryRecord]) -> list[WrittenEntry]:
        said = entry_said(records)
        columns = [*derived(len(records), said, said["provider_bib"]), *said.values()]
        ready = [made_ready(read, column) for read, column in zip(self.readers, columns, strict=True)]
        return list(map(_written, records, joined(len(records), ready)))


def _written(record: EntryRecord, text: str) -> WrittenEntry:
    return WrittenEntry(
        external_id=record.external_id,
        race_id=record.race_id,
        text=text,
        ticket_type_id=record.ticket_type_id,
        partner_name=record.partner_name,
        partner_group=record.partner_group,
        partner_group_id=record.partner_group_id,
        partner_other_ids=record.partner_other_ids,
        redacted=record.redacted,
        created_at=record.created_at,
    )
