"""What the check promised, done: nothing else, and nothing that has changed meanwhile."""

import uuid
from datetime import datetime

from django.db import transaction

from organiser_portal.organisations.models import User
from organiser_portal.participants.imports.deciding import Decision, decide
from organiser_portal.participants.imports.rows import rewrite, stored, touched
from organiser_portal.participants.imports.setup import Setup
from organiser_portal.participants.imports.storing import lines_of
from organiser_portal.participants.models import Import, ImportChunk, ImportRow, ImportState, Pile, RowOutcome
from organiser_portal.participants.services import EntryError, NewEntry, add_entries, edit_entry, hold

SPACE = uuid.UUID("5a0e4f0e-6d4e-4a53-9f6a-1a3f6f1b7c11")


def reference_of(imported: Import, number: int) -> str:
    """The same row of the same import is the same entry, however often a worker begins anew."""
    return uuid.uuid5(SPACE, f"{imported.pk}/{number}").hex


def commit_some(imported: Import, chunk: ImportChunk | None, setup: Setup, by: User) -> None:
    """One chunk; None: that was the last one. The caller saves the import."""
    if chunk is None:
        imported.state, imported.finished_at, imported.cursor = ImportState.DONE, setup.now, 0
        imported.chunks.all().delete()
        return
    rows = {row.number: row for row in _promised(imported, chunk)}
    # Before they are looked at: what is undone later is what was there.
    hold(row.entry_id for row in rows.values() if row.entry_id)
    reader = setup.reader()
    drafts = [reader.read(line) for line in lines_of(chunk) if line[0] in rows]
    decisions = decide(setup, drafts, earlier=False)
    _create(imported, [(rows[each.draft.number], each) for each in decisions], setup, by)
    for each in decisions:
        _update(rows[each.draft.number], each, by, setup.now)
    rewrite(rows.values())
    for row in rows.values():
        setattr(imported, row.outcome, getattr(imported, row.outcome) + 1)
    imported.cursor += 1


def _promised(imported: Import, chunk: ImportChunk) -> list[ImportRow]:
    numbers = [number for number, _ in lines_of(chunk)]
    rows = imported.rows.filter(number__range=(numbers[0], numbers[-1]), pile__in=(Pile.CREATE, Pile.UPDATE))
    return list(rows.order_by("number"))


def _create(imported: Import, pairs: list[tuple[ImportRow, Decision]], setup: Setup, by: User) -> None:
    wanted = [(row, each) for row, each in pairs if row.pile == each.pile == Pile.CREATE and each.draft.race]
    new = [
        NewEntry(race=each.draft.race, reference=reference_of(imported, row.number), values=each.values)
        for row, each in wanted
        if each.draft.race
    ]
    entries = add_entries(new, listing=imported.listing, by=by, now=setup.now, summary=f"Imported, batch {imported.pk}")
    for (row, _), entry in zip(wanted, entries, strict=True):
        row.outcome, row.entry, row.reason = RowOutcome.CREATED, entry, ""


def _update(row: ImportRow, decision: Decision, by: User, now: datetime) -> None:
    if row.outcome:
        return
    row.outcome = RowOutcome.LEFT
    entry, wanted = decision.entry, touched(decision)
    is_as_checked = row.pile == decision.pile and entry == row.entry
    if entry is None or not is_as_checked or row.before != stored(entry, wanted):
        row.reason = decision.reason if decision.pile == Pile.CANNOT else "Somebody has added or changed it meanwhile."
        return
    try:
        with transaction.atomic():
            entry = edit_entry(entry=entry, values=decision.values, by=by, now=now)
    except EntryError as error:
        row.reason = str(error)[:300]
        return
    row.outcome, row.after = RowOutcome.UPDATED, stored(entry, wanted)
