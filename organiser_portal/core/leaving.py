"""Whether this worker has been told to stop: whoever is at a long job ends it at the next page or chunk.

Celery waits for the jobs of its processes, and only the one that started them hears of it. They share a byte.
"""

from mmap import mmap
from typing import Any

_told = mmap(-1, 1)  # made before they are forked, so that all of them see it


def tell(**_: Any) -> None:
    _told[0] = True


def is_told() -> bool:
    return bool(_told[0])
