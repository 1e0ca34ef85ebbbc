"""The conflicts of an organisation: found without reading every entry, counted by pattern, decided by its rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from organiser_portal.organisations.models import Organisation
from organiser_portal.participants import fields
from organiser_portal.participants.merge import Decision, Rule
from organiser_portal.participants.models import Conflict, FieldRule
from organiser_portal.participants.models.conflict import ConflictQuerySet
from organiser_portal.participants.patterns import WORDS, Pattern, pattern

MOST_GROUPS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Conflicts that are alike: of one field, differing in one way."""

    field: str
    differs: Pattern
    number: int

    @property
    def label(self) -> str:
        return fields.label(self.field)

    @property
    def words(self) -> str:
        """ "only letter case differs"."""
        return WORDS[self.differs]


def follow(organisation_id: int, held: Mapping[int, Mapping[str, Mapping[str, Any]]]) -> None:
    """Bring the rows of these entries in step with their ``conflicts``, by entry id.

    Call it in the transaction that writes them. Three statements, however many entries; none for none.
    """
    if not held:
        return
    rows = Conflict.objects.filter(entry_id__in=list(held))
    over = [pk for pk, entry, name in rows.values_list("pk", "entry_id", "field") if name not in held[entry]]
    if over:
        Conflict.objects.filter(pk__in=over).delete()
    Conflict.objects.bulk_create(
        [
            Conflict(
                organisation_id=organisation_id,
                entry_id=entry,
                field=name,
                differs=pattern(conflict["ours"], conflict["theirs"]),
            )
            for entry, conflicts in held.items()
            for name, conflict in conflicts.items()
        ],
        update_conflicts=True,
        unique_fields=["entry", "field"],
        update_fields=["differs"],
    )


def groups(conflicts: QuerySet[Conflict]) -> list[Group]:
    """The largest groups among these, largest first. One query."""
    counted = conflicts.order_by().values("field", "differs").annotate(number=Count("id"))
    return [
        Group(field=row["field"], differs=Pattern(row["differs"]), number=row["number"])
        for row in counted.order_by("-number", "field", "differs")[:MOST_GROUPS]
    ]


def open_conflicts(organisation: Organisation) -> ConflictQuerySet:
    """What waits for somebody to choose."""
    return Conflict.objects.of(organisation)


def rules_of(organisation_id: int) -> dict[str, Rule]:
    """Field → who wins, for the fields about which nobody is asked."""
    rows = FieldRule.objects.filter(organisation_id=organisation_id).values_list("field", "rule")
    return {name: Rule(rule) for name, rule in rows}


def said_of(decided: Sequence[Decision]) -> str:
    """What came of changes on both sides, as history says it: "By rule, ours stands over theirs: Club". No values."""
    parts = [
        f"{words}: {', '.join(names)}"
        for rule, words in CAME_OF_IT.items()
        if (names := [fields.label(each.name) for each in decided if each.rule is rule])
    ]
    return ". ".join(parts)[:300]


CAME_OF_IT = {
    Rule.ASK: "Changed on both sides, waits for somebody to choose",
    Rule.STAFF: "By rule, ours stands over theirs",
    Rule.PROVIDER: "By rule, theirs replaces ours",
}
