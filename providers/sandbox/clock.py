"""The sandbox's own time: real, shifted, or standing still."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta


def _real() -> datetime:
    return datetime.now(UTC)


class Clock:
    """Call it for the time, an aware UTC datetime. Runs with the real clock until it is frozen."""

    def __init__(self, now: datetime | None = None, *, real: Callable[[], datetime] = _real) -> None:
        """``now`` given: the clock starts there and stands still."""
        self._real = real
        self._shift = timedelta(0)
        self._frozen: datetime | None = None
        if now is not None:
            self.freeze(now)

    def __call__(self) -> datetime:
        return self._frozen if self._frozen is not None else self._real() + self._shift

    def freeze(self, at: datetime | None = None) -> None:
        """Stand still, at ``at`` or at the present moment."""
        self._frozen = (at or self()).astimezone(UTC)

    @contextmanager
    def standing_at(self, at: datetime) -> Iterator[None]:
        """Stands still there until the block ends."""
        before, self._frozen = self._frozen, at
        try:
            yield
        finally:
            self._frozen = before

    def set(self, at: datetime) -> None:
        """Jump to ``at``; a running clock runs on from there, a frozen one stays there."""
        if self._frozen is not None:
            self._frozen = at.astimezone(UTC)
        else:
            self._shift = at - self._real()

    def advance(self, seconds: float) -> None:
        self.set(self() + timedelta(seconds=seconds))

    def run(self) -> None:
        """Let a frozen clock run on from where it stands."""
        at = self()
        self._frozen = None
        self.set(at)

    def reset(self) -> None:
        """Real time again."""
        self._frozen = None
        self._shift = timedelta(0)


def http_date(at: datetime) -> str:
    """The form of a ``Date`` header, whole seconds."""
    return at.strftime("%a, %d %b %Y %H:%M:%S GMT")


def milliseconds(at: datetime) -> int:
    """Whole milliseconds since 1970."""
    return int(at.timestamp() * 1000)


def iso_milliseconds(ms: int) -> str:
    """2027-01-11T07:05:12.418Z"""
    seconds = datetime.fromtimestamp(ms // 1000, UTC).isoformat()
    return f"{seconds[:19]}.{ms % 1000:03d}Z"


def iso_seconds(at: datetime) -> str:
    """2027-05-16T08:30:00+00:00"""
    return at.astimezone(UTC).isoformat(timespec="seconds")
