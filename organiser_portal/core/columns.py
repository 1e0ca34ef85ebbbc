"""A column of a list: one declaration that the page, the address, the sort and the download all read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

type Row = Mapping[str, Any]
"""One row as ``QuerySet.values()`` gives it, or what stands for it: field lookup → value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What a column is called, what it reads and how it sorts.

    ``fields`` are the lookups it needs; ``read`` makes the plain value from a row (default: the first field).
    ``kind`` tells the template how to draw it. ``sort`` is a lookup or an annotation of the table, "" when one cannot
    sort by it; ``nullable`` when that may be None, ``blank`` which rows have nothing to sort by where that is not just
    None: they come last. ``default`` columns are shown when nothing was chosen, ``locked`` ones always. ``sensitive``
    ones are there only for those who may see medical and emergency data. ``parts`` stand in its place in a file: a
    page says a name in one column, a file in two. ``phone`` columns stand in the list on a phone too, as locked ones
    do; the others are a second line there, or a page further on.
    """

    key: str
    heading: str
    fields: tuple[str, ...] = ()
    read: Callable[[Row], Any] | None = None
    kind: str = "text"
    sort: str = ""
    nullable: bool = False
    blank: Q | None = None
    numeric: bool = False
    default: bool = False
    locked: bool = False
    sensitive: bool = False
    phone: bool = False
    parts: tuple["Column", ...] = ()

    @property
    def css(self) -> str:
        """The classes of its heading and of its cells."""
        lead = "w-100 who" if self.locked else ""
        narrow = "" if self.locked or self.phone else "d-none d-lg-table-cell"
        return " ".join(filter(None, (lead, "num" if self.numeric else "", narrow)))

    def value(self, row: Row) -> Any:
        return self.read(row) if self.read else row[self.fields[0]]


@dataclass(frozen=True, slots=True)
class Cell:
    column: Column
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading as drawn. ``aria``: "ascending", "descending" or ""; ``press``: the sort that pressing it asks for."""

    column: Column
    aria: str = ""
    press: str = ""
