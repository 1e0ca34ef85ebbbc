"""The dry run: every row into its pile, with nothing changed."""

from organiser_portal.participants.imports.deciding import Decision, decide
from organiser_portal.participants.imports.rows import stored, touched
from organiser_portal.participants.imports.setup import Setup
from organiser_portal.participants.imports.storing import lines_of
from organiser_portal.participants.imports.values import Draft
from organiser_portal.participants.models import Import, ImportChunk, ImportRow, ImportState, Pile


def check_some(imported: Import, chunk: ImportChunk | None, setup: Setup) -> None:
    """The rows of one chunk; None: that was the last one. The caller saves the import."""
    if chunk is None:
        imported.state, imported.cursor = ImportState.CHECKED, 0
        return
    reader = setup.reader()
    decisions = decide(setup, [reader.read(line) for line in lines_of(chunk)], earlier=True)
    ImportRow.objects.bulk_create(_row(imported, each) for each in decisions)
    for each in decisions:
        setattr(imported, each.pile, getattr(imported, each.pile) + 1)
        imported.told += each.told
    imported.cursor += 1


def _row(imported: Import, decision: Decision) -> ImportRow:
    draft: Draft = decision.draft
    return ImportRow(
        imported=imported,
        number=draft.number,
        pile=decision.pile,
        reason=decision.reason[:300],
        told=decision.told,
        name=draft.name,
        race=draft.race,
        sort_name=draft.sort_name,
        birth_date=draft.birth_date,
        email=draft.email,
        entry=decision.entry,
        # As it was looked at: whether it still is so, is asked before it is changed.
        before=stored(decision.entry, touched(decision)) if decision.entry and decision.pile == Pile.UPDATE else {},
    )
