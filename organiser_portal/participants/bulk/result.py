"""What came of a batch, row by row."""

from collections.abc import Iterator, Sequence

from organiser_portal.participants import fields
from organiser_portal.participants.models import Batch

HEADINGS = ("Reference", "First name", "Last name", "Race", "Outcome", "Reason", "Before", "After")
READ_AT_ONCE = 2_000


def result_rows(batch: Batch) -> Iterator[Sequence[object]]:
    """One row per entry, read as they are taken. Notes are the staff's own and are not repeated."""
    items = batch.items.select_related("entry__race").order_by("pk")
    for item in items.iterator(chunk_size=READ_AT_ONCE):
        entry = item.entry
        who = (entry.reference, entry.first_name, entry.last_name, entry.race.name)
        yield (*who, item.get_outcome_display(), item.reason, _said(item.before), _said(item.after))


def _said(values: dict[str, str]) -> str:
    return ", ".join(fields.text(name, value) for name, value in values.items() if name != "notes")
