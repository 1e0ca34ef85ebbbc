"""Ordered rows: two indexes kept in order by insertion, and cursors found by bisection."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Literal

from providers.sandbox.letsdothis.objects import Row

type SortBy = Literal["created", "updated"]
type Key = tuple[int, str]

CACHED_VIEWS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a listing is asked for. Bounds are milliseconds, strict. ``scope`` names the filter ``accepts``."""

    sort: SortBy = "created"
    descending: bool = False
    created_after: int | None = None
    created_before: int | None = None
    updated_after: int | None = None
    updated_before: int | None = None
    scope: tuple[str, ...] = ()
    size: int = 100


class View:
    """Rows in one order. Keys rise along it, also in a descending one (times are negated there)."""

    def __init__(self, rows: list[Row], sort: SortBy, *, descending: bool) -> None:
        self.rows = rows
        self.key = _key(sort, descending=descending)

    def before(self, key: Key) -> int:
        return bisect_left(self.rows, key, key=self.key)

    def after(self, key: Key) -> int:
        return bisect_right(self.rows, key, key=self.key)


def _key(sort: SortBy, *, descending: bool) -> Callable[[Row], Key]:
    if descending:
        return lambda row: (-int(getattr(row, sort)), row.id)
    return attrgetter(sort, "id")


class Listing:
    """All rows of one kind of one organiser."""

    def __init__(self) -> None:
        self._by_id: dict[str, Row] = {}
        self._indexes: dict[SortBy, list[Row]] = {"created": [], "updated": []}
        self._late: list[tuple[int, Row]] = []
        self._views: dict[Query, View] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[Row]:
        """In order of creation; late rows not yet."""
        return iter(self._indexes["created"])

    def get(self, row_id: str) -> Row | None:
        return self._by_id.get(row_id)

    def fill(self, rows: Iterable[Row]) -> None:
        """Put many in at once."""
        self._by_id.update((row.id, row) for row in rows)
        for sort, index in self._indexes.items():
            index[:] = sorted(self._by_id.values(), key=_key(sort, descending=False))
        self._views.clear()

    def add(self, row: Row) -> None:
        self._by_id[row.id] = row
        for sort, index in self._indexes.items():
            insort(index, row, key=_key(sort, descending=False))
        self._views.clear()

    def add_late(self, row: Row, visible_from: int) -> None:
        """A row that has its times already and is seen only from ``visible_from`` on."""
        self._late.append((visible_from, row))

    def release(self, now: int) -> None:
        """Show the late rows whose time has come."""
        due = [row for visible_from, row in self._late if visible_from <= now]
        if due:
            self._late = [late for late in self._late if late[0] > now]
            for row in due:
                self.add(row)

    def remove(self, row: Row) -> None:
        self._unindex(row)
        del self._by_id[row.id]

    def restamp(self, row: Row, *, updated: int | None = None, created: int | None = None) -> None:
        """Give a row other times, keeping the order."""
        self._unindex(row)
        row.updated = row.updated if updated is None else updated
        row.created = row.created if created is None else created
        self.add(row)

    def _unindex(self, row: Row) -> None:
        for sort, index in self._indexes.items():
            key = _key(sort, descending=False)
            del index[bisect_left(index, key(row), key=key)]
        self._views.clear()

    def view(self, query: Query, accepts: Callable[[Row], bool] | None) -> View:
        """The matching rows in order; made once per query and kept until something changes."""
        if query not in self._views:
            if len(self._views) >= CACHED_VIEWS:
                self._views.clear()
            self._views[query] = self._view(query, accepts)
        return self._views[query]

    def _view(self, query: Query, accepts: Callable[[Row], bool] | None) -> View:
        rows = self._indexes[query.sort]
        if accepts is not None:
            rows = [row for row in rows if accepts(row)]
        for name, low, high in (
            ("created", query.created_after, query.created_before),
            ("updated", query.updated_after, query.updated_before),
        ):
            time = attrgetter(name)
            if low is not None:
                rows = [row for row in rows if time(row) > low]
            if high is not None:
                rows = [row for row in rows if time(row) < high]
        if query.descending:
            rows = sorted(rows, key=_key(query.sort, descending=True))
        return View(rows, query.sort, descending=query.descending)
