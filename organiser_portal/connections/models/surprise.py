"""Where a provider's records turned out other than it declares: the rows of the contract watch."""

from django.conf import settings
from django.db import models

from organiser_portal.connections.models.connection import Connection
from providers.surprises import Why


class ContractSurpriseQuerySet(models.QuerySet["ContractSurprise"]):
    def open(self) -> "ContractSurpriseQuerySet":
        """Those that nobody has looked at yet."""
        return self.filter(understood_at=None)


class ContractSurprise(models.Model):
    """One difference, however often it is met. Holds nothing of what a record said: ``example`` is redacted.

    ``why`` and ``detail``: see ``providers.surprises.Surprise``. ``times`` counts the runs that met it.
    ``understood_at``: somebody has seen it and it needs no more attention; a different surprise is a row of its own.
    """

    WHYS = tuple((why.value, why.value.replace("_", " ")) for why in Why)

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="contract_surprises")
    kind = models.CharField(max_length=20)
    path = models.CharField(max_length=200, blank=True)
    why = models.CharField(max_length=20, choices=WHYS)
    detail = models.CharField(max_length=40, blank=True)
    example = models.CharField(max_length=80, blank=True)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    understood_at = models.DateTimeField(null=True, blank=True)
    understood_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = ContractSurpriseQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "path", "why", "detail"]
        constraints = [
            models.UniqueConstraint(fields=["connection", "kind", "path", "why", "detail"], name="one_row_per_surprise")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.path}: {self.why} {self.detail}".strip()
