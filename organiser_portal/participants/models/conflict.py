"""Where both sides changed a value: what is open, what the organisation's rules are, what was settled in one go."""

from django.conf import settings
from django.db import models

from organiser_portal.organisations.models import Organisation
from organiser_portal.participants.merge import Rule
from organiser_portal.participants.models.entry import Entry
from organiser_portal.participants.patterns import Pattern


class ConflictQuerySet(models.QuerySet["Conflict"]):
    def of(self, organisation: Organisation) -> "ConflictQuerySet":
        """Those that matter: an entry that the provider no longer lists has nothing to be settled."""
        return self.filter(organisation=organisation, entry__gone_at=None)


class Conflict(models.Model):
    """One open conflict of one entry, so that they can be found and counted without reading every entry.

    Holds no value: both are in the entry's own ``conflicts``, which these rows follow in the same transaction.
    ``differs`` is a ``Pattern``.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="open_conflicts")
    field = models.CharField(max_length=30)
    differs = models.CharField(max_length=10, choices=[(each.value, each.name.capitalize()) for each in Pattern])

    objects = ConflictQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["entry", "field"], name="one_conflict_per_field")]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="conflict_newest_first"),
            models.Index(fields=["organisation", "field", "differs"], name="conflict_by_pattern"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.field}"


class FieldRule(models.Model):
    """Who wins on one field where both sides have changed it. No row: a person is asked."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    field = models.CharField(max_length=30)
    rule = models.CharField(max_length=10, choices=[(each.value, each.name.capitalize()) for each in Rule])
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    set_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "field"], name="one_rule_per_field")]

    def __str__(self) -> str:
        return f"{self.field}: {self.rule}"


class Settlement(models.Model):
    """Conflicts that somebody settled in one go. ``asked`` are the filters, by name; ``undone`` how many went back."""

    class Choice(models.TextChoices):
        OURS = "ours", "Keep ours"
        THEIRS = "theirs", "Take theirs"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    choice = models.CharField(max_length=10, choices=Choice.choices)
    asked = models.JSONField(default=dict)
    number = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["organisation", "-id"], name="settlement_newest_first")]

    def __str__(self) -> str:
        return f"{self.choice} {self.number}"


class SettledField(models.Model):
    """How one conflict stood before it was settled with others, for the way back. Goes when the person is erased.

    ``change_id``: the outbound change that told the provider, if any did.
    """

    settlement = models.ForeignKey(Settlement, on_delete=models.CASCADE, related_name="fields")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="+")
    field = models.CharField(max_length=30)
    override = models.JSONField(default=dict)
    conflict = models.JSONField(default=dict)
    change_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["settlement", "entry", "field"], name="settled_once")]

    def __str__(self) -> str:
        return f"{self.settlement_id}: {self.entry_id} {self.field}"
