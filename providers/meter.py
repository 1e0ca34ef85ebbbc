"""Pages that say what they cost on the wire since the page before."""

from collections.abc import Iterable
from typing import Any

from providers.http import Http
from providers.port import Page, Received, Rejected


class Meter:
    """Makes the pages of one walk: each bears the requests and bytes since the one before."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self._requests, self._bytes = http.requests, http.bytes

    def page(self, found: Iterable[Received | Rejected] = (), **facts: Any) -> Page:
        found = list(found)
        requests, read_bytes = self._http.requests - self._requests, self._http.bytes - self._bytes
        self._requests, self._bytes = self._http.requests, self._http.bytes
        return Page(
            items=tuple(each for each in found if isinstance(each, Received)),
            rejected=tuple(each for each in found if isinstance(each, Rejected)),
            requests=requests,
            bytes=read_bytes,
            **facts,
        )
