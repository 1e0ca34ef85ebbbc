"""One collection of TickeTing's, and what is done with the things in it: all are read and written alike."""

from collections.abc import Callable, Iterator, Mapping

import msgspec

from providers.ticketing.api import Api
from providers.ticketing.listing import Query
from providers.ticketing.payloads import any_json
from providers.ticketing.uris import part

type Told = dict[str, object]


class Shelf[T]:
    """``path``: of the collection. ``read`` makes one thing of what TickeTing says of it.

    Raises NotFound for what is not there, AccessDenied for what this key may not, Refused for what TickeTing rejects.
    """

    def __init__(self, api: Api, path: str, read: Callable[[Told], T]) -> None:
        self._api = api
        self._path = path
        self._read = read

    def all(self, **filters: str | bool | None) -> list[T]:
        """Those that match; a filter that is "" or None is left out."""
        return [self._read(told) for told in self._told(_query(filters))]

    def one(self, thing_id: str) -> T:
        return self._read(self._api.get(self._of(thing_id)).read(dict[str, object]))

    def add(self, body: Mapping[str, object]) -> T:
        """``body`` by TickeTing's own names. Gives what it made of it."""
        return self._read(self._api.send("POST", self._path, body).read(dict[str, object]))

    def save(self, thing_id: str, body: Mapping[str, object]) -> None:
        """Replaces the whole thing."""
        self._api.send("PUT", self._of(thing_id), body)

    def remove(self, thing_id: str) -> None:
        self._api.send("DELETE", self._of(thing_id))

    def _of(self, thing_id: str) -> str:
        return f"{self._path}/{part(thing_id)}"

    def _told(self, query: Query) -> Iterator[Told]:
        for listing in self._api.pages(self._path, query):
            for raw in listing.rows:
                told = any_json(msgspec.Raw(raw))
                if isinstance(told, dict):
                    yield told


def _query(filters: Mapping[str, str | bool | None]) -> Query:
    words = {True: "true", False: "false"}
    given = {name: value for name, value in filters.items() if value not in ("", None)}
    return {name: words[value] if isinstance(value, bool) else str(value) for name, value in given.items()}
