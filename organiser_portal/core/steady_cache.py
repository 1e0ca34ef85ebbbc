"""The portal's cache: the one that all processes share and, while that is away, what this process remembers itself.

So no page fails and nobody is kept out because a cache is gone. What is counted, such as attempts to sign in, is then
counted by each process for itself: guessing stays limited, by so many times as much as there are processes.
"""

import logging
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

log = logging.getLogger(__name__)

AGAIN_AFTER = 30  # seconds for which one that is away is not asked: a silent one would take two for each question
AWAY = "the-shared-cache-is-away"


class SteadyCache(BaseCache):
    """Has no place of its own. ``shared`` and ``process`` are those of the settings."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return _told("get", key, default, version=version)

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        return dict(_told("get_many", list(keys), version=version))

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(_told("add", key, value, timeout, version=version))

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        _told("set", key, value, timeout, version=version)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(_told("touch", key, timeout, version=version))

    def delete(self, key: Any, version: int | None = None) -> bool:
        """In both, so that what was forgiven is not remembered when the shared one goes away again."""
        here = caches["process"].delete(key, version=version)
        return bool(_told("delete", key, version=version)) or here

    def clear(self) -> None:
        caches["process"].clear()
        _told("clear")


def _told(method: str, *args: Any, **more: Any) -> Any:
    """What the shared cache says, or in its absence our own."""
    own = caches["process"]
    if not own.get(AWAY):
        try:
            return getattr(caches["shared"], method)(*args, **more)
        except Exception as error:  # every kind of cache has errors of its own
            log.warning("the shared cache does not answer (%s)", type(error).__name__)
            own.set(AWAY, True, AGAIN_AFTER)
    return getattr(own, method)(*args, **more)
