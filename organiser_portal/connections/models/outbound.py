"""One edit on its way to a provider."""

from datetime import datetime

from django.conf import settings
from django.db import models

from organiser_portal.connections.models.connection import Connection
from organiser_portal.organisations.models import Organisation
from providers.errors import AccessDenied


class PushState(models.TextChoices):
    QUEUED = "queued", "Queued"
    SENDING = "sending", "Sending"
    CONFIRMED = "confirmed", "Confirmed"
    REJECTED = "rejected", "Refused"
    UNKNOWN = "unknown", "Checking"
    NEEDS_PERSON = "needs_person", "Needs a person"
    DISCARDED = "discarded", "Discarded"


IS_DENIED = models.Q(error_kind=AccessDenied.__name__)
UNDER_WAY = (PushState.QUEUED, PushState.SENDING, PushState.UNKNOWN)
MENDABLE = (PushState.REJECTED, PushState.NEEDS_PERSON)
"""Nothing more happens by itself: a person mends it or lets it go."""


class OutboundChangeQuerySet(models.QuerySet["OutboundChange"]):
    def of(self, organisation: Organisation) -> "OutboundChangeQuerySet":
        return self.filter(organisation=organisation)

    def under_way(self) -> "OutboundChangeQuerySet":
        return self.filter(state__in=UNDER_WAY)

    def denied(self) -> "OutboundChangeQuerySet":
        """What waits because the provider does not allow it: with another key, or another right, it may go."""
        return self.under_way().filter(IS_DENIED)

    def put_forward(self, due: datetime) -> int:
        """Have these sent at ``due``, but for what is on the wire. Returns how many."""
        return self.exclude(state=PushState.SENDING).update(due_at=due)

    def need_a_person(self) -> "OutboundChangeQuerySet":
        return self.filter(state__in=MENDABLE)


class OutboundChange(models.Model):
    """Saved in the same transaction as the edit. Ordered per entry by id.

    ``entry_id`` and ``reference`` name the entry (the table is in a higher room). ``values`` is the change as plain
    JSON (person fields, answers, orders, affiliations, metadata, and for an edit the list ``fields``); it is
    emptied when the entry is redacted. ``field_errors``: our field name → list of the provider's texts. ``error_kind``:
    name of the class of the error that keeps it waiting, or "". ``leased_until`` without a ``lease``: until when what
    was sent of it and not answered may be on its way.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="outbound_changes")
    entry_id = models.BigIntegerField()
    reference = models.CharField(max_length=40)
    action = models.CharField(max_length=20)
    race_external_id = models.CharField(max_length=120)
    entry_external_id = models.CharField(max_length=120, blank=True)
    values = models.JSONField(default=dict)
    state = models.CharField(max_length=20, choices=PushState.choices, default=PushState.QUEUED)
    due_at = models.DateTimeField(null=True, blank=True)
    lease = models.CharField(max_length=32, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    error_kind = models.CharField(max_length=40, blank=True)
    message = models.CharField(max_length=500, blank=True)
    field_errors = models.JSONField(default=dict, blank=True)
    request_id = models.CharField(max_length=40, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = OutboundChangeQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["state", "due_at"], name="outbound_due"),
            models.Index(fields=["entry_id", "id"], name="outbound_of_entry"),
            models.Index(fields=["organisation", "state"], name="outbound_by_state"),
            models.Index(fields=["organisation", "error_kind"], name="outbound_by_error"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.pk} ({self.state})"

    @property
    def is_denied(self) -> bool:
        """Waits because the provider does not allow it."""
        return self.state in UNDER_WAY and self.error_kind == AccessDenied.__name__
