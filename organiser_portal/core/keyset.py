"""Pages by key instead of by number: every page costs the same, and rows that arrive meanwhile shift nothing.

A page is asked for by the id of the row it follows or precedes. The address so holds no personal data (a sort value
may be a name); the row's sort value is looked up, which also spares us every question of types and time zones.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy

CAP = 10_000
"""Counting stops here: an honest "more than 10,000" costs little, an exact figure may not."""


@dataclass(frozen=True, slots=True)
class Order:
    """By one lookup, then by id in the same direction. Rows without a value come last, whichever the direction."""

    field: str
    descending: bool = False
    nullable: bool = False

    def by(self, *, backwards: bool = False) -> tuple[OrderBy, OrderBy]:
        downwards = self.descending is not backwards
        return self._step(self.field, downwards, nulls_first=backwards), self._step("id", downwards)

    def _step(self, field: str, downwards: bool, nulls_first: bool = False) -> OrderBy:
        # Saying where nulls go keeps databases from using an index, so it is said only where there can be any.
        nulls: dict[str, bool] = {}
        if self.nullable and field == self.field:
            nulls = {"nulls_first": True} if nulls_first else {"nulls_last": True}
        return F(field).desc(**nulls) if downwards else F(field).asc(**nulls)

    def after(self, value: Any, pk: int) -> Q:
        """Rows behind this one."""
        past = "lt" if self.descending else "gt"
        if value is None:
            return Q(**{f"{self.field}__isnull": True, f"id__{past}": pk})
        further = self._beyond(past, value, pk)
        return further | Q(**{f"{self.field}__isnull": True}) if self.nullable else further

    def before(self, value: Any, pk: int) -> Q:
        """Rows in front of this one."""
        past = "gt" if self.descending else "lt"
        if value is None:
            return Q(**{f"{self.field}__isnull": False}) | Q(**{f"id__{past}": pk})
        return self._beyond(past, value, pk)

    def _beyond(self, past: str, value: Any, pk: int) -> Q:
        # The first condition says nothing new; it is the one that an index can be entered with.
        return Q(**{f"{self.field}__{past}e": value}) & (
            Q(**{f"{self.field}__{past}": value}) | Q(**{f"id__{past}": pk})
        )


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are, or that there are more than ``number``."""

    number: int
    capped: bool = False

    def __str__(self) -> str:
        return f"more than {self.number:,}" if self.capped else f"{self.number:,}"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysetPage[R]:
    """``rows`` with their place in the whole. ``previous`` and ``next`` are ids to ask the neighbours by, or None."""

    rows: list[R]
    count: Count
    first: Count
    previous: int | None
    next: int | None

    def __str__(self) -> str:
        """ "51–100 of 2,412"."""
        if not self.rows:
            return "None"
        if self.first.capped:
            return f"{len(self.rows)} beyond the first {self.first.number:,}"
        last = self.first.number + len(self.rows) - 1
        return f"{self.first}–{last:,} of {self.count}" if len(self.rows) > 1 else f"{self.first} of {self.count}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One row's place in a sorted whole: its neighbours' ids, None at the ends."""

    previous: int | None
    next: int | None
    number: Count
    count: Count


def row_id(text: object) -> int | None:
    """The id that an address names; None where it names none."""
    digits = str(text or "")
    return int(digits) if digits.isdecimal() and len(digits) < 19 else None


def count(queryset: QuerySet[Any, Any], cap: int = CAP) -> Count:
    number = queryset.order_by()[: cap + 1].count()
    return Count(min(number, cap), capped=number > cap)


def page[M: Model, R](
    queryset: QuerySet[M, M],
    order: Order,
    *,
    size: int,
    after: int | None = None,
    before: int | None = None,
    shape: Callable[[QuerySet[M, M]], QuerySet[M, R]],
    everything: QuerySet[M, M] | None = None,
) -> KeysetPage[R]:
    """One page of ``queryset``. ``shape`` makes the rows (``.values(...)`` with "id", or prefetches) of the few chosen.

    ``everything`` is where the row named by ``after`` or ``before`` is looked up: it may no longer match the filters.
    A row that is gone means the first page. At most five queries, whatever the size of the table.
    """
    place = _place(everything if everything is not None else queryset, order, after or before)
    if place and after:
        rows = _take(queryset.filter(order.after(*place)), order, size, shape)
        if rows:
            return _placed(queryset, order, rows[:size], more=len(rows) > size)
    elif place and before:
        rows = _take(queryset.filter(order.before(*place)), order, size, shape, backwards=True)
        if len(rows) >= size:  # fewer in front of it: that is the first page, so it is filled below
            return _placed(queryset, order, rows[-size:], more=True)
    rows = _take(queryset, order, size, shape)
    more = len(rows) > size
    return _page(rows[:size], count(queryset) if more else Count(len(rows)), Count(1), more=more)


def _take[M: Model, R](
    queryset: QuerySet[M, M],
    order: Order,
    size: int,
    shape: Callable[[QuerySet[M, M]], QuerySet[M, R]],
    *,
    backwards: bool = False,
) -> list[R]:
    """One row more than asked for, so that one knows whether there is more; in reading order."""
    rows = list(shape(queryset.order_by(*order.by(backwards=backwards)))[: size + 1])
    return rows[::-1] if backwards else rows


def _placed[M: Model, R](queryset: QuerySet[M, M], order: Order, rows: list[R], *, more: bool) -> KeysetPage[R]:
    place = _place(queryset, order, _pk(rows[0]))
    in_front = count(queryset.filter(order.before(*place))) if place else Count(0)
    first = in_front if in_front.capped else Count(in_front.number + 1)
    return _page(rows, count(queryset), first, more=more)


def _page[R](rows: list[R], known: Count, first: Count, *, more: bool) -> KeysetPage[R]:
    return KeysetPage(
        rows=rows,
        count=known,
        first=first,
        previous=_pk(rows[0]) if rows and (first.capped or first.number > 1) else None,
        next=_pk(rows[-1]) if rows and more else None,
    )


def _place[M: Model](queryset: QuerySet[M, M], order: Order, pk: int | None) -> tuple[Any, int] | None:
    value = queryset.filter(pk=pk).values_list(order.field).first() if pk else None
    return (value[0], pk) if value and pk else None


def _pk(row: Any) -> int:
    return int(row["id"] if isinstance(row, dict) else row.pk)


def place_in[M: Model](queryset: QuerySet[M, M], order: Order, pk: int) -> Place | None:
    """Where this row stands; None when it is not among them. Five queries, whatever the size of the table."""
    place = _place(queryset, order, pk)
    if place is None:
        return None
    before, after = queryset.filter(order.before(*place)), queryset.filter(order.after(*place))
    in_front = count(before)
    return Place(
        previous=before.order_by(*order.by(backwards=True)).values_list("pk", flat=True).first(),
        next=after.order_by(*order.by()).values_list("pk", flat=True).first(),
        number=in_front if in_front.capped else Count(in_front.number + 1),
        count=count(queryset),
    )
