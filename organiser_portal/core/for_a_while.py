"""What is worth remembering for a minute. A cache that is away remembers nothing, and no page fails for that.

Not for what has to be counted, such as attempts to sign in: those are refused where nobody counts them.
"""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.cache import cache

log = logging.getLogger(__name__)

AWAY = "the cache does not answer (%s)"


def recalled(keys: Iterable[str]) -> Mapping[str, Any]:
    """What is remembered under these keys, of those under which anything is."""
    try:
        return cache.get_many(keys)
    except Exception as error:  # every kind of cache has errors of its own
        log.warning(AWAY, type(error).__name__)
        return {}


def remember(key: str, value: Any, seconds: int) -> None:
    """For so long, if the cache is there."""
    try:
        cache.set(key, value, seconds)
    except Exception as error:  # as above
        log.warning(AWAY, type(error).__name__)
