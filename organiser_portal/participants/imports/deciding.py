"""Into which of the four piles a row goes, and why. A chunk of rows at a time, in a bounded number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from organiser_portal.core import csv
from organiser_portal.participants.folding import fold, typed
from organiser_portal.participants.imports.headings import label
from organiser_portal.participants.imports.identity import Found, Known, Sure, find, unhyphened
from organiser_portal.participants.imports.setup import Setup
from organiser_portal.participants.imports.values import Draft
from organiser_portal.participants.models import Entry, ImportRow, Pile
from organiser_portal.participants.modes import EditMode, edit_mode, pushed_fields
from organiser_portal.participants.services import EntryErased, EntryValues
from organiser_portal.participants.services.outbox import current_changes

type Namesakes = tuple[int, str]
"""Race and folded name without hyphens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """``values``: of a new entry all of them, of one that is there only what differs. ``told``: a provider hears."""

    draft: Draft
    pile: Pile
    reason: str = ""
    entry: Entry | None = None
    values: EntryValues = field(default_factory=EntryValues)
    told: bool = False


def decide(setup: Setup, drafts: Sequence[Draft], *, earlier: bool) -> list[Decision]:
    """``earlier``: a person who was in a row above is not taken again. What this import created is not looked at."""
    people = _People(setup, drafts, earlier=earlier)
    return [_decide(setup, draft, people) for draft in drafts]


class _People:
    """Everybody that the rows of a chunk could mean: entries, and rows above."""

    def __init__(self, setup: Setup, drafts: Sequence[Draft], *, earlier: bool) -> None:
        self.earlier = earlier
        names = {name for draft in drafts for name in draft.sort_names}
        rows = list(ImportRow.objects.filter(imported=setup.imported, sort_name__in=names)) if earlier else []
        own = ImportRow.objects.filter(imported=setup.imported, sort_name__in=names, outcome="created")
        self.entries = _entries(setup, drafts, names, not_these=set(own.values_list("entry_id", flat=True)))
        self.by_id = {entry.pk: entry for entry in self.entries}
        self.changes = current_changes(entry.pk for entry in self.entries if entry.push_state)
        self.by_reference = {entry.reference: entry for entry in self.entries}
        self.by_number: dict[str, list[Entry]] = defaultdict(list)
        self.named: dict[Namesakes, list[Known]] = defaultdict(list)
        for entry in self.entries:
            if entry.external_id:
                self.by_number[entry.external_id].append(entry)
            self.named[entry.race_id, unhyphened(entry.sort_name)].append(_known(entry))
        self.above: dict[Namesakes, list[Known]] = defaultdict(list)
        self.taken: dict[int, int] = _taken(setup, self.by_id) if earlier else {}
        for row in rows:
            if row.pile == Pile.CREATE and row.race_id:
                self._add(row.race_id, row.sort_name, row.number, row.birth_date, row.email)

    def remember(self, decision: Decision) -> None:
        if not self.earlier:
            return
        draft = decision.draft
        if decision.entry is not None and decision.pile is not Pile.CANNOT:
            self.taken.setdefault(decision.entry.pk, draft.number)
        if decision.pile is Pile.CREATE and draft.race:
            self._add(draft.race.pk, draft.sort_name, draft.number, draft.birth_date, draft.email)

    def _add(self, race_id: int, name: str, number: int, birth_date: Any, email: str) -> None:
        self.above[race_id, unhyphened(name)].append(Known(key=number, birth_date=birth_date, email=email))


def _entries(setup: Setup, drafts: Sequence[Draft], names: Collection[str], *, not_these: set[int]) -> list[Entry]:
    ours = Entry.objects.of(setup.imported.organisation).select_related("connection", "listing", "race")
    races = {draft.race.pk for draft in drafts if draft.race}
    asked = [
        Q(race_id__in=races, sort_name__in=names),
        Q(reference__in={draft.reference for draft in drafts if draft.reference}),
        Q(external_id__in={draft.external_id for draft in drafts if draft.external_id}),
    ]
    found = {entry.pk: entry for query in asked for entry in ours.filter(query)}
    return [entry for pk, entry in found.items() if pk not in not_these]


def _taken(setup: Setup, entries: Iterable[int]) -> dict[int, int]:
    """Entry → the row above that is about it."""
    rows = ImportRow.objects.filter(imported=setup.imported, entry_id__in=list(entries))
    return {pk: number for pk, number in rows.order_by("-number").values_list("entry_id", "number") if pk}


def _known(entry: Entry) -> Known:
    live = entry.status == "live" and entry.gone_at is None
    return Known(key=entry.pk, birth_date=entry.birth_date, email=entry.email.casefold(), live=live)


def _decide(setup: Setup, draft: Draft, people: _People) -> Decision:
    decision = _cannot(draft, draft.reason) if draft.reason else _place(setup, draft, people)
    people.remember(decision)
    return decision


