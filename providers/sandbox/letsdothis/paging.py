"""Cursors, as the sheet says and as the switches bend them."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from providers.sandbox.letsdothis.listing import Key, Listing, Query, View
from providers.sandbox.letsdothis.objects import Row
from providers.sandbox.letsdothis.queries import bad_query, read_cursors, read_query
from providers.sandbox.letsdothis.switches import Switches


class BadCursor(Exception):
    """The cursor names no row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The rows of one page, and its ``page`` object."""

    rows: list[Row]
    page: dict[str, object]


class Pager:
    """Cursors are resolved by record: if the row under one has moved, so has the cursor. Opaque ones keep the place."""

    def __init__(self, listing: Listing, switches: Switches) -> None:
        self._listing = listing
        self._switches = switches

    def window(
        self, query: Query, accepts: Callable[[Row], bool] | None, *, after: str = "", before: str = ""
    ) -> Window:
        """One page. Raises BadCursor."""
        view = self._listing.view(query, accepts)
        start, end = self._span(view, query.size, after, before)
        rows = view.rows[start:end]
        return Window(rows=rows, page=self._page(view, start, end, rows, after))

    def _span(self, view: View, size: int, after: str, before: str) -> tuple[int, int]:
        if before:
            end = view.before(self._key(view, before))
            return max(0, end - size), end
        start = 0
        if after:
            key = self._key(view, after)
            start = view.before(key) if self._repeats_a_row() else view.after(key)
        return start, min(start + size, len(view.rows))

    def _repeats_a_row(self) -> bool:
        if self._switches.inclusive_cursors:
            return True
        if self._switches.duplicate_rows > 0:
            self._switches.duplicate_rows -= 1
            return True
        return False

    def _page(self, view: View, start: int, end: int, rows: list[Row], after: str) -> dict[str, object]:
        echo = self._switches.echo_next
        first = self._cursor(view, rows[0]) if rows else None
        last = self._cursor(view, rows[-1]) if rows else None
        more = end < len(view.rows)
        return {
            "totalResults": len(view.rows),
            "first": first,
            "last": last,
            "prev": first if rows and (start > 0 or echo) else None,
            "next": last if rows and (more or echo) else (after or None) if echo else None,
        }

    def _cursor(self, view: View, row: Row) -> str:
        if not self._switches.opaque_cursors:
            return row.id
        return base64.urlsafe_b64encode(msgspec.json.encode(view.key(row))).decode().rstrip("=")

    def _key(self, view: View, cursor: str) -> Key:
        if self._switches.opaque_cursors:
            return _unpacked(cursor)
        row = self._listing.get(cursor)
        if row is None:
            raise BadCursor(cursor)
        return view.key(row)


def window(
    listing: Listing,
    switches: Switches,
    asked: Mapping[str, str],
    accepts: Callable[[Row], bool] | None = None,
    scope: tuple[str, ...] = (),
) -> Window:
    """The page that these query parameters ask for. Raises Refusal."""
    query = read_query(asked, scope)
    after, before = read_cursors(asked)
    try:
        return Pager(listing, switches).window(query, accepts, after=after, before=before)
    except BadCursor as error:
        raise bad_query("page[after]" if after else "page[before]", "is not a known cursor") from error


def _unpacked(cursor: str) -> Key:
    try:
        packed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return msgspec.json.decode(packed, type=tuple[int, str])
    except (binascii.Error, msgspec.DecodeError, ValueError) as error:
        raise BadCursor(cursor) from error
