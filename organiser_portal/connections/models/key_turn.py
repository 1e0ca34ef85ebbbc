"""When a key may next be used, whoever uses it."""

from django.db import models


class KeyTurn(models.Model):
    """One row a key at a host, shared by all processes. ``key`` is a salted hash; times are the database's own.

    ``free_at``: when the next call may be made. ``quiet_until``: the provider asked for no calls before then.
    """

    key = models.CharField(max_length=32, primary_key=True)
    free_at = models.DateTimeField()
    quiet_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.key[:8]
