"""How fast a key may be used: a line in which everything that calls with the same key takes its turn.

Here the line of one process. Whoever runs several processes brings a `Keeper` of its own, whose lines they share.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from hashlib import blake2b
from secrets import token_bytes
from threading import Lock
from typing import Protocol

import httpx

MOST_KEYS = 1_000  # those used longest ago are forgotten
A_MOMENT = 0.05  # seconds; who slept through a pause to the end must not be told that some of it is left

type Clock = Callable[[], datetime]
type Sleep = Callable[[float], None]


class Hushed(Exception):
    """Nobody may call with this key for another ``seconds``: the provider has asked for it."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:.0f} s")
        self.seconds = seconds


class Line(Protocol):
    """The calls with one key at one host, one after another. For sharing between threads."""

    def wait(self, spacing: float, sleep: Sleep) -> None:
        """Return when the last call is ``spacing`` seconds ago. Who comes meanwhile stands in line. Raises Hushed."""

    def hush(self, seconds: float) -> None:
        """The provider wants to be left alone for so long."""


class Keeper(Protocol):
    """Who keeps the lines. Keys come hashed with its ``salt``, never in the clear."""

    salt: bytes

    def line(self, key: str, clock: Clock) -> Line:
        """The one line for this key."""


class Turns:
    """A line within this process. ``heeds_quiet``: whether it remembers that a provider wants to be left alone."""

    def __init__(self, clock: Clock, *, heeds_quiet: bool = False) -> None:
        self._clock = clock
        self._heeds_quiet = heeds_quiet
        self._lock = Lock()
        self._last: float | None = None
        self._quiet_until = 0.0

    def wait(self, spacing: float, sleep: Sleep = time.sleep) -> None:
        self._heed()
        if spacing <= 0:
            return
        with self._lock:
            now = self._clock().timestamp()
            # Never longer than one spacing, so that a clock that stands still or jumps cannot pile up waits.
            pause = 0.0 if self._last is None else min(spacing, max(0.0, self._last + spacing - now))
            if pause > 0:
                sleep(pause)
                self._heed()  # another may have been told meanwhile that nobody is to call
            self._last = max(now + pause, self._clock().timestamp())

    def _heed(self) -> None:
        left = self._quiet_until - time.monotonic()
        if left > A_MOMENT:
            raise Hushed(left)

    def hush(self, seconds: float) -> None:
        if self._heeds_quiet:
            self._quiet_until = max(self._quiet_until, time.monotonic() + seconds)


class Lines:
    """The lines of this process.

    Whoever brings a clock of its own has a line of its own: times on two clocks cannot be compared.
    """

    def __init__(self, *, heeds_quiet: bool = False) -> None:
        self.salt = token_bytes(16)
        self._heeds_quiet = heeds_quiet
        self._lock = Lock()
        self._lines: OrderedDict[tuple[str, int], Turns] = OrderedDict()

    def __len__(self) -> int:
        return len(self._lines)

    def __repr__(self) -> str:
        return f"Lines({list(self._lines)})"

    def line(self, key: str, clock: Clock) -> Turns:
        place = (key, id(clock))
        with self._lock:
            found = self._lines.setdefault(place, Turns(clock, heeds_quiet=self._heeds_quiet))
            self._lines.move_to_end(place)
            while len(self._lines) > MOST_KEYS:
                self._lines.popitem(last=False)
        return found


IN_THIS_PROCESS = Lines()
_keeper: ContextVar[Keeper] = ContextVar("keeper", default=IN_THIS_PROCESS)


@contextmanager
def kept_by(keeper: Keeper) -> Iterator[None]:
    """Clients that are made inside this block stand in the lines of this keeper."""
    token = _keeper.set(keeper)
    try:
        yield
    finally:
        _keeper.reset(token)


def line_of(base: httpx.URL, headers: Mapping[str, str], clock: Clock) -> Line:
    """The one line for this key at this host. ``headers`` hold the key; only a salted hash of them is kept."""
    keeper = _keeper.get()
    digest = blake2b(key=keeper.salt, digest_size=16)
    digest.update(base.netloc + b"\n")
    for name, value in sorted(headers.items()):
        digest.update(f"{name.lower()}: {value}\n".encode(errors="surrogatepass"))
    return keeper.line(digest.hexdigest(), clock)


def pace(value: str, usual: float) -> float:
    """Requests a second from a connection's setting (0: no limit); ``usual`` where it is not a number."""
    try:
        wished = float(value)
    except ValueError:
        return usual
    return wished if 0 <= wished < float("inf") else usual
