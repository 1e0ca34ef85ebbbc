"""Pages that say what they cost on the wire since the page before."""

from collections.abc import Iterable
from typing import Any

from providers.http import Http
from providers.port import Page, Received, Rejected


class Meter:
    """Makes the pages of one walk: each bears the requests and bytes since the one before."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self._told = http.cost

    def page(self, found: Iterable[Received | Rejected] = (), **facts: Any) -> Page:
        found = list(found)
        cost, self._told = self._http.cost.since(self._told), self._http.cost
        return Page(
            items=tuple(each for each in found if isinstance(each, Received)),
            rejected=tuple(each for each in found if isinstance(each, Rejected)),
            requests=cost.requests,
            bytes=cost.bytes,
            **facts,
        )
