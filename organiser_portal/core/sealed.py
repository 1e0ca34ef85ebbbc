"""A column that holds what ``core.encryption`` made. ``rotate_credential_keys`` finds every one of them by its type."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models


class SealedField(models.BinaryField):  # type: ignore[type-arg]  # it cannot be subscripted at run time
    """Encrypted bytes; b"" is nothing at all."""


def sealed_columns() -> Iterator[SealedField]:
    """Every column of this kind, of whatever room."""
    for model in apps.get_models():
        yield from (field for field in model._meta.concrete_fields if isinstance(field, SealedField))
