"""One attempt to bring a listing up to date."""

from django.db import models

from organiser_portal.connections.models import Connection
from organiser_portal.organisations.models import Organisation


class Outcome(models.TextChoices):
    RUNNING = "running", "Running"
    SUCCEEDED = "succeeded", "Complete"
    SHORT = "short", "Ended short"
    IMPLAUSIBLE = "implausible", "Not believed"
    FAILED = "failed", "Failed"
    ABANDONED = "abandoned", "Abandoned"


class Owed(models.TextChoices):
    """What a run left to the next one though nothing was missing: its time was up, or it had begun further on."""

    REST = "rest", "The rest of the pages"
    GONE = "gone", "To look for what is gone"


class SyncRun(models.Model):
    """What happened, in figures. Kept for ever; success does not delete it.

    ``error_kind`` is the name of the error class, "internal" for a mistake of ours, or "Accepted" where a person has
    believed what was refused as implausible; ``error_sentence`` is for the organiser, ``error_detail`` and
    ``request_id`` for operators. ``owes`` is said of a run that ended short for no fault of anybody's.
    ``named_before``: how many else the turns before this one named of the same whole walk.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="sync_runs")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="sync_runs")
    resource = models.CharField(max_length=30)
    full = models.BooleanField(default=False)
    resumed = models.BooleanField(default=False)
    by_hand = models.BooleanField(default=False)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default=Outcome.RUNNING)
    started_at = models.DateTimeField()
    progressed_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    seen = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    gone = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    requests = models.PositiveIntegerField(default=0)
    bytes = models.BigIntegerField(default=0)
    promised = models.PositiveIntegerField(null=True, blank=True)
    held = models.PositiveIntegerField(null=True, blank=True)
    owes = models.CharField(max_length=10, choices=Owed.choices, blank=True)
    named_before = models.PositiveIntegerField(default=0)
    error_kind = models.CharField(max_length=40, blank=True)
    error_sentence = models.CharField(max_length=500, blank=True)
    error_detail = models.CharField(max_length=1000, blank=True)
    request_id = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["connection", "-id"], name="run_newest_first"),
            models.Index(fields=["finished_at"], name="run_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.outcome}"

    @property
    def seen_in_all(self) -> int:
        """With what the turns before it have seen."""
        return self.seen + self.named_before


class RememberedPages(models.Model):
    """Some pages of a listing, as its last whole walk saw them: see ``remembered``. No personal data.

    ``terms``: under which they may be believed; the ``number``s of those that belong together begin with nought.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+", db_index=False)
    resource = models.CharField(max_length=30)
    number = models.PositiveIntegerField()
    terms = models.CharField(max_length=32)
    data = models.BinaryField()

    class Meta:
        # The connection has no index of its own: the constraint begins with it.
        constraints = [
            models.UniqueConstraint(fields=["connection", "resource", "number"], name="pages_remembered_once")
        ]

    def __str__(self) -> str:
        return f"{self.connection_id} {self.resource} {self.number}"


class HandedOver(models.Model):
    """Ids of a listing, by their marks, as one turn of a whole walk leaves them to another: see ``handed_over``.

    ``terms``: under which they count. ``began``: when the first turn of the walk did.
    """

    class What(models.TextChoices):
        NAMED = "named", "Named so far by a walk that is under way"
        MISSED = "missed", "Not named by the last walk, and not yet gone"

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+", db_index=False)
    resource = models.CharField(max_length=30)
    what = models.CharField(max_length=6, choices=What.choices)
    number = models.PositiveIntegerField()
    terms = models.CharField(max_length=32)
    began = models.DateTimeField()
    marks = models.BinaryField()

    class Meta:
        verbose_name_plural = "handed over"
        constraints = [
            models.UniqueConstraint(fields=["connection", "resource", "what", "number"], name="handed_over_once")
        ]

    def __str__(self) -> str:
        return f"{self.connection_id} {self.resource} {self.what} {self.number}"


class PutOffIndex(models.Model):
    """An index that is made when its table has been filled: see ``put_off``. ``definition``: the statement."""

    table = models.CharField(max_length=63)
    definition = models.TextField()

    class Meta:
        verbose_name_plural = "put off indexes"

    def __str__(self) -> str:
        return self.definition
