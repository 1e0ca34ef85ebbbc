"""What is kept between two calls: never a cursor of theirs, only times on their clock."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import msgspec

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TICK = timedelta(milliseconds=1)  # "after" is taken to be strict, and rows may share their time


type Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Cursor(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``watermark``: everything up to then is ours. The rest is there only while a walk is under way.

    ``resume``: the time inside the ascending walk that it had reached, and behind which nothing can turn up late any
    more. ``bound``: `Date` of the first answer, to whoever asked last. ``largest``: newest `updatedAt` seen. ``held``:
    rows met before ``resume``. ``promised``: rows announced at first. ``whole``: the walk had no lower limit.
    ``repeated``: it had come short once and began again. ``cut_off``: where it had first been taken over before.
    """

    watermark: Moment | None = None
    resume: Moment | None = None
    bound: Moment | None = None
    largest: Moment | None = None
    held: int = 0
    promised: int | None = None
    whole: bool = False
    repeated: bool = False
    cut_off: Moment | None = None

    def encode(self) -> str:
        return msgspec.json.encode(self).decode()

    def afresh(self, *, repeated: bool = False) -> "Cursor":
        """The same walk from its beginning."""
        return Cursor(watermark=self.watermark, whole=self.whole, repeated=repeated or self.repeated)

    def settled(self, *, seen: datetime | None, bound: datetime | None) -> "Cursor":
        """The watermark of the next run. Their clock only; nothing seen leaves it where it was.

        Whoever took over believed `Date` that nothing would turn up any more behind where they went on. It may be ahead
        of the times on rows, so the next run begins there.
        """
        newest = min(filter(None, (seen, bound, self.cut_off or self.resume))) if seen else None
        return Cursor(watermark=max(filter(None, (self.watermark, newest)), default=None))

    def after(self, overlap: timedelta) -> str:
        """The lower limit to ask for, "" for none: three decimals and Z, as the provider writes it."""
        since = self._since(overlap)
        return since.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if since else ""

    def _since(self, overlap: timedelta) -> datetime | None:
        """The overlap is for what turns up late. What was old when it was read does not, so whoever goes on from there
        reads none of it again: there may be more of it than a worker reads before it is killed.
        """
        if self.resume is None:
            return None if self.whole or self.watermark is None else _before(self.watermark, overlap)
        if self.bound is None:
            return _before(self.resume, overlap)
        return min(_before(self.resume, TICK), _before(self.bound, overlap))


def _before(moment: datetime, span: timedelta) -> datetime:
    return max(moment, EPOCH) - span


def begin(stored: str, *, full: bool) -> Cursor:
    """Where to start: where a walk was cut off, or afresh. A whole walk never goes on from one that was not."""
    cursor = _read(stored)
    if cursor.resume and (cursor.whole or not full):
        return cursor
    whole = full or cursor.watermark is None
    return Cursor(watermark=cursor.watermark, whole=whole, repeated=cursor.repeated and cursor.whole == whole)


def _read(stored: str) -> Cursor:
    try:
        return msgspec.json.decode(stored or "{}", type=Cursor)
    except msgspec.MsgspecError:
        return Cursor()  # not ours, or from another version: everything is read again
