"""Places held for a partner, and the entries that took them."""

from django.db import models
from django.db.models import Count, Q

from organiser_portal.connections.models import SyncedModel
from organiser_portal.events.models import EventListing
from organiser_portal.organisations.models import Organisation
from organiser_portal.partners.models.partner import Partner


class ReservedGroupQuerySet(models.QuerySet["ReservedGroup"]):
    def of(self, organisation: Organisation) -> "ReservedGroupQuerySet":
        return self.filter(organisation=organisation)

    def listed(self) -> "ReservedGroupQuerySet":
        return self.filter(gone_at=None)

    def with_entries(self) -> "ReservedGroupQuerySet":
        """Adds ``entries_seen``: entries of ours that are tied to the group and hold a place."""
        live = Q(ties__entry__status="live", ties__entry__gone_at=None)
        return self.annotate(entries_seen=Count("ties", filter=live))


class ReservedGroup(SyncedModel):
    """``used`` of ``capacity`` claimed, as the provider counts them.

    ``partner`` None with ``partner_external_id`` set: the partner has not been told of yet; it is tied when it is.
    Without that id the places are the organiser's own. ``ticket_ids`` are the provider's.
    """

    event_listing = models.ForeignKey(
        EventListing, on_delete=models.SET_NULL, related_name="reserved_groups", null=True, blank=True
    )
    event_external_id = models.CharField(max_length=120, blank=True)
    partner = models.ForeignKey(Partner, on_delete=models.SET_NULL, related_name="groups", null=True, blank=True)
    partner_external_id = models.CharField(max_length=120, blank=True)
    name = models.CharField(max_length=300, blank=True)
    description = models.TextField(blank=True)
    capacity = models.PositiveIntegerField(default=0)
    used = models.PositiveIntegerField(default=0)
    kind_text = models.CharField(max_length=100, blank=True)
    ticket_ids = models.JSONField(default=list, blank=True)
    editable = models.JSONField(default=dict, blank=True)

    objects = ReservedGroupQuerySet.as_manager()

    class Meta(SyncedModel.Meta):
        abstract = False
        indexes = [models.Index(fields=["connection", "partner_external_id"], name="group_by_partner_id")]

    def __str__(self) -> str:
        return self.name or self.external_id

    @property
    def left(self) -> int:
        """Places nobody has claimed; nought when more are used than held."""
        return max(0, self.capacity - self.used)

    @property
    def fill_rate(self) -> float | None:
        return self.used / self.capacity if self.capacity else None


class EntryTie(models.Model):
    """Which group and which partner an entry came by. Worked out after each sync; never written by hand."""

    # By name: the participants are a sibling of this room.
    entry = models.OneToOneField("participants.Entry", on_delete=models.CASCADE, related_name="tie", primary_key=True)
    group = models.ForeignKey(ReservedGroup, on_delete=models.CASCADE, related_name="ties", null=True, blank=True)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="ties", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(group__isnull=False) | Q(partner__isnull=False), name="tied_to_something"
            )
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.group_id}, {self.partner_id}"
