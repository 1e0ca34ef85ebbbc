"""What a provider sent, as it sent it: kept for replay, or because it could not be read."""

from functools import cached_property

from django.db import models

from organiser_portal.connections.models.connection import Connection
from providers.packing import BY_ITSELF, Packing
from providers.pages import words


class PayloadDictionary(models.Model):
    """What the payloads of one kind have in common, said once. Never changed, and kept as long as its connection.

    A later one may follow; each payload is read with the one that it was packed with. Nothing in it is about a person.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    data = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "payload dictionaries"

    def __str__(self) -> str:
        return f"{self.kind} of connection {self.connection_id}"

    @cached_property
    def packing(self) -> Packing:
        return Packing(bytes(self.data))


class SourcePayload(models.Model):
    """The JSON of one remote record, compressed, so that a better mapping can be replayed without a call.

    It counts before a copy in a `PayloadBundle`. Whoever reads many prefetches their dictionary.
    """

    # The constraint below begins with it.
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    external_id = models.CharField(max_length=120)
    data = models.BinaryField()
    fetched_at = models.DateTimeField()
    # Both go with their connection and neither without it, so the database need not look at each row.
    dictionary = models.ForeignKey(
        PayloadDictionary, on_delete=models.DO_NOTHING, related_name="+", null=True, db_index=False, db_constraint=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "kind", "external_id"], name="one_payload_per_record")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}"

    def json(self) -> bytes:
        packing = self.dictionary.packing if self.dictionary else BY_ITSELF
        return packing.unpack(bytes(self.data))


class PayloadBundle(models.Model):
    """The JSON of many records that came together, in one piece (`providers.bundles`).

    ``marks``: eight bytes for each of them, by which the bundle that holds a record is found.
    """

    # The index below begins with it.
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    marks = models.BinaryField()
    data = models.BinaryField()
    fetched_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["connection", "kind", "id"], name="bundles_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.records} of kind {self.kind}"

    @property
    def records(self) -> int:
        """How many are in it."""
        return len(words(bytes(self.marks)))


class RejectedRecordQuerySet(models.QuerySet["RejectedRecord"]):
    def waiting(self) -> "RejectedRecordQuerySet":
        """Not read, though still listed."""
        return self.filter(resolved_at=None, gone_at=None)


class RejectedRecord(models.Model):
    """One record that could not be taken, with the reason. Retried when the mapping improves.

    ``resolved_at``: when it was read after all. ``gone_at``: since when it is not listed any more.
    """

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
    gone_at = models.DateTimeField(null=True, blank=True)

    objects = RejectedRecordQuerySet.as_manager()

    class Meta:
        ordering = ["-last_seen"]
        constraints = [
            models.UniqueConstraint(fields=["connection", "kind", "external_id"], name="one_rejection_per_record")
        ]

    def __str__(self) -> str:
        return f"{self.called}: {self.reason}"

    @property
    def standing(self) -> str:
        """One of waits, read, gone."""
        return "read" if self.resolved_at else "gone" if self.gone_at else "waits"

    @property
    def called(self) -> str:
        """ "Reserved group 12"."""
        return f"{self.kind.replace('_', ' ').capitalize()} {self.external_id}"

    @property
    def listing(self) -> str:
        """The resource in words: "reserved places"."""
        return self.resource.replace("_", " ")
