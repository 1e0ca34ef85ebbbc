"""Days, and which of them to read: pure decisions about dates."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import msgspec

DAY = timedelta(days=1)
LONGEST = 31  # days in one window


@dataclass(frozen=True, slots=True)
class Window:
    """From ``start`` to ``end``, both inclusive."""

    start: date
    end: date

    @property
    def is_one_day(self) -> bool:
        return self.start >= self.end

    def halves(self) -> tuple["Window", "Window"]:
        middle = self.start + (self.end - self.start) // 2
        return Window(self.start, middle), Window(middle + DAY, self.end)

    def params(self) -> dict[str, str]:
        return {"start": self.start.isoformat(), "end": self.end.isoformat()}


def windows(start: date, end: date) -> Iterator[Window]:
    """From old to new, no day twice."""
    while start <= end:
        last = min(end, start + (LONGEST - 1) * DAY)
        yield Window(start, last)
        start = last + DAY


class Trail(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The cursor of what is read day by day. ``read_to``: everything up to that day was read.

    ``resume``: the walk under way goes on with that day; ``whole``: it began at the beginning. Of the days before:
    ``promised`` rows, None where one window did not say; ``missed`` some; ``unreadable``: some came without an id.
    """

    read_to: date | None = None
    resume: date | None = None
    whole: bool = False
    promised: int | None = 0
    missed: bool = False
    unreadable: bool = False

    def encode(self) -> str:
        return msgspec.json.encode(self).decode()

    def begin(self, *, earliest: date, trailing: int) -> date:
        """The first day to read: results change for ``trailing`` days after they were made."""
        if self.resume is not None:
            return self.resume
        if self.whole or self.read_to is None:
            return earliest
        return max(earliest, self.read_to - timedelta(days=trailing))


def recall(stored: str, *, full: bool) -> Trail:
    """Where a walk goes on; a whole one never from one that was not."""
    try:
        trail = msgspec.json.decode(stored or "{}", type=Trail)
    except msgspec.MsgspecError:
        trail = Trail()  # not ours: everything is read again
    if trail.resume is not None and (trail.whole or not full):
        return trail
    return Trail(read_to=trail.read_to, whole=full or trail.read_to is None)


class Mark(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The cursor of a walk over pages that is under way: which pass, which page is next."""

    active: int = 1
    page: int = 1

    def encode(self) -> str:
        return msgspec.json.encode(self).decode()


def recall_mark(stored: str, *, full: bool) -> Mark:
    try:
        return Mark() if full else msgspec.json.decode(stored or "{}", type=Mark)
    except msgspec.MsgspecError:
        return Mark()
