"""What a provider sent, as it sent it: kept for replay, or because it could not be read."""

from django.db import models

from organiser_portal.connections.models.connection import Connection
from providers.packing import unpack


class SourcePayload(models.Model):
    """The JSON of one remote record, compressed, so that a better mapping can be replayed without a call."""

    # The constraint below begins with it.
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    external_id = models.CharField(max_length=120)
    data = models.BinaryField()
    fetched_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "kind", "external_id"], name="one_payload_per_record")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}"

    def json(self) -> bytes:
        return unpack(bytes(self.data))


class RejectedRecord(models.Model):
    """One record that could not be taken, with the reason. Retried when the mapping improves."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="rejected_records")
    resource = models.CharField(max_length=30)
    kind = models.CharField(max_length=20)
    external_id = models.CharField(max_length=120)
    reason = models.CharField(max_length=300)
    data = models.BinaryField()
    fingerprint = models.BinaryField(max_length=16, default=b"")
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-last_seen"]
        constraints = [
            models.UniqueConstraint(fields=["connection", "kind", "external_id"], name="one_rejection_per_record")
        ]

    def __str__(self) -> str:
        return f"{self.called}: {self.reason}"

    @property
    def called(self) -> str:
        """ "Reserved group 12"."""
        return f"{self.kind.replace('_', ' ').capitalize()} {self.external_id}"

    @property
    def listing(self) -> str:
        """The resource in words: "reserved places"."""
        return self.resource.replace("_", " ")
