"""Entries from a file: what was uploaded, what each row would do, what it did, and the way back."""

from datetime import timedelta

from django.conf import settings
from django.db import models

from organiser_portal.events.models import Listing, Race
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants.models.entry import Entry

KEPT_FOR = timedelta(days=7)
"""How long an uploaded file, and what is needed to undo its import, are kept."""


class ImportState(models.TextChoices):
    NEW = "new", "Columns to be matched"
    CHECKING = "checking", "Being checked"
    CHECKED = "checked", "Waits for your word"
    COMMITTING = "committing", "Being imported"
    DONE = "done", "Imported"
    STOPPED = "stopped", "Stopped"


class Pile(models.TextChoices):
    """What the check says of a row."""

    CREATE = "create", "Create"
    UPDATE = "update", "Update"
    SAME = "same", "Already there"
    CANNOT = "cannot", "Cannot"


class RowOutcome(models.TextChoices):
    """What came of a row."""

    CREATED = "created", "Created"
    UPDATED = "updated", "Updated"
    LEFT = "left", "Left alone"
    UNDONE = "undone", "Undone"
    KEPT = "kept", "Not undone"


class ImportQuerySet(models.QuerySet["Import"]):
    def of(self, organisation: Organisation) -> "ImportQuerySet":
        return self.filter(organisation=organisation)

    def under_way(self) -> "ImportQuerySet":
        return self.filter(models.Q(state__in=(ImportState.CHECKING, ImportState.COMMITTING)) | models.Q(undoing=True))


class Import(models.Model):
    """``columns``: list of {"heading", "samples", "filled", "order"}; ``mapping``: heading → key of a
    `imports.headings.Target`. ``heading_key`` is equal for files with the same headings: what was matched for one is
    proposed for the next. ``race`` None: a column names it; ``listing`` None: new entries are kept only here.

    ``cursor``: chunks gone through in the present state. The figures of the four piles count rows of the check,
    ``told`` those that a provider would hear of; the others what came of them.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="imports")
    file_name = models.CharField(max_length=200)
    read_as = models.CharField(max_length=300)
    heading_key = models.CharField(max_length=64)
    columns = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    month_first = models.BooleanField(default=False)
    race = models.ForeignKey(Race, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    listing = models.ForeignKey(Listing, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.NEW)
    undoing = models.BooleanField(default=False)
    total = models.PositiveIntegerField(default=0)
    cursor = models.PositiveIntegerField(default=0)
    create = models.PositiveIntegerField(default=0)
    update = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    cannot = models.PositiveIntegerField(default=0)
    told = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    undone = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="import_newest_first"),
            models.Index(fields=["organisation", "heading_key"], name="import_by_headings"),
        ]

    def __str__(self) -> str:
        return f"import {self.pk} of {self.total} rows"

    @property
    def looked_at(self) -> int:
        """Rows that the check has been through."""
        return self.create + self.update + self.same + self.cannot

    @property
    def promised(self) -> int:
        """Rows that the commit is to do something about."""
        return self.create + self.update

    @property
    def done(self) -> int:
        """Rows that the commit has been through."""
        return self.created + self.updated + self.left

    @property
    def changed(self) -> int:
        return self.created + self.updated

    @property
    def gone_back(self) -> int:
        """Rows that the undoing has been through."""
        return self.undone + self.kept

    @property
    def progress_text(self) -> str:
        if self.undoing:
            return f"Undoing: {self.gone_back:,} of {self.changed:,}"
        if self.state == ImportState.CHECKING:
            return f"Checking: {self.looked_at:,} of {self.total:,} rows"
        return f"Importing: {self.done:,} of {self.promised:,}"

    @property
    def under_way(self) -> bool:
        return self.undoing or self.state in (ImportState.CHECKING, ImportState.COMMITTING)

    @property
    def over(self) -> bool:
        return self.state in (ImportState.DONE, ImportState.STOPPED)


class ImportChunk(models.Model):
    """Some rows of the file, as compressed JSON: [[number, [cell, ...]], ...]. Gone when the import is over."""

    imported = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["imported", "number"], name="once_in_a_file")]

    def __str__(self) -> str:
        return f"{self.imported_id}: {self.number}"


class ImportRow(models.Model):
    """One row of the file. ``number`` is its own there, ``name`` and the rest who is meant; ``entry`` whom it was found
    to be, or who came of it. ``before`` and ``after``: column → stored value, of what was changed in an entry.
    """

    imported = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    pile = models.CharField(max_length=10, choices=Pile.choices)
    reason = models.CharField(max_length=300, blank=True)
    told = models.BooleanField(default=False)
    name = models.CharField(max_length=401, blank=True)
    race = models.ForeignKey(Race, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    sort_name = models.CharField(max_length=300, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    email = models.CharField(max_length=254, blank=True)
    entry = models.ForeignKey(Entry, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=RowOutcome.choices, blank=True)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["imported", "number"], name="once_in_an_import")]
        indexes = [
            models.Index(fields=["imported", "pile", "number"], name="import_row_by_pile"),
            models.Index(fields=["imported", "sort_name"], name="import_row_by_name"),
        ]

    def __str__(self) -> str:
        return f"{self.imported_id}: row {self.number} {self.pile}"
