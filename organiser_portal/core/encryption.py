"""Named secrets, encrypted at rest.

Fernet with a list of keys: the first encrypts, every one decrypts, so that a key can be replaced without
downtime (``manage.py rotate_credential_keys``).
"""

import json
from collections.abc import Mapping
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class CannotDecrypt(Exception):
    """None of the keys in CREDENTIAL_KEYS opens this value."""


class Secrets(dict[str, str]):
    """Secret values by name. Prints as names only, so that no log, page or traceback can show a value."""

    def __repr__(self) -> str:
        return f"Secrets({', '.join(sorted(self))})"

    __str__ = __repr__


@cache
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(values: Mapping[str, str]) -> bytes:
    """The values as one encrypted token, under the newest key."""
    return _fernet(tuple(settings.CREDENTIAL_KEYS)).encrypt(json.dumps(dict(values)).encode())


def decrypt(token: bytes) -> Secrets:
    """The values back; raises CannotDecrypt."""
    try:
        return Secrets(json.loads(_fernet(tuple(settings.CREDENTIAL_KEYS)).decrypt(token)))
    except InvalidToken as error:
        raise CannotDecrypt("The stored credentials were encrypted with a key that is not configured.") from error


def rotate(token: bytes) -> bytes:
    """The same values under the newest key; raises CannotDecrypt."""
    return encrypt(decrypt(token))
