"""Decoding of records, and packing of what they came as, before their turn, while others are being written.

Where nothing is held yet, every record of a page will be wanted, so it is read while the database is busy with the one
before: by processes of their own where the walk is long and the machine has a core for them, else by the thread that
fetches. Elsewhere hardly any is wanted, and those few are read when they are.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from itertools import chain, repeat

from providers.apart import Apart, Read, ReadPage, Writer, read_page
from providers.bundles import Bundle
from providers.contract import Contract
from providers.errors import BadRecord
from providers.port import Decode, Page, Provider, Received
from providers.records import Record
from providers.written import WrittenEntry

LONG = 5_000
"""Records promised, from which on a process of its own has paid for its start; twice as many, and so have two."""
MOST_APART = 2
"""Processes. One is late whenever the database is not busy; more than two are faster than whoever stores."""
PATIENCE = 30.0
"""Seconds for a page that takes a tenth of one, on a machine with no time for it: what one that stands still costs."""


class Beforehand:
    """What has been done already. One thread prepares pages, another gives them their turn in that order. Close it.

    ``write``: what writes entries down in those processes of their own. ``patience``: how long one of them is waited
    for when it is the turn of what it reads, until it is given up.
    """

    def __init__(self, provider: Provider, write: Writer | None = None, *, patience: float = PATIENCE) -> None:
        self._provider = provider
        self._decoder = provider.decoder()
        self._write = write
        self._patience = patience
        self._prepared: deque[tuple[Sequence[Received], Callable[[], ReadPage]]] = deque()
        self._read: Mapping[int, Read | None] = {}  # by the id of the object: of two that say the same, each is one
        self._bundles: list[tuple[Sequence[Received], Bundle]] = []
        self._apart: list[Apart] = []
        self._turn = 0
        self._begun = False

    def prepare(self, page: Page) -> None:
        """Do the work for all of this page, or have it done."""
        promised = page.promised or 0
        if not self._begun and promised >= LONG:
            self._begun = True
            self._apart = _beside(promised, self._decoder, self._provider.contract, self._write)
        self._prepared.append((page.items, self._read_apart(page.items) or self._done_here(page.items)))

    def begin(self, items: Sequence[Received]) -> None:
        """It is the turn of these, who came in one page or several. Returns when they are read."""
        read: dict[int, Read | None] = {}
        self._bundles = []
        while self._prepared and len(read) < len(items):
            some, answer = self._prepared.popleft()
            page = answer()
            # Fewer, where nobody was left to read them.
            read |= zip(map(id, some), chain(page.read, repeat(None)), strict=False)
            self._bundles += [([some[place] for place in bundle.places], bundle) for bundle in page.bundles]
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
        looked_at = ((item, self._read.get(id(item))) for item in items)
        return [item for item, read in looked_at if read is None or not read.as_declared]

    def bundled(self, items: Iterable[Received]) -> tuple[list[Bundle], list[Received]]:
        """The bundles of which every record is among these, and the others of these."""
        among = {id(item): item for item in items}
        whole = [(some, bundle) for some, bundle in self._bundles if among.keys() >= set(map(id, some))]
        inside = {id(item) for some, _ in whole for item in some}
        return [bundle for _, bundle in whole], [item for key, item in among.items() if key not in inside]

    def middle(self, items: Sequence[Received]) -> int:
        """Where to part these so that both parts are about as large, and no bundle is in both."""
        of = {id(item): number for number, (some, _) in enumerate(self._bundles) for item in some}
        bundles = [of.get(id(item)) for item in items]
        later = range(len(items) // 2, len(items))
        return next((at for at in later if bundles[at] is None or bundles[at] != bundles[at - 1]), len(items))

    def end(self) -> None:
        """They have had their turn."""
        self._read, self._bundles = {}, []

    def close(self) -> None:
        """Nothing more will be prepared."""
        for one in self._apart:
            one.close()

    def _read_apart(self, items: Sequence[Received]) -> Callable[[], ReadPage] | None:
        """By one process after the other; None: none of them is there."""
        ready = [one for one in self._apart if one.ready]
        self._turn += 1
        if not ready:
            return None
        one = ready[self._turn % len(ready)]
        return partial(self._awaited, one.read(items), one)

    def _awaited(self, promise: Future[ReadPage], one: Apart) -> ReadPage:
        """One that stands still, and is not dead, would keep the walk for as long as that lasts."""
        with suppress(TimeoutError):
            return promise.result(self._patience)
        one.give_up()
        return promise.result()

    def _done_here(self, items: Sequence[Received]) -> Callable[[], ReadPage]:
        done = read_page(items, [self._tried(item) for item in items])
        return lambda: done

    def _tried(self, item: Received) -> Read | None:
        try:
            if self._decoder is None:
                return Read(self._provider.decode(item))
            told = self._decoder(item)
            return Read(told.records, told.as_declared)
        except BadRecord:
            return None  # and is found out again when its turn comes


def _beside(promised: int, decode: Decode | None, contract: Contract, write: Writer | None) -> list[Apart]:
    """As many as so many records are worth, and the machine has room for."""
    apart: list[Apart] = []
    if decode is not None and os.cpu_count() != 1:
        with suppress(OSError):
            while len(apart) < min(promised // LONG, MOST_APART):
                apart.append(Apart(decode, contract, write))
    return apart
