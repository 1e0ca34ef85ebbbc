"""A list: its columns, and what the address says about them (chosen columns, sort, page). Knows no HTTP.

view = ENTRIES.read(request.GET, sensitive=False)
page = view.page(queryset, everything=Entry.objects.of(organisation))   # for the screen
rows = view.rows(queryset)                                            # for a download: every row, the same columns
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet
from django.db.models.expressions import Combinable

from organiser_portal.core.columns import Cell, Column, Heading, Row
from organiser_portal.core.keyset import KeysetPage, Order, page, row_id

PAGE_SIZE = 50
HERE = {"after": None, "before": None}
"""What a link that changes the list takes out of the address: the place in the old one."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row as drawn: ``row`` has every field that was fetched, ``cells`` the chosen columns in order."""

    row: Any
    cells: list[Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """``needs`` are lookups fetched whatever is chosen; ``annotations`` what columns sort by beyond plain fields.

    ``sort`` is the key of the column one sees a new list by, with "-" in front for descending.
    """

    columns: tuple[Column, ...]
    sort: str
    needs: tuple[str, ...] = ()
    annotations: Mapping[str, Combinable] = field(default_factory=dict)

    def read(self, address: Mapping[str, Any], *, sensitive: bool = False, sort: str = "") -> "View":
        """What this address (a QueryDict) asks for. What it misspells or may not ask for is passed over.

        ``sort`` stands in for the table's own where the address names none.
        """
        offered = tuple(column for column in self.columns if sensitive or not column.sensitive)
        return View(
            table=self,
            offered=offered,
            chosen=_chosen(offered, _listed(address, "columns")),
            usual_sort=sort or self.sort,
            sort=_sort(offered, str(address.get("sort", "")), sort or self.sort),
            after=row_id(address.get("after")),
            before=row_id(address.get("before")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One table as one address asks for it."""

    table: Table
    offered: tuple[Column, ...]
    chosen: tuple[Column, ...]
    usual_sort: str
    sort: str
    after: int | None = None
    before: int | None = None

    @property
    def order(self) -> Order:
        column = next(column for column in self.table.columns if column.key == self.sort.removeprefix("-"))
        descending = self.sort.startswith("-")
        return Order(column.sort, descending=descending, nullable=column.nullable, blank=column.blank)

    @property
    def is_default_sort(self) -> bool:
        return self.sort == self.usual_sort

    @property
    def has_own_columns(self) -> bool:
        return self.chosen != _chosen(self.offered, [])

    @property
    def shows_sensitive(self) -> bool:
        return any(column.sensitive for column in self.chosen)

    @property
    def arranged(self) -> tuple[Column, ...]:
        """All that is offered, the chosen ones first and in their order."""
        return (*self.chosen, *(column for column in self.offered if column not in self.chosen))

    def headings(self) -> list[Heading]:
        return [self._heading(column) for column in self.chosen]

    def _heading(self, column: Column) -> Heading:
        if not column.sort:
            return Heading(column=column)
        aria = {column.key: "ascending", f"-{column.key}": "descending"}.get(self.sort, "")
        return Heading(column=column, aria=aria, press=f"-{column.key}" if aria == "ascending" else column.key)

    def page[M: Model](
        self,
        queryset: QuerySet[M, M],
        *,
        everything: QuerySet[M, M] | None = None,
        narrowed: bool = False,
        size: int = PAGE_SIZE,
    ) -> KeysetPage[Row]:
        """A page of plain rows: the fields of the chosen columns."""
        return self.objects(queryset, everything=everything, narrowed=narrowed, size=size, shape=self._values)

    def objects[M: Model, R](
        self,
        queryset: QuerySet[M, M],
        *,
        shape: Callable[[QuerySet[M, M]], QuerySet[M, R]],
        everything: QuerySet[M, M] | None = None,
        narrowed: bool = False,
        size: int = PAGE_SIZE,
    ) -> KeysetPage[R]:
        """A page of whatever ``shape`` makes of the few rows chosen."""
        return page(
            self.sortable(queryset),
            self.order,
            size=size,
            after=self.after,
            before=self.before,
            shape=shape,
            everything=None if everything is None else self.sortable(everything),
            narrowed=narrowed,
        )

    def lines(self, rows: Sequence[Row]) -> list[Line]:
        return [Line(row, [Cell(column, column.value(row)) for column in self.chosen]) for row in rows]

    def in_file(self) -> list[Column]:
        """The chosen columns as a file has them."""
        return [part for column in self.chosen for part in (column.parts or (column,))]

    def rows[M: Model](self, queryset: QuerySet[M, M]) -> QuerySet[M, dict[str, Any]]:
        """Every row, sorted, with the fields of the chosen columns; iterate it in chunks."""
        return self._values(self.sortable(queryset).order_by(*self.order.by()))

    def sortable[M: Model](self, queryset: QuerySet[M, M]) -> QuerySet[M, M]:
        """With what `order` sorts by."""
        wanted = self.table.annotations.get(self.order.field)
        return queryset.annotate(**{self.order.field: wanted}) if wanted is not None else queryset

    def _values[M: Model](self, queryset: QuerySet[M, M]) -> QuerySet[M, dict[str, Any]]:
        wanted = dict.fromkeys(("id", *self.table.needs))
        for column in self.chosen:
            wanted.update(dict.fromkeys(column.fields))
        return queryset.values(*wanted)


def _listed(address: Mapping[str, Any], name: str) -> list[str]:
    """``columns=a,b`` and ``columns=a&columns=b`` mean the same: links write the first, a form the second."""
    several = address.getlist(name) if hasattr(address, "getlist") else [str(address.get(name, ""))]
    return [part.strip() for text in several for part in text.split(",") if part.strip()]


def _chosen(offered: Sequence[Column], asked: Sequence[str]) -> tuple[Column, ...]:
    """In the order asked for; locked ones lead when they were left out; the default when nothing asked for exists."""
    known = {column.key: column for column in offered}
    picked = [known[key] for key in dict.fromkeys(asked) if key in known]
    if not picked:
        return tuple(column for column in offered if column.default or column.locked)
    return (*(column for column in offered if column.locked and column not in picked), *picked)


def _sort(offered: Sequence[Column], asked: str, default: str) -> str:
    sortable = {column.key for column in offered if column.sort}
    return asked if asked.removeprefix("-") in sortable else default