def _place(setup: Setup, draft: Draft, people: _People) -> Decision:
    entry = people.by_reference.get(draft.reference) if draft.reference else None
    if entry is None and draft.external_id:
        numbered = [each for each in people.by_number[draft.external_id] if _may_be(draft, each)]
        if len(numbered) > 1:
            return _cannot(draft, f"{len(numbered)} entries have the number {draft.external_id}.")
        entry = numbered[0] if numbered else None
    if entry is not None:
        return _known_one(draft, entry, people)
    if draft.race is None or not draft.name:
        return _cannot(draft, "It has no name.")
    namesakes = (draft.race.pk, unhyphened(draft.sort_name))
    found = find(draft.birth_date, draft.email, people.named[namesakes])
    match found.sure:
        case Sure.ONE | Sure.PERHAPS:
            assert found.one is not None
            return _known_one(draft, people.by_id[found.one.key], people, sure=found.sure is Sure.ONE)
        case Sure.SEVERAL:
            return _cannot(draft, "More than one entry of this name in the race could be meant.")
    above = find(draft.birth_date, draft.email, people.above[namesakes])
    if above.sure is not Sure.NOBODY:
        return _cannot(draft, _said_above(above))
    return _new(setup, draft)


def _may_be(draft: Draft, entry: Entry) -> bool:
    """A number may be somebody else's numbering: something of the person has to agree, where anything is said."""
    if not draft.name and not draft.birth_date and not draft.email:
        return True
    surname = unhyphened(fold(draft.person.get("last_name", ""))) == unhyphened(fold(entry.last_name))
    born = draft.birth_date is not None and draft.birth_date == entry.birth_date
    return surname or born or bool(draft.email and draft.email == entry.email.casefold())


def _said_above(found: Found) -> str:
    if found.one is None:
        return "Several rows above have this name, and nothing tells them apart."
    if found.sure is Sure.PERHAPS:
        return f"Row {found.one.key:,} has this name too, and neither a birth date nor an e-mail tells them apart."
    return f"The same person as in row {found.one.key:,}."


def _known_one(draft: Draft, entry: Entry, people: _People, *, sure: bool = True) -> Decision:
    if draft.race is not None and draft.race.pk != entry.race_id:
        return _cannot(draft, f"This entry is in another race: {entry.race.name}.")
    changed = differing(draft, entry)
    if not changed.person and not changed.own:
        return Decision(draft=draft, pile=Pile.SAME, entry=entry)
    if entry.pk in people.taken:
        return _cannot(draft, f"The same person as in row {people.taken[entry.pk]:,}, with other values.", entry)
    if not sure:
        return _cannot(
            draft, "Somebody of this name is there, and no birth date or e-mail says whether it is them.", entry
        )
    if entry.gone_at is not None or entry.status != "live":
        state = "gone from the provider" if entry.gone_at else entry.status
        return _cannot(draft, f"Is in this race as {state}: settle that on the entry first.", entry)
    mode = edit_mode(entry, people.changes.get(entry.pk))
    if mode is EditMode.ERASED:
        return _cannot(draft, str(EntryErased()), entry)
    told = mode is EditMode.PUSH and bool(pushed_fields(entry) & set(changed.person))
    return Decision(draft=draft, pile=Pile.UPDATE, entry=entry, values=changed, told=told, reason=_names(changed))


def differing(draft: Draft, entry: Entry) -> EntryValues:
    """What the row says otherwise than the entry: not by empty cells, capitals, other dashes or signs of a number,
    nor by a name that has lost its accents or its hyphen.
    """
    person = {name: new for name, new in draft.person.items() if not _equal(name, getattr(entry, name), new)}
    shown = {
        "bib": (entry.bib or entry.provider_bib,),
        "wave": (entry.wave or entry.provider_wave,),
        "own_partner": (entry.own_partner,) if entry.own_partner else (entry.partner_group, entry.partner_name),
        "notes": (entry.notes,),
    }
    own = {name: new for name, new in draft.own.items() if new not in shown[name]}
    return EntryValues(person=person, own=own)


def _equal(name: str, old: Any, new: Any) -> bool:
    if name in ("phone", "emergency_phone"):
        return csv.phone(str(old)) == csv.phone(str(new))
    if isinstance(old, str) and isinstance(new, str):
        return typed(old) == typed(new) or (name in ("first_name", "last_name") and _lost(old, new))
    return bool(old == new)


def _lost(old: str, new: str) -> bool:
    """Whether the new name is the old one without its accents, or without its hyphens too."""
    kept, bare = fold(old), fold(new)
    return new.isascii() and (kept == bare or ("-" not in bare and unhyphened(kept) == bare))


def _new(setup: Setup, draft: Draft) -> Decision:
    missing = [words for name, words in setup.needed.items() if not (draft.person.get(name) or draft.answers.get(name))]
    if setup.closed:
        return _cannot(draft, setup.closed)
    if missing:
        return _cannot(draft, f"A new entry needs: {', '.join(missing)}.")
    answers = setup.asks.answers(draft.answers) if setup.asks.questions else None
    values = EntryValues(person=draft.person, own=draft.own, answers=answers)
    return Decision(draft=draft, pile=Pile.CREATE, values=values, told=setup.imported.listing_id is not None)


def _cannot(draft: Draft, reason: str, entry: Entry | None = None) -> Decision:
    return Decision(draft=draft, pile=Pile.CANNOT, reason=reason[:300], entry=entry)


def _names(values: EntryValues) -> str:
    return ", ".join(label(name) for name in (*values.person, *values.own))[:300]
