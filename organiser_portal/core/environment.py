"""The environment, read. A value that cannot be used ends in one sentence, which names its variable and does not quote
it: it may hold a password.
"""

from collections.abc import Callable, Collection
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environ import Env

DATABASES = frozenset({"postgres", "postgresql", "pgsql", "psql", "sqlite"})
NO_DATABASE = (
    "is not the address of a database. Write postgres://USER:PASSWORD@HOST:5432/NAME or sqlite:////PATH/TO/FILE, with "
    "%-codes for special characters of the password, or leave it out for SQLite in var/."
)
NO_CACHE = "is not the address of a cache. Write redis://HOST:6379/1, or leave it out."
NO_MAIL = "is not the address of a mail server. Write smtp+tls://USER:PASSWORD@HOST:587, or leave it out."


class Environment(Env):  # type: ignore[misc]  # the library has no types
    """As django-environ reads it, but for the addresses and for what comes out when a value is of no use."""

    def database(self, name: str, default: str) -> dict[str, Any]:
        """As a value of DATABASES."""
        url = self.str(name, default=default)
        scheme = _read(lambda: urlsplit(url).scheme, name, NO_DATABASE)
        found: dict[str, Any] = {}
        if scheme in DATABASES:  # of any other django-environ would say all that it has read
            found = _read(lambda: self.db_url_config(url), name, NO_DATABASE)
        if not found.get("NAME"):
            raise _unusable(name, NO_DATABASE)
        return found

    def cache_address(self, name: str, default: str) -> dict[str, Any]:
        """As a value of CACHES."""
        return _read(lambda: dict(self.cache_url(name, default=default)), name, NO_CACHE)

    def mail_address(self, name: str, default: str) -> dict[str, Any]:
        """As the settings of Django's older versions."""
        return _read(lambda: dict(self.email_url(name, default=default)), name, NO_MAIL)

    def number(self, name: str, default: int) -> int:
        return _read(lambda: int(self.int(name, default=default)), name, "is not a whole number.")

    def one_of(self, choices: Collection[str], name: str, default: str) -> str:
        found = str(self.str(name, default=default))
        if found not in choices:
            raise _unusable(name, f"is none of {', '.join(sorted(choices))}.")
        return found


def _read[T](read: Callable[[], T], name: str, wrong: str) -> T:
    try:
        return read()
    except (ValueError, ImproperlyConfigured):  # also a port that is no number, brackets that do not close
        raise _unusable(name, wrong) from None


def _unusable(name: str, wrong: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name} {wrong}")
