"""What the walks over gates keep between two calls: per event, up to when and how far we have read."""

from datetime import datetime, timedelta
from typing import Annotated

import msgspec

from providers.ticketing.dates import since

OVERLAP = timedelta(minutes=10)
REMEMBERED_AFTER_END = timedelta(days=30)  # afterwards an event is read in whole walks only
STALE_WALK = timedelta(hours=1)  # a walk that broke off longer ago starts again


type Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Read(msgspec.Struct, omit_defaults=True):
    """One event: ``since`` the server's time when it was last read, ``count`` of rows then, ``ended`` when it ended.

    ``size`` of the pages in which they came; 0: as many as were asked for.
    ``some``: it had rows, so that an empty list is believed only when it is empty again, and changes are asked for.
    """

    since: Moment | None = None
    count: int = 0
    size: int = 0
    ended: Moment | None = None
    some: bool = False


class Walking(msgspec.Struct, omit_defaults=True):
    """A walk that is under way. ``done``: events settled. ``page`` of ``event`` is the next to read, of ``size``.

    ``at``: when it had come so far. ``told``: rows that the page before announced; ``promised``: the events settled.
    ``missed``: something was not read as it should be.
    """

    began: Moment
    whole: bool = False
    done: list[str] = []
    event: str = ""
    page: int = 1
    size: int = 0
    first: Moment | None = None
    told: int = 0
    promised: int = 0
    missed: bool = False
    at: Moment | None = None


class Memory(msgspec.Struct, omit_defaults=True):
    events: dict[str, Read] = {}
    walk: Walking | None = None

    def cursor(self) -> str:
        return msgspec.json.encode(self).decode()

    def begin(self, now: datetime, *, whole: bool) -> Walking:
        """Go on with a walk that broke off lately; otherwise a new one."""
        walk = self.walk
        lately = (
            walk is not None and timedelta() <= now - (walk.at or walk.began) < STALE_WALK and (walk.whole or not whole)
        )
        if walk is None or not lately:
            walk = Walking(began=now, whole=whole)
        self.walk = walk
        return walk

    def is_over(self, event_id: str, now: datetime) -> bool:
        """Whether an event ended so long ago, and was read so late, that nothing new is to be expected of it."""
        held = self.events.get(event_id)
        return bool(held and held.ended and held.since and held.since > held.ended + REMEMBERED_AFTER_END < now)

    def asked_since(self, event_id: str) -> str:
        """The lower limit to ask for, "" for none: of an event that had nothing all is one call, and an empty list
        may have been a mistake."""
        held = self.events.get(event_id)
        return since(held.since - OVERLAP) if held and held.since and held.some else ""

    def end(self, known: set[str]) -> None:
        self.walk = None
        self.events = {event_id: held for event_id, held in self.events.items() if event_id in known}


def recall(stored: str) -> Memory:
    """The memory in a cursor; an empty one where there is none, or none that can be read."""
    try:
        return msgspec.json.decode(stored or "{}", type=Memory)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return Memory()
