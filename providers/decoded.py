"""What decoding a record gives."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from providers.records import EventRecord, RaceRecord, Record, TicketTypeRecord

type Mention = EventRecord | RaceRecord | TicketTypeRecord


class Decoded(NamedTuple):
    """A record, and stubs of what it points at: the same objects again wherever the same is said again.

    ``as_of``: when that was said, unless a mention has a time of its own. ``as_declared``: it has been seen that the
    payload is wholly as the contract has it; False: nobody has looked, or it is not.
    """

    record: Record
    mentions: tuple[Mention, ...] = ()
    as_of: datetime | None = None
    as_declared: bool = False

    @property
    def records(self) -> tuple[Record, ...]:
        """The record itself first, then what it points at."""
        return (self.record, *dated(self.mentions, self.as_of))


def dated(mentions: Iterable[Mention], as_of: datetime | None) -> list[Mention]:
    """As old as whoever makes them."""
    return [mention if mention.as_of else replace(mention, as_of=as_of) for mention in mentions]
