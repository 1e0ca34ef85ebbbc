"""Connections to the programmed provider, as the engines' own tests have them."""

from typing import Any

import pytest

from tests.sync.conftest import connection, entries, handed_out, new_connection, races, script

__all__ = ["connection", "entries", "handed_out", "new_connection", "races", "script"]


@pytest.fixture
def cache_away(settings: Any) -> None:
    """Nobody listens where the shared cache should be."""
    backend = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "redis://127.0.0.1:1/0"}}
