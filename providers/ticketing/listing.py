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
from providers.pages import KnownPage
from providers.parsing import count
from providers.replies import Reply
from providers.ticketing.faults import NoSuchPage

type Query = dict[str, str | int]
type Ask = Callable[[Query], Reply]
type Know = Callable[[int, Reply], KnownPage | None]
"""Whether the rows in this body of the page of this number are known already."""


class Envelope(msgspec.Struct):
    total: object = None
    page: object = None
    records: object = None
    entries: msgspec.Raw = msgspec.Raw(b"[]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page. ``date``: the server's clock. ``is_last``: nothing comes after it. ``size``: of its pages, as it says.

    ``fell``: a page before announced more rows than this or a later one did, so some may have slipped by unread.
    ``known``: the page whose rows these are, so that they were not read.
    """

    number: int
    rows: list[bytes]
    total: int
    is_last: bool
    date: datetime | None
    size: int
    fell: bool = False
    known: KnownPage | None = None
    body: bytes = b""

    def __len__(self) -> int:
        return len(self.rows) if self.known is None else len(self.known)


def pages(
    ask: Ask, *, size: int, filters: Query | None = None, start: int = 1, told: int = 0, know: Know | None = None
) -> Iterator[Listing]:
    """From page ``start`` to the end. Always at least one page, and the last one says so.

    ``told``: how many rows the page before ``start`` announced.
    """
    number, announced = start, Announced(told)
    while True:
        query: Query = {"records": size, **(filters or {}), **({"page": number} if number > 1 else {})}
        listing = _page(ask, query, number, size, know)
        announced.note(listing.total)
        yield replace(listing, fell=announced.fell)
        if listing.is_last:
            return
        number += 1


def _page(ask: Ask, query: Query, number: int, size: int, know: Know | None) -> Listing:
    try:
        reply = ask(query)
    except NoSuchPage:
        return Listing(number=number, rows=[], total=0, is_last=True, date=None, size=size)
    return _read(reply, number, size, know(number, reply) if know else None)


def _read(reply: Reply, number: int, size: int, known: KnownPage | None) -> Listing:
    around = _around(known, reply) if known else None
    sent = around or reply.read(Envelope)
    try:
        total, per_page = count(sent.total, "total"), count(sent.records, "records")
    except BadRecord as error:
        raise reply.unreadable(str(error)) from None
    if total is None:
        raise reply.unreadable("total is missing")
    rows = [] if around else _rows(reply, sent.entries)
    size = per_page or size
    return Listing(
        number=number,
        rows=rows,
        total=total,
        is_last=number >= -(-total // size) or not (rows or around),
        date=reply.date,
        size=size,
        known=known if around else None,
        body=reply.body,
    )


def _around(known: KnownPage, reply: Reply) -> Envelope | None:
    """The envelope of a page whose rows are known; None where they do not stand in it as in a list."""
    try:
        sent = msgspec.json.decode(known.without_rows(reply), type=Envelope)
        return None if msgspec.json.decode(sent.entries, type=list[msgspec.Raw]) else sent
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _rows(reply: Reply, entries: msgspec.Raw) -> list[bytes]:
    if bytes(entries).strip() in (b"{}", b"null"):
        return []
    try:
        return [bytes(each) for each in msgspec.json.decode(entries, type=list[msgspec.Raw])]
    except msgspec.MsgspecError:
        raise reply.unreadable("entries is not a list") from None
