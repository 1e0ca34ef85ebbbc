"""Payloads of records that came together, packed in one piece: they are alike, so each says little that is new.

A bundle is opened whole. Beside it stand marks, by which the bundle that holds a record is found unopened.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import batched
from math import ceil

import msgspec

from providers.packing import pack, unpack
from providers.pages import mark_of
from providers.port import Received
from providers.records import Record
from providers.written import WrittenEntry

MOST = 100  # records: fewer pack less well, more are no smaller and take longer to open for the sake of one
FEWEST = 10  # of which a bundle is made

type Kept = tuple[str, bytes]
"""The id of a record and its payload."""

_encode = msgspec.msgpack.Encoder().encode
_kept = msgspec.msgpack.Decoder(list[Kept])


class Bundle(msgspec.Struct, array_like=True, gc=False):
    """``places``: where its records stand in their page. ``marks``: a `mark_of` each. ``data``: see `opened`."""

    places: tuple[int, ...]
    marks: bytes
    data: bytes


def bundles_of(page: Sequence[Received], records: Sequence[Record | WrittenEntry | None]) -> list[Bundle]:
    """What may be kept of a page, by kind. ``records``: as which each was read, None if it was not.

    Whom the provider has erased is in none of them.
    """
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, (item, record) in enumerate(zip(page, records, strict=True)):
        if record is not None and item.payload and not getattr(record, "redacted", False):
            places[item.kind].append(place)
    return [_bundle(page, some) for of_a_kind in places.values() for some in _shared_out(of_a_kind)]


def bundled(kept: Sequence[Kept]) -> tuple[bytes, bytes]:
    """Marks and data of a bundle of these."""
    return array("Q", [mark_of(external_id) for external_id, _ in kept]).tobytes(), pack(_encode(kept))


def opened(data: bytes) -> list[Kept]:
    """All that is in a bundle, in the order in which it was put there."""
    return _kept.decode(unpack(data))


def _shared_out(places: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Into bundles of one size, so that there is no small one at the end."""
    if len(places) >= FEWEST:
        yield from batched(places, ceil(len(places) / ceil(len(places) / MOST)))


def _bundle(page: Sequence[Received], places: tuple[int, ...]) -> Bundle:
    return Bundle(places, *bundled([(page[place].external_id, page[place].payload) for place in places]))
