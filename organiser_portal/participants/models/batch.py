"""One thing done to many entries: what, by whom, how far it is, and the way back."""

from django.conf import settings
from django.db import models

from organiser_portal.organisations.models import Organisation
from organiser_portal.participants.models.entry import Entry


class BatchState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    CANCELLED = "cancelled", "Stopped"


class BatchQuerySet(models.QuerySet["Batch"]):
    def of(self, organisation: Organisation) -> "BatchQuerySet":
        return self.filter(organisation=organisation)

    def unfinished(self) -> "BatchQuerySet":
        return self.filter(state__in=(BatchState.WAITING, BatchState.RUNNING))


class Batch(models.Model):
    """``action`` is a key of `bulk.actions.ACTIONS`, ``value`` what was typed for it.

    ``query`` asks for the entries, as the list's address does; it is emptied when the batch is over, because a search
    may hold somebody's name. Entries are taken by id from ``cursor`` (done) to ``last`` (the highest when it began):
    each once, though what was done may take it out of the question. ``undoing``: the way back is under way.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="batches")
    action = models.CharField(max_length=20)
    value = models.TextField(blank=True)
    query = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.WAITING)
    undoing = models.BooleanField(default=False)
    total = models.PositiveIntegerField(default=0)
    cursor = models.BigIntegerField(default=0)
    last = models.BigIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    undone = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "batches"
        indexes = [models.Index(fields=["organisation", "-id"], name="batch_newest_first")]

    def __str__(self) -> str:
        return f"{self.action} of {self.total}"

    @property
    def done(self) -> int:
        """How many entries have been looked at."""
        return self.changed + self.same + self.refused

    @property
    def under_way(self) -> bool:
        return self.undoing or self.state in (BatchState.WAITING, BatchState.RUNNING)

    def gone_back(self) -> int:
        """How many changes the way back has been through, those that stay included."""
        return self.items.filter(outcome__in=(ItemOutcome.UNDONE, ItemOutcome.KEPT)).count() if self.changed else 0

    @property
    def progress_text(self) -> str:
        if self.undoing:
            return f"Undoing: {self.gone_back():,} of {self.changed:,}"
        return f"Under way: {self.done:,} of {self.total:,}"


class ItemOutcome(models.TextChoices):
    CHANGED = "changed", "Changed"
    SAME = "same", "Was so already"
    REFUSED = "refused", "Left alone"
    UNDONE = "undone", "Undone"
    KEPT = "kept", "Not undone"


class BatchItem(models.Model):
    """What a batch did to one entry. ``before`` and ``after``: column → value, of the portal's own columns."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="+")
    outcome = models.CharField(max_length=10, choices=ItemOutcome.choices)
    reason = models.CharField(max_length=300, blank=True)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["batch", "entry"], name="once_in_a_batch")]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.entry_id} {self.outcome}"
