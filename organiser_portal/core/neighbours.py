"""A record's place in the list it was opened from: who stands before and after it, and where it stands itself."""

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict

from organiser_portal.core.address import put, tidy
from organiser_portal.core.keyset import Count, Place

LIST = "in"
"""``?in=entries`` in the address of a record: it was opened from the list that the rest of the address asks for."""
TAB = "tab"
"""Which part of itself a record shows: nothing that its list is asked."""
PANEL = "panel"
"""The id of where a record stands beside its list."""


class Sorted(Protocol):
    """A list as an address asks for it."""

    def place_of(self, pk: int) -> Place | None:
        """Where this row stands; None when it is not in the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """Ids, None at either end. ``number`` of ``count``, both capped. ``query`` asks for the list once more.

    ``number`` None: it does not match what the list is asked, such as after an edit.
    """

    previous: int | None = None
    next: int | None = None
    number: Count | None = None
    count: Count | None = None
    query: str

    def __str__(self) -> str:
        """ "17 of 2,417"."""
        if self.number is None:
            return "not in this list any more"
        return f"beyond the first {self.number.number:,}" if self.number.capped else f"{self.number} of {self.count}"


def opened_from(request: HttpRequest, many: str, list_path: str) -> QueryDict:
    """The request's own address, tidy. A record that is drawn beside its list belongs to that list, even if one of its
    forms led here and not a row: what the browser then shows is the list's address.
    """
    query, htmx = tidy(request), getattr(request, "htmx", None)
    if LIST in query or not htmx or htmx.target != PANEL:
        return query
    shown = urlsplit(htmx.current_url or "")
    if shown.path != list_path:
        return query
    query = asked_of(QueryDict(shown.query))
    query[LIST] = many
    put(request, query)
    return query


def neighbours(selection: Sorted, pk: int, address: QueryDict) -> Neighbours | None:
    """``selection`` is the list that ``address`` asks for. None when the record was not opened from one."""
    if LIST not in address:
        return None
    place = selection.place_of(pk)
    if place is None:
        return Neighbours(query=asked(address))
    return Neighbours(
        previous=place.previous, next=place.next, number=place.number, count=place.count, query=asked(address)
    )


def asked(address: QueryDict) -> str:
    """The address of the list, without where in it one is."""
    return asked_of(address).urlencode(safe=",")


def asked_of(address: QueryDict) -> QueryDict:
    """The same, by name."""
    query = address.copy()
    for name in (LIST, "after", "before", "open", TAB):
        query.pop(name, None)
    return query


def record_address(list_path: str, many: str, pk: int, address: QueryDict) -> str:
    """Where a row of the list at ``list_path`` leads: its record, which knows its neighbours there."""
    query = asked(address)
    return f"{list_path}{pk}/?{LIST}={many}{f'&{query}' if query else ''}"
