"""Pages by key instead of by number: every page costs the same, and rows that arrive meanwhile shift nothing.

A page is asked for by the id of the row it follows or precedes. The address so holds no personal data (a sort value
may be a name); the row's sort value is looked up, which also spares us every question of types and time zones.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from organiser_portal.core.walks import CAP, Count, Order, Walk, Where, count, walk

__all__ = ["CAP", "Count", "KeysetPage", "Order", "Place", "count", "page", "place_in", "row_id"]


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


def page[M: Model, R](
    queryset: QuerySet[M, M],
    order: Order,
    *,
    size: int,
    after: int | None = None,
    before: int | None = None,
    shape: Callable[[QuerySet[M, M]], QuerySet[M, R]],
    everything: QuerySet[M, M] | None = None,
    narrowed: bool = False,
) -> KeysetPage[R]:
    """One page of ``queryset``. ``shape`` makes the rows (``.values(...)`` with "id", or prefetches) of the few chosen.

    ``everything`` is where the row named by ``after`` or ``before`` is looked up: it may no longer match the filters.
    A row that is gone means the first page. ``narrowed``: filters made ``queryset`` of ``everything``, and no index
    leads through what they left. At most four queries, seven of a narrowed list, whatever the size of the table.
    """
    whole = everything if everything is not None else queryset
    rows = walk(queryset, order, whole if narrowed else None)
    place = _place(whole, order, after or before)
    if place and after:
        some = rows.take(shape, size + 1, after=place)
        if some:
            just_behind = (place[0], place[1] + (-1 if order.descending else 1))
            return _placed(rows, just_behind, some[:size], more=len(some) > size)
    elif place and before:
        some = rows.take(shape, size + 1, before=place)
        if len(some) >= size:  # fewer in front of it: that is the first page, so it is filled below
            return _placed(rows, place, some[-size:], more=True, shown=size)
    some = rows.take(shape, size + 1)
    more = len(some) > size
    return _page(some[:size], rows.count if more else Count(len(some)), Count(1), more=more)


def _placed[M: Model, R](rows: Walk[M], place: Where, some: list[R], *, more: bool, shown: int = 0) -> KeysetPage[R]:
    """``place`` is where ``some`` begin, or where they end: then ``shown`` of those in front of it are theirs."""
    in_front, number = rows.standing(place)
    further = in_front.number - shown
    return _page(some, number, Count(further, capped=True) if in_front.capped else Count(further + 1), more=more)


def _page[R](rows: list[R], known: Count, first: Count, *, more: bool) -> KeysetPage[R]:
    return KeysetPage(
        rows=rows,
        count=known,
        first=first,
        previous=_pk(rows[0]) if rows and (first.capped or first.number > 1) else None,
        next=_pk(rows[-1]) if rows and more else None,
    )


def _place[M: Model](queryset: QuerySet[M, M], order: Order, pk: int | None) -> Where | None:
    value = queryset.filter(pk=pk).values_list(order.field).first() if pk else None
    return (value[0], pk) if value and pk else None


def _pk(row: Any) -> int:
    return int(row["id"] if isinstance(row, dict) else row.pk)


def place_in[M: Model](
    queryset: QuerySet[M, M], order: Order, pk: int, *, everything: QuerySet[M, M] | None = None
) -> Place | None:
    """Where this row stands; None when it is not among them. Four queries, nine in a narrowed list, however many
    there are.

    ``everything`` is what ``queryset`` was narrowed from, if it was.
    """
    place = _place(queryset, order, pk)
    if place is None:
        return None
    rows = walk(queryset, order, everything)
    previous, following = rows.take(_ids, 1, before=place), rows.take(_ids, 1, after=place)
    in_front, number = rows.standing(place)
    return Place(
        previous=_pk(previous[0]) if previous else None,
        next=_pk(following[0]) if following else None,
        number=in_front if in_front.capped else Count(in_front.number + 1),
        count=number,
    )


def _ids[M: Model](queryset: QuerySet[M, M]) -> QuerySet[M, dict[str, Any]]:
    return queryset.values("id")
