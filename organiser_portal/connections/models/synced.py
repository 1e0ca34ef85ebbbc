"""What every mirrored row has in common."""

from django.db import models

from organiser_portal.connections.models.connection import Connection
from organiser_portal.organisations.models import Organisation


class SyncedModel(models.Model):
    """A row that mirrors a provider's. Written by ingest; unique per connection and external id.

    ``gone_at``: since when the provider no longer lists it. Nothing is deleted.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    external_id = models.CharField(max_length=120)
    fingerprint = models.BinaryField(max_length=16, default=b"", editable=False)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["connection", "external_id"], name="%(class)s_once_per_connection")
        ]
