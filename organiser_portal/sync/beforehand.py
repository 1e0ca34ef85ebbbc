"""Decoding and packing of records before their turn, while others are being written.

Where nothing is held yet, every record of a page will be wanted, so the thread that reads the pages does this work
while the one that stores waits for the database. Elsewhere hardly any is wanted, and those few are done when they are.
"""

from collections.abc import Iterable
from typing import NamedTuple

from organiser_portal.connections.packing import pack
from providers.errors import BadRecord
from providers.port import Page, Provider, Received
from providers.records import Record


class _Done(NamedTuple):
    item: Received  # kept, so that its id stays its own
    records: tuple[Record, ...] | BadRecord
    packed: bytes


class Beforehand:
    """What has been done already, by the id of the object. One thread adds, another takes away."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._done: dict[int, _Done] = {}

    def prepare(self, page: Page) -> None:
        """Do the work for all of this page."""
        for item in page.items:
            self._done[id(item)] = _Done(item, self._tried(item), pack(item.payload))

    def decode(self, item: Received) -> tuple[Record, ...]:
        """The record, then stubs of what it points at. Raises BadRecord."""
        done = self._done.get(id(item))
        records = self._tried(item) if done is None else done.records
        if isinstance(records, BadRecord):
            raise records
        return records

    def pack(self, item: Received) -> bytes:
        """The payload as it is kept."""
        done = self._done.get(id(item))
        return pack(item.payload) if done is None else done.packed

    def forget(self, items: Iterable[Received]) -> None:
        """These have had their turn."""
        if self._done:
            for item in items:
                self._done.pop(id(item), None)

    def _tried(self, item: Received) -> tuple[Record, ...] | BadRecord:
        try:
            return self._provider.decode(item)
        except BadRecord as error:
            return error
