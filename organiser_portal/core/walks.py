"""Rows in order, from a place in it on: how to reach a page of a million without reading the million.

An index leads through a whole list at once. Once it is narrowed, databases guess: they walk along the index hoping
that matches are everywhere, and walk past 800,000 rows before the first Smith. So a narrowed list is found before it is
sorted, and how many there are decides how (`walk`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import Any, override

from django.db import connections
from django.db.models import Case, F, Model, Q, QuerySet, Value, When
from django.db.models import Count as Number
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce

CAP = 1_000
"""Counting stops here: an honest "more than 1,000" costs little, an exact figure may not."""
NEAR = 2_000
"""Rows of the whole list among which a page of matches is hoped for before all matches are gathered."""

type Shape[M: Model, R] = Callable[[QuerySet[M, M]], QuerySet[M, R]]
"""What makes rows of the few that were chosen."""
type Where = tuple[Any, int]
"""A row's place: its value in the order, and its id."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One part of a walk that one index leads through: which rows, in which order."""

    rows: Q
    by: tuple[OrderBy, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """By one lookup, then by id in the same direction. Rows without a value come last, whichever the direction.

    ``nullable``: there may be such rows; ``blank`` says which, where they are not simply null but as a partial index
    has it. No index serves both kinds in both directions, so they are two legs of the way.
    """

    field: str
    descending: bool = False
    nullable: bool = False
    blank: Q | None = None

    @property
    def empty(self) -> Q | None:
        """Rows without a value, if there can be any."""
        return self.blank or (Q(**{f"{self.field}__isnull": True}) if self.nullable else None)

    @property
    def elsewhere(self) -> bool:
        """Whether the value is another table's. Rows of one value are then in no order that an index knows."""
        return "__" in self.field

    def by(self) -> tuple[OrderBy, ...]:
        """The whole order at once, for those who read everything."""
        empty = self.empty
        first = () if empty is None else (Case(When(empty, Value(1)), default=Value(0)).asc(),)
        return (*first, *self._by(self.descending, gathered=False))

    def legs(self, after: Where | None = None, before: Where | None = None, *, gathered: bool = False) -> list[Leg]:
        """The way from a place on, or (``before``) back from it; without either, from the beginning.

        ``gathered``: by an expression that no index serves, so that what matches is found before it is sorted.
        """
        empty = self.empty
        downwards = self.descending is not (before is not None)
        values = Leg(Q() if empty is None else ~empty, self._by(downwards, gathered=gathered))
        if empty is None:
            return [self._from(values, after, before)]
        blanks = Leg(empty, (OrderBy(Coalesce("id", "id") if gathered else F("id"), descending=downwards),))
        if before:
            return [self._from(blanks, None, before), values] if _none(before) else [self._from(values, None, before)]
        if after and _none(after):
            return [self._from(blanks, after, None)]
        return [self._from(values, after, None), blanks]

    def _by(self, downwards: bool, *, gathered: bool) -> tuple[OrderBy, ...]:
        value = Coalesce(self.field, self.field) if gathered else F(self.field)
        return OrderBy(value, descending=downwards), OrderBy(F("id"), descending=downwards)

    def _from(self, leg: Leg, after: Where | None, before: Where | None) -> Leg:
        place = after or before
        if place is None:
            return leg
        value, pk = place
        past = "lt" if self.descending is not (before is not None) else "gt"
        if _none(place) and self.empty is not None:
            return Leg(leg.rows & Q(**{f"id__{past}": pk}), leg.by)
        # The first condition says nothing new; it is the one that an index can be entered with.
        further = Q(**{f"{self.field}__{past}e": value})
        return Leg(leg.rows & further & (Q(**{f"{self.field}__{past}": value}) | Q(**{f"id__{past}": pk})), leg.by)


def _none(place: Where) -> bool:
    return place[0] is None or place[0] == ""


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are, or that there are more than ``number``."""

    number: int
    capped: bool = False

    def __str__(self) -> str:
        return f"more than {self.number:,}" if self.capped else f"{self.number:,}"


def count(queryset: QuerySet[Any, Any], cap: int = CAP) -> Count:
    """How many, as far as ``cap``."""
    number = queryset.order_by()[: cap + 1].count()
    return Count(min(number, cap), capped=number > cap)


class Walk[M: Model]:
    """Through all of ``rows``, which an index leads through in this order."""

    def __init__(self, rows: QuerySet[M, M], order: Order, known: Count | None = None) -> None:
        self.rows, self.order = rows, order
        if known is not None:
            self.count = known

    @cached_property
    def count(self) -> Count:
        return count(self.rows)

    def take[R](
        self, shape: Shape[M, R], number: int, *, after: Where | None = None, before: Where | None = None
    ) -> list[R]:
        """So many rows, in reading order: from the beginning, next behind ``after``, or next in front of ``before``."""
        taken: list[R] = []
        for leg in self.order.legs(after, before):
            if len(taken) < number:
                taken += self._along(leg, shape, number - len(taken))
        return taken[::-1] if before else taken

    def _along[R](self, leg: Leg, shape: Shape[M, R], number: int) -> list[R]:
        rows = self.rows.filter(leg.rows).order_by(*leg.by)
        if self.order.elsewhere:  # indexes hold the ids, so that only the few rows of the page are read
            rows = self.rows.filter(pk__in=rows.values("pk")[:number]).order_by(*leg.by)
        return list(shape(rows)[:number])

    def standing(self, place: Where) -> tuple[Count, Count]:
        """How many rows stand before this place, and how many there are, from the first CAP rows in one query."""
        earlier = _any(self.order.legs(before=place))
        number = in_front = 0
        for leg in self.order.legs():
            if number <= CAP:
                first = self.rows.filter(leg.rows).order_by(*leg.by)[: CAP + 1]
                counted = first.aggregate(number=Number("pk"), in_front=Number("pk", filter=earlier))
                number, in_front = number + counted["number"], in_front + counted["in_front"]
        return _capped(in_front), _capped(number)


class NarrowedWalk[M: Model](Walk[M]):
    """Through more than CAP rows of ``whole``: matches nearby if they are everywhere, else all gathered and sorted."""

    def __init__(self, rows: QuerySet[M, M], order: Order, whole: QuerySet[M, M]) -> None:
        super().__init__(rows, order, Count(CAP, capped=True))
        self.whole = whole
        self.everywhere = True

    @override
    def take[R](
        self, shape: Shape[M, R], number: int, *, after: Where | None = None, before: Where | None = None
    ) -> list[R]:
        legs, gathered = self.order.legs(after, before), self.order.legs(after, before, gathered=True)
        taken: list[R] = []
        for leg, gathering in zip(legs, gathered, strict=True):
            wanted = number - len(taken)
            some = self._first(self._near(leg), gathering, shape, wanted) if wanted else []
            if len(some) < wanted:
                self.everywhere = False
                first = self._matches().filter(gathering.rows).order_by(*gathering.by).values("pk")[:wanted]
                some = self._first(self.whole.filter(pk__in=first), leg, shape, wanted)
            taken += some
        return taken[::-1] if before else taken

    def _near(self, leg: Leg) -> QuerySet[M, M]:
        """Matches among the next NEAR rows of the whole list, by their ids. Who sorts them by what an index knows leads
        PostgreSQL past these ids, through the whole index, when it wants but one.
        """
        ahead = self.whole.filter(leg.rows).order_by(*leg.by).values("pk")
        return self.rows.filter(pk__in=ahead[:NEAR])

    def _matches(self) -> QuerySet[M, M]:
        """All of them. An index alone tells SQLite their ids; asked for more at once, it reads every row there is."""
        if connections[self.rows.db].vendor == "sqlite":
            return self.whole.filter(pk__in=self.rows.order_by().values("pk"))
        return self.rows

    @staticmethod
    def _first[R](rows: QuerySet[M, M], leg: Leg, shape: Shape[M, R], number: int) -> list[R]:
        return list(shape(rows.order_by(*leg.by))[:number])

    @override
    def standing(self, place: Where) -> tuple[Count, Count]:
        before = self.rows.filter(_any(self.order.legs(before=place)))
        # Where matches are rare all of them are counted: stopping early is what makes databases guess.
        return count(before) if self.everywhere else _capped(before.count()), self.count


def walk[M: Model](rows: QuerySet[M, M], order: Order, narrowed_from: QuerySet[M, M] | None = None) -> Walk[M]:
    """The way through ``rows``. ``narrowed_from``: the whole list that a search or filter made them of."""
    if narrowed_from is None:
        return Walk(rows, order)
    ids = list(rows.order_by().values_list("pk", flat=True)[: CAP + 1])
    if len(ids) > CAP:
        return NarrowedWalk(rows, order, narrowed_from)
    return Walk(narrowed_from.filter(pk__in=ids), order, Count(len(ids)))


def _any(legs: list[Leg]) -> Q:
    """Rows of one leg or another."""
    return reduce(or_, (leg.rows for leg in legs))


def _capped(number: int) -> Count:
    return Count(min(number, CAP), capped=number > CAP)
