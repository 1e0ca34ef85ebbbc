"""Whether the shared cache is there. Without it each process counts attempts to sign in for itself."""

import logging

from django.core.cache import caches

log = logging.getLogger(__name__)


def cache_answers() -> bool:
    """Whether what is put there can be taken out again."""
    try:
        cache = caches["shared"]
        cache.set("is-it-there", "yes", timeout=10)
        return bool(cache.get("is-it-there") == "yes")
    except Exception as error:  # every kind of cache has errors of its own
        log.warning("the cache does not answer (%s)", type(error).__name__)
        return False
