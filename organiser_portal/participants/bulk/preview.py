"""What a batch would do, before it is begun: to how many, what they hold now, and a few of them by name."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from organiser_portal.connections.gateway import provider_classes
from organiser_portal.connections.models import MENDABLE
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants import fields
from organiser_portal.participants.bulk.actions import Action
from organiser_portal.participants.bulk.running import chosen
from organiser_portal.participants.models import Entry

NAMED = 5
VALUES = 6
MOST_RACES = 20
MOST_KNOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One of them as it is, and as it would be; nothing where the values are not shown."""

    entry: Entry
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """``count`` entries match. Left alone are ``erased`` people, ``idle`` ones that have nothing to be sent again,
    ``decided_there`` whose provider alone says this, and those that are the ``same`` already (None: nothing is typed).

    ``held``: (value, entries) as they are now, the commonest first; ``values`` how many values there are in all.
    """

    count: int
    erased: int
    idle: int
    decided_there: int
    same: int | None
    some: Sequence[Example]
    held: Sequence[tuple[str, int]]
    values: int

    @property
    def others(self) -> int:
        return self.count - len(self.some)

    @property
    def changing(self) -> int:
        """How many would be another than they are."""
        return self.count - self.erased - self.idle - self.decided_there - (self.same or 0)


def preview(organisation: Organisation, action: Action, query: str, value: str | None = None) -> Preview:
    """``value``: what was typed; None while nothing is."""
    found = chosen(organisation, query).filter.found()
    open_ones = found.filter(redacted=False)
    theirs = _decided_there() if action.decided_there else Q(pk__in=[])
    held, values = _held(found, action)
    few = found.select_related("race").order_by("sort_name", "id")[:NAMED]
    return Preview(
        count=found.count(),
        erased=found.filter(redacted=True).count(),
        idle=open_ones.exclude(push_state__in=MENDABLE).count() if action.again else 0,
        decided_there=open_ones.filter(theirs).count() if action.decided_there else 0,
        same=open_ones.exclude(theirs).filter(action.same(value)).count()
        if action.same and value is not None
        else None,
        some=[_example(entry, action, value) for entry in few],
        held=held,
        values=values,
    )


def _held(found: QuerySet[Entry], action: Action) -> tuple[list[tuple[str, int]], int]:
    if not action.holds:
        return [], 0
    first = Coalesce(*(NullIf(name, Value("")) for name in action.holds), Value(""))
    groups = found.order_by().values_list(first).annotate(number=Count("pk")).order_by("-number", first)
    rows = list(groups[: VALUES + 1])
    return [(_said(action, value), number) for value, number in rows[:VALUES]], len(rows)


def known(organisation: Organisation, action: Action, query: str) -> list[str]:
    """What entries of the same races hold already: proposed, so that one wave is not written in two ways."""
    if not action.known:
        return []
    races = chosen(organisation, query).filter.found().order_by().values_list("race_id", flat=True).distinct()
    beside = Entry.objects.filter(race__in=list(races[:MOST_RACES])).order_by()
    held = (beside.exclude(**{name: ""}).values_list(name, flat=True).distinct()[:MOST_KNOWN] for name in action.known)
    return sorted({value for values in held for value in values}, key=str.casefold)


def _example(entry: Entry, action: Action, value: str | None) -> Example:
    if not action.holds or value is None:
        return Example(entry=entry)
    now = {name: getattr(entry, name) for name in action.holds}
    then = {**now, **action.change(entry, value)}
    return Example(entry=entry, before=_said(action, *now.values()), after=_said(action, *then.values()))


def _said(action: Action, *values: str) -> str:
    """The first value there is, as people read it."""
    return fields.text(action.holds[0], next(filter(None, values), "")) or "none"


def _decided_there() -> Q:
    """Entries that a provider tells of, or will when what is on its way has arrived."""
    telling = [kind.key for kind in provider_classes() if kind.capabilities.lists_entries]
    return Q(connection__provider__in=telling) & (Q(external_id__isnull=False) | ~Q(push_state=""))
