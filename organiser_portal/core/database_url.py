"""DATABASE_URL, read. What is no address of a database ends in one sentence, which does not quote it: it may hold a
password.
"""

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environ import Env

POSTGRESQL = frozenset({"postgres", "postgresql", "pgsql", "psql"})
UNREADABLE = (
    "DATABASE_URL is not the address of a database. Write postgres://USER:PASSWORD@HOST:5432/NAME or "
    "sqlite:////PATH/TO/FILE, with %-codes for special characters of the password, or leave it out for SQLite in var/."
)


def read_database_url(url: str) -> dict[str, Any]:
    """As a value of DATABASES. Raises ImproperlyConfigured."""
    try:
        scheme = urlsplit(url).scheme
        found: dict[str, Any] = Env.db_url_config(url) if scheme in POSTGRESQL | {"sqlite"} else {}
    except ValueError:  # a port that is no number, brackets that do not close
        found = {}
    if not found.get("NAME"):
        raise ImproperlyConfigured(UNREADABLE)
    return found
