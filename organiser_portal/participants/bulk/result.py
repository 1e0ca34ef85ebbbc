"""What came of a batch, row by row."""

from collections.abc import Iterator, Sequence
from typing import Any

from organiser_portal.organisations.download import Download
from organiser_portal.organisations.models import User
from organiser_portal.participants import fields
from organiser_portal.participants.models import Batch

HEADINGS = ("Reference", "First name", "Last name", "Race", "Outcome", "Reason", "Before", "After")
READ_AT_ONCE = 2_000


class BatchResult(Download):
    """The file, to be gone through once: a row per entry. Notes are the staff's own and are not repeated."""

    def __init__(self, batch: Batch, *, actor: User | None) -> None:
        super().__init__(batch.organisation, actor=actor)
        self.batch = batch

    def headings(self) -> Sequence[str]:
        return HEADINGS

    def values(self) -> Iterator[Sequence[object]]:
        items = self.batch.items.select_related("entry__race").order_by("pk")
        for item in items.iterator(chunk_size=READ_AT_ONCE):
            entry = item.entry
            who = (entry.reference, entry.first_name, entry.last_name, entry.race.name)
            yield (*who, item.get_outcome_display(), item.reason, _said(item.before), _said(item.after))

    def told(self) -> dict[str, Any]:
        subject = f"{self.rows:,} entries"
        return {"action": "entries.batch_downloaded", "subject": subject, "batch": self.batch.pk}


def _said(values: dict[str, str]) -> str:
    return ", ".join(fields.text(name, value) for name, value in values.items() if name != "notes")
