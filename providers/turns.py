"""How fast a key may be used: a place where everything in this process that calls with the same key takes its turn."""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import blake2b
from secrets import token_bytes
from threading import Lock

import httpx

MOST_KEYS = 1_000  # those used longest ago are forgotten

type Clock = Callable[[], datetime]
type Key = tuple[str, bytes, int]


class Turns:
    """The calls with one key at one host, one after another. For sharing between threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = Lock()
        self._last: float | None = None

    def wait(self, spacing: float, sleep: Callable[[float], None] = time.sleep) -> None:
        """Return when the last call is ``spacing`` seconds ago. Who comes meanwhile stands in line."""
        with self._lock:
            now = self._clock().timestamp()
            # Never longer than one spacing, so that a clock that stands still or jumps cannot pile up waits.
            pause = 0.0 if self._last is None else min(spacing, max(0.0, self._last + spacing - now))
            if pause > 0:
                sleep(pause)
            self._last = max(now + pause, self._clock().timestamp())


_salt = token_bytes(16)
_lock = Lock()
_turns: OrderedDict[Key, Turns] = OrderedDict()


def turns_of(base: httpx.URL, headers: Mapping[str, str], clock: Clock) -> Turns:
    """The one line for this key at this host. ``headers`` hold the key; only a salted hash of them is kept.

    Whoever brings a clock of its own has a line of its own: times on two clocks cannot be compared.
    """
    digest = blake2b(key=_salt, digest_size=16)
    for name, value in sorted(headers.items()):
        digest.update(f"{name.lower()}: {value}\n".encode(errors="surrogatepass"))
    key = (base.netloc.decode(), digest.digest(), id(clock))
    with _lock:
        found = _turns.setdefault(key, Turns(clock))
        _turns.move_to_end(key)
        while len(_turns) > MOST_KEYS:
            _turns.popitem(last=False)
    return found
