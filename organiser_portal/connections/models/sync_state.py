"""Where we are with one listing of one connection."""

from datetime import datetime

from django.db import models

from organiser_portal.connections.models.connection import Connection

PATIENCE = 3
"""Failures in a row before anybody is told: most mend themselves."""


class SyncState(models.Model):
    """Cursor, due time, lease and failures in a row of one (connection, resource).

    Lower rooms ask for a sync by setting ``due_at``; the engine claims by one conditional update on ``lease``.
    ``asked_by_hand``: somebody pressed "Sync now"; it goes first. ``full_due``: the next walk is a whole one.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="sync_states")
    resource = models.CharField(max_length=30)
    cursor = models.TextField(blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    asked_by_hand = models.BooleanField(default=False)
    full_due = models.BooleanField(default=False)
    lease = models.CharField(max_length=32, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    held_reason = models.CharField(max_length=500, blank=True)
    last_attempt_at = models.DateTimeField(null=True, blank=True)
    last_success_at = models.DateTimeField(null=True, blank=True)
    last_full_at = models.DateTimeField(null=True, blank=True)
    promised = models.PositiveIntegerField(null=True, blank=True)
    held = models.PositiveIntegerField(default=0)
    empty_once = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "resource"], name="one_state_per_resource")]
        indexes = [models.Index(fields=["due_at"], name="sync_state_due")]

    def __str__(self) -> str:
        return f"{self.connection_id} {self.resource}"

    @property
    def fails(self) -> bool:
        """Whether the last look failed by what may mend itself: one that is not allowed has its reason told instead."""
        return bool(self.failures) and not self.held_reason

    @property
    def keeps_failing(self) -> bool:
        return self.fails and self.failures >= PATIENCE

    def is_leased(self, now: datetime) -> bool:
        """Whether a worker is at it."""
        return bool(self.lease) and self.leased_until is not None and self.leased_until > now
