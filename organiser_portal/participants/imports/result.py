"""What the check says of every row, and what came of it: on the page by tabs, and as a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from organiser_portal.organisations.download import Download
from organiser_portal.organisations.models import User
from organiser_portal.participants.models import Import, ImportRow, ImportState, Pile, RowOutcome

HEADINGS = ("Row", "Name", "Race", "Pile", "Outcome", "Reason", "Reference")
READ_AT_ONCE = 2_000
STAND = (RowOutcome.CREATED, RowOutcome.UPDATED)


class ImportResult(Download):
    """The file, to be gone through once: a row per row of what was uploaded."""

    def __init__(self, imported: Import, *, actor: User | None) -> None:
        super().__init__(imported.organisation, actor=actor)
        self.imported = imported

    def headings(self) -> Sequence[str]:
        return HEADINGS

    def values(self) -> Iterator[Sequence[object]]:
        rows = self.imported.rows.select_related("race", "entry").order_by("number")
        for row in rows.iterator(chunk_size=READ_AT_ONCE):
            race = row.race.name if row.race else ""
            reference = row.entry.reference if row.entry else ""
            yield row.number, row.name, race, row.get_pile_display(), row.get_outcome_display(), row.reason, reference

    def told(self) -> dict[str, Any]:
        subject = f"{self.rows:,} rows"
        return {"action": "entries.import_downloaded", "subject": subject, "batch": self.imported.pk}


@dataclass(frozen=True, slots=True)
class Tab:
    """Some rows of an import: a pile of its check, or an outcome of its commit."""

    key: str
    label: str
    count: int

    def rows(self, imported: Import) -> QuerySet[ImportRow, ImportRow]:
        chosen = imported.rows.select_related("race", "entry").order_by("number")
        if self.key in RowOutcome.values:
            return chosen.filter(outcome=self.key)
        return chosen.filter(pile=self.key)


def tabs(imported: Import) -> list[Tab]:
    """Before the commit the four piles; after it what came of them, then what was never to be touched.

    Where the way back was stopped, what still stands is before what has gone back.
    """
    piles = [(Pile.SAME, imported.same), (Pile.CANNOT, imported.cannot)]
    if imported.state in (ImportState.CHECKING, ImportState.CHECKED):
        return _tabs([(Pile.CREATE, imported.create), (Pile.UPDATE, imported.update), *piles])
    back = [(RowOutcome.UNDONE, imported.undone), (RowOutcome.KEPT, imported.kept)]
    if imported.undone_at is not None:
        return _tabs([*back, *piles])
    if imported.gone_back:
        return _tabs([*((outcome, imported.rows.filter(outcome=outcome).count()) for outcome in STAND), *back, *piles])
    outcomes = [
        (RowOutcome.CREATED, imported.created),
        (RowOutcome.UPDATED, imported.updated),
        (RowOutcome.LEFT, imported.left),
    ]
    return _tabs([*outcomes, *piles])


def chosen_tab(offered: Sequence[Tab], key: str) -> Tab:
    """The one that is asked for, else the first that holds anything."""
    filled = [tab for tab in offered if tab.count]
    return next((tab for tab in offered if tab.key == key), filled[0] if filled else offered[0])


def _tabs(counts: Sequence[tuple[Pile | RowOutcome, int]]) -> list[Tab]:
    return [Tab(choice.value, str(choice.label), count) for choice, count in counts]
