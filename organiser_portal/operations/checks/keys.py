"""Whether what is stored sealed can be opened."""

from collections.abc import Iterator
from datetime import datetime

from cryptography.fernet import Fernet
from django.conf import settings

from organiser_portal.connections.models import Connection
from organiser_portal.core.encryption import CannotDecrypt, decrypt
from organiser_portal.core.sealed import sealed_columns
from organiser_portal.operations.checks.finding import Finding, asks_the_database, bad, good

NAME = "keys"
NAMED = 5


@asks_the_database(NAME)
def open_what_is_stored(_: datetime) -> Iterator[Finding]:
    """Every sealed value is tried, and none is shown."""
    if not all(_is_key(key) for key in settings.CREDENTIAL_KEYS) or not settings.CREDENTIAL_KEYS:
        yield bad(NAME, "CREDENTIAL_KEYS holds something that is no Fernet key. .env.example says how to make one.")
        return
    yield from list(_unopened()) or [
        good(NAME, f"{len(settings.CREDENTIAL_KEYS)} in use, and everything stored can be opened.")
    ]


def _is_key(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True


def _unopened() -> Iterator[Finding]:
    credentials = Connection.objects.exclude(sealed_credentials=b"").values_list("pk", "sealed_credentials")
    yield from _lost("the credentials of connection", credentials.iterator())
    for column in sealed_columns():
        rows = column.model._default_manager.exclude(**{column.name: b""}).values_list("pk", column.name)
        yield from _lost(f"{column} of", rows.iterator())


def _lost(what: str, rows: "Iterator[tuple[int, bytes | memoryview[int]]]") -> Iterator[Finding]:
    ids = [pk for pk, token in rows if not _opens(bytes(token))]
    if ids:
        named = ", ".join(map(str, ids[:NAMED])) + (f" and {len(ids) - NAMED} more" if len(ids) > NAMED else "")
        yield bad(
            NAME,
            f"No key opens {what} {named}. Put the key they were sealed with back into CREDENTIAL_KEYS, behind the "
            "others, or have them entered again.",
        )


def _opens(token: bytes) -> bool:
    try:
        decrypt(token)
    except CannotDecrypt:
        return False
    return True
