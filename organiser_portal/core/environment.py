"""The environment, read. A value that cannot be used ends in one sentence, which names its variable and does not quote
it: it may hold a password.
"""

import re
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string
from environ import Env
from kombu import Connection

LINE = re.compile(r"#|(export )?\w+=")
ON = frozenset({"on", "true", "yes", "y", "ok", "1"})
OFF = frozenset({"off", "false", "no", "n", "0", ""})
DATABASES = frozenset({"postgres", "postgresql", "pgsql", "psql", "sqlite"})
NO_DATABASE = (
    "is not the address of a database. Write postgres://USER:PASSWORD@HOST:5432/NAME or sqlite:////PATH/TO/FILE, with "
    "%-codes for special characters of the password, or leave it out for SQLite in var/."
)
SOON_GIVEN_UP = {"socket_timeout": 2, "socket_connect_timeout": 2}  # seconds for a Redis that says nothing
NO_CACHE = "is not the address of a cache. Write redis://HOST:6379/1, or leave it out."
NO_BROKER = (
    "is not the address of a broker. Write redis://HOST:6379/0 or amqp://USER:PASSWORD@HOST/VHOST, or leave it out."
)
NO_MAIL = "is not the address of a mail server. Write smtp+tls://USER:PASSWORD@HOST:587, or leave it out."


class Environment(Env):  # type: ignore[misc]  # django-environ tells no types
    """As django-environ reads it, but for the addresses and for what comes out when a value is of no use."""

    def read_file(self, path: Path) -> None:
        """Into the environment, where it does not say otherwise."""
        lines = path.read_text().splitlines() if path.is_file() else []
        for number, line in enumerate(lines, start=1):
            if line.strip() and not LINE.match(line):  # django-environ would print the line
                raise ImproperlyConfigured(f"Line {number} of {path} is not NAME=VALUE, without spaces around the =.")
        self.read_env(path)

    def get_value(self, var: str, cast: Any = None, default: Any = Env.NOTSET, parse_default: bool = False) -> Any:
        """A value that begins with $ is that value. To django-environ it would be the name of another variable."""
        given = self.ENVIRON.get(var, "")
        if given.startswith("$"):
            return self.parse_value(given, cast)
        return super().get_value(var, cast, default, parse_default)

    def required(self, name: str) -> str:
        found = str(self.str(name))
        if not found:
            raise _unusable(name, "must not be empty. .env.example says how to make one.")
        return found

    def flag(self, name: str, *, default: bool) -> bool:
        found = str(self.str(name, default="on" if default else "off")).strip().lower()
        if found not in ON | OFF:
            raise _unusable(name, "is neither on nor off.")
        return found in ON

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
        found = _read(lambda: dict(self.cache_url(name, default=default)), name, NO_CACHE)
        _read(lambda: import_string(found["BACKEND"]), name, NO_CACHE)
        if found["BACKEND"].endswith("RedisCache"):
            found["OPTIONS"] = SOON_GIVEN_UP | found.get("OPTIONS", {})
        return found

    def broker_address(self, name: str, default: str) -> str:
        url = str(self.str(name, default=default))
        if "://" not in url:
            raise _unusable(name, NO_BROKER)
        _read(lambda: Connection(url).get_transport_cls(), name, NO_BROKER)
        return url

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
    except (ValueError, LookupError, ImportError, ImproperlyConfigured):  # also a port that is no number
        raise _unusable(name, wrong) from None


def _unusable(name: str, wrong: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name} {wrong}")
