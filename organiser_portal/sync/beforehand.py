"""Decoding and packing of records before their turn, while others are being written.

Where nothing is held yet, every record of a page will be wanted, so it is read while the database is busy with the one
before: by a process of its own where the walk is long and the machine has a core for it, else by the thread that
fetches. Elsewhere hardly any is wanted, and those few are read when they are.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from typing import NamedTuple

from providers.apart import Apart, Read
from providers.commonplaces import commonplaces
from providers.errors import BadRecord
from providers.packing import BY_ITSELF, Packing
from providers.port import Page, Provider, Received
from providers.records import Kind, Record

LONG = 5_000
"""Records promised, from which on a process of its own has paid for its start."""


class _Page:
    """What comes of the records of one page: there already, or when it is asked for."""

    def __init__(self, promise: Future[Sequence[Read | None]]) -> None:
        self._promise = promise
        self._done: Sequence[Read | None] | None = None

    def at(self, place: int) -> Read | None:
        """None: it is left to whoever wants it."""
        if self._done is None:
            self._done = self._promise.result()
        return self._done[place] if place < len(self._done) else None


class _Kept(NamedTuple):
    item: Received  # so that its id stays its own
    page: _Page
    place: int


class Beforehand:
    """What has been done already, by the id of the object. One thread adds, another takes away. Close it.

    ``packings``: by kind, what payloads have been packed with so far. The first page makes those that are missing.
    """

    def __init__(self, provider: Provider, packings: Mapping[str, Packing] | None = None) -> None:
        self._provider = provider
        self._packings = dict(packings or {})
        self._begun = False
        self._kept: dict[int, _Kept] = {}
        self._apart: Apart | None = None
        self._asked_for_one = False

    def prepare(self, page: Page) -> None:
        """Do the work for all of this page, or have it done."""
        if not self._begun:
            self._begun = True
            self._learn_what_is_common(page.items)
        if not self._asked_for_one and (page.promised or 0) >= LONG:
            self._asked_for_one = True
            self._apart = _beside(self._provider, self._packings)
        promise = self._apart.read(page.items) if self._apart and self._apart.ready else self._done_here(page.items)
        whole = _Page(promise)
        for place, item in enumerate(page.items):
            self._kept[id(item)] = _Kept(item, whole, place)

    def decode(self, item: Received) -> tuple[Record, ...]:
        """The record, then stubs of what it points at that its page had not named before. Raises BadRecord."""
        read = self._read(item)
        return self._provider.decode(item) if read is None else read.records

    def is_as_declared(self, item: Received) -> bool:
        """Whether it has been seen that the payload is as the provider declares; False: nobody has looked."""
        read = self._read(item)
        return read is not None and read.as_declared

    def packing(self, kind: Kind) -> Packing:
        """How payloads of this kind are packed in this run."""
        return self._packings.get(kind, BY_ITSELF)

    def learn(self, items: Sequence[Received]) -> None:
        """From what is stored of a connection that has no dictionary yet. Not once something was packed beforehand:
        that has been done without one.
        """
        if not self._begun:
            self._learn_what_is_common(items)

    def pack(self, item: Received) -> bytes:
        """The payload as it is kept."""
        read = self._read(item)
        return self.packing(item.kind).pack(item.payload) if read is None else read.packed

    def forget(self, items: Iterable[Received]) -> None:
        """These have had their turn."""
        if self._kept:
            for item in items:
                self._kept.pop(id(item), None)

    def close(self) -> None:
        """Nothing more will be prepared."""
        if self._apart is not None:
            self._apart.close()

    def _learn_what_is_common(self, items: Sequence[Received]) -> None:
        for kind, places in self._provider.impersonal.items():
            payloads = [item.payload for item in items if item.kind == kind]
            if kind not in self._packings and (dictionary := commonplaces(payloads, places)):
                self._packings[kind] = Packing(dictionary)

    def _read(self, item: Received) -> Read | None:
        kept = self._kept.get(id(item))
        return kept and kept.page.at(kept.place)

    def _done_here(self, items: Iterable[Received]) -> Future[Sequence[Read | None]]:
        done: Future[Sequence[Read | None]] = Future()
        done.set_result([self._tried(item) for item in items])
        return done

    def _tried(self, item: Received) -> Read | None:
        try:
            return Read(self._provider.decode(item), self.packing(item.kind).pack(item.payload))
        except BadRecord:
            return None  # and is found out again when its turn comes


def _beside(provider: Provider, packings: Mapping[str, Packing]) -> Apart | None:
    decode = provider.decoder()
    if decode is None or os.cpu_count() == 1:
        return None
    try:
        return Apart(decode, provider.contract, {kind: one.dictionary for kind, one in packings.items()})
    except OSError:  # no room for another process
        return None
