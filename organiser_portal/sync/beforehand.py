"""Decoding and packing of records before their turn, while others are being written.

Where nothing is held yet, every record of a page will be wanted, so it is read while the database is busy with the one
before: by a process of its own where the walk is long and the machine has a core for it, else by the thread that
fetches. Elsewhere hardly any is wanted, and those few are read when they are.
"""

import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from itertools import chain, repeat

from providers.apart import Apart, Read, Writer
from providers.commonplaces import commonplaces
from providers.errors import BadRecord
from providers.packing import BY_ITSELF, Packing
from providers.port import Page, Provider, Received
from providers.records import Kind, Record
from providers.written import WrittenEntry

LONG = 5_000
"""Records promised, from which on a process of its own has paid for its start."""


class Beforehand:
    """What has been done already. One thread prepares pages, another gives them their turn in that order. Close it.

    ``packings``: by kind, what payloads have been packed with so far. The first page makes those that are missing.
    ``write``: what writes entries down in that process of its own.
    """

    def __init__(
        self,
        provider: Provider,
        packings: Mapping[str, Packing] | None = None,
        write: Writer | None = None,
    ) -> None:
        self._provider = provider
        self._packings = dict(packings or {})
        self._write = write
        self._begun = False
        self._prepared: deque[tuple[Sequence[Received], Future[Sequence[Read | None]]]] = deque()
        self._read: Mapping[int, Read | None] = {}  # by the id of the object: of two that say the same, each is one
        self._apart: Apart | None = None
        self._asked_for_one = False

    def prepare(self, page: Page) -> None:
        """Do the work for all of this page, or have it done."""
        if not self._begun:
            self._begun = True
            self._learn_what_is_common(page.items)
        if not self._asked_for_one and (page.promised or 0) >= LONG:
            self._asked_for_one = True
            self._apart = _beside(self._provider, self._packings, self._write)
        promise = self._apart.read(page.items) if self._apart and self._apart.ready else self._done_here(page.items)
        self._prepared.append((page.items, promise))

    def begin(self, items: Sequence[Received]) -> None:
        """It is the turn of these, who came in one page or several. Returns when they are read."""
        read: dict[int, Read | None] = {}
        while self._prepared and len(read) < len(items):
            some, promise = self._prepared.popleft()
            # Fewer, where nobody was left to read them.
            read |= zip(map(id, some), chain(promise.result(), repeat(None)), strict=False)
        self._read = read

    def decode(self, item: Received, *, unheld: bool = False) -> tuple[Record, ...]:
        """The record, then stubs of what it points at that its page had not named before. Raises BadRecord.

        ``unheld``: there is no row of it to be compared with, so that one that is written down will do.
        """
        read = self._read.get(id(item))
        if read is None or (isinstance(read.records[0], WrittenEntry) and not unheld):
            return self._provider.decode(item)
        return read.records

    def not_as_declared(self, items: Iterable[Received]) -> list[Received]:
        """Those of which nobody has seen that their payload is as the provider declares."""
        return [item for item, read in self._with_what_was_read(items) if read is None or not read.as_declared]

    def packing(self, kind: Kind) -> Packing:
        """How payloads of this kind are packed in this run."""
        return self._packings.get(kind, BY_ITSELF)

    def packed(self, items: Iterable[Received]) -> list[bytes]:
        """Their payloads as they are kept."""
        return [
            self.packing(item.kind).pack(item.payload) if read is None else read.packed
            for item, read in self._with_what_was_read(items)
        ]

    def learn(self, items: Sequence[Received]) -> None:
        """From what is stored of a connection that has no dictionary yet. Not once something was packed beforehand:
        that has been done without one.
        """
        if not self._begun:
            self._learn_what_is_common(items)

    def end(self) -> None:
        """They have had their turn."""
        self._read = {}

    def close(self) -> None:
        """Nothing more will be prepared."""
        if self._apart is not None:
            self._apart.close()

    def _learn_what_is_common(self, items: Sequence[Received]) -> None:
        for kind, places in self._provider.impersonal.items():
            payloads = [item.payload for item in items if item.kind == kind]
            if kind not in self._packings and (dictionary := commonplaces(payloads, places)):
                self._packings[kind] = Packing(dictionary)

    def _with_what_was_read(self, items: Iterable[Received]) -> Iterator[tuple[Received, Read | None]]:
        return ((item, self._read.get(id(item))) for item in items)

    def _done_here(self, items: Iterable[Received]) -> Future[Sequence[Read | None]]:
        done: Future[Sequence[Read | None]] = Future()
        done.set_result([self._tried(item) for item in items])
        return done

    def _tried(self, item: Received) -> Read | None:
        try:
            return Read(self._provider.decode(item), self.packing(item.kind).pack(item.payload))
        except BadRecord:
            return None  # and is found out again when its turn comes


def _beside(provider: Provider, packings: Mapping[str, Packing], write: Writer | None) -> Apart | None:
    decode = provider.decoder()
    if decode is None or os.cpu_count() == 1:
        return None
    try:
        return Apart(decode, provider.contract, {kind: one.dictionary for kind, one in packings.items()}, write)
    except OSError:  # no room for another process
        return None
