"""Lists, page by page, the way the real server hands them out.

A first list names no page. A page past the end is 404, and so may be an empty list; both are ends, not errors. The
three numbers may come as strings, and ``records`` is the size of a page, not the number of its entries.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from providers.announced import Announced
from providers.errors import BadRecord
from providers.parsing import count
from providers.replies import Reply
from providers.ticketing.faults import NoSuchPage

type Query = dict[str, str | int]
type Ask = Callable[[Query], Reply]


class Envelope(msgspec.Struct):
    total: object = None
    page: object = None
    records: object = None
    entries: msgspec.Raw = msgspec.Raw(b"[]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page. ``date``: the server's clock. ``is_last``: nothing comes after it. ``size``: of its pages, as it says.

    ``fell``: a page before announced more rows than this or a later one did, so some may have slipped by unread.
    """

    number: int
    rows: list[bytes]
    total: int
    is_last: bool
    date: datetime | None
    size: int
    fell: bool = False


def pages(ask: Ask, *, size: int, filters: Query | None = None, start: int = 1) -> Iterator[Listing]:
    """From page ``start`` to the end. Always at least one page, and the last one says so."""
    number, announced = start, Announced()
    while True:
        query: Query = {"records": size, **(filters or {}), **({"page": number} if number > 1 else {})}
        listing = _page(ask, query, number, size)
        announced.note(listing.total)
        yield replace(listing, fell=announced.fell)
        if listing.is_last:
            return
        number += 1


def _page(ask: Ask, query: Query, number: int, size: int) -> Listing:
    try:
        return _read(ask(query), number, size)
    except NoSuchPage:
        return Listing(number=number, rows=[], total=0, is_last=True, date=None, size=size)


def _read(reply: Reply, number: int, size: int) -> Listing:
    sent = reply.read(Envelope)
    try:
        total, per_page = count(sent.total, "total"), count(sent.records, "records")
    except BadRecord as error:
        raise reply.unreadable(str(error)) from None
    if total is None:
        raise reply.unreadable("total is missing")
    rows = _rows(reply, sent.entries)
    size = per_page or size
    is_last = number >= -(-total // size) or not rows
    return Listing(number=number, rows=rows, total=total, is_last=is_last, date=reply.date, size=size)


def _rows(reply: Reply, entries: msgspec.Raw) -> list[bytes]:
    if bytes(entries).strip() in (b"{}", b"null"):
        return []
    try:
        return [bytes(each) for each in msgspec.json.decode(entries, type=list[msgspec.Raw])]
    except msgspec.MsgspecError:
        raise reply.unreadable("entries is not a list") from None
