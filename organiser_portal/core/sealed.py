"""A column that holds what ``core.encryption`` made. ``rotate_credential_keys`` finds every one of them by its type."""

from django.db import models


class SealedField(models.BinaryField):  # type: ignore[type-arg]  # it cannot be subscripted at run time
    """Encrypted bytes; b"" is nothing at all."""
