"""A request for a place that may become an entry."""

from django.db import models

from organiser_portal.connections.models import Connection, SyncedModel
from organiser_portal.events.models import Listing, Race
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants.models.person import PersonFields


class ApplicationQuerySet(models.QuerySet["Application"]):
    def of(self, organisation: Organisation) -> "ApplicationQuerySet":
        return self.filter(organisation=organisation)


class Application(SyncedModel, PersonFields):
    """``approval`` and ``resolution`` are the provider's words: an open set."""

    # What begins one of the indexes below needs none of its own.
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+", db_index=False)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+", db_index=False)
    race = models.ForeignKey(Race, on_delete=models.CASCADE, related_name="applications", db_index=False)
    listing = models.ForeignKey(Listing, on_delete=models.SET_NULL, null=True, blank=True, related_name="applications")
    approval = models.CharField(max_length=60, blank=True)
    resolution = models.CharField(max_length=60, blank=True)
    draw = models.CharField(max_length=200, blank=True)
    ticket_title = models.CharField(max_length=300, blank=True)
    booking_id = models.CharField(max_length=120, blank=True)
    partner_name = models.CharField(max_length=300, blank=True)
    partner_group = models.CharField(max_length=300, blank=True)
    answers = models.JSONField(default=list, blank=True)
    redacted = models.BooleanField(default=False)
    applied_at = models.DateTimeField()
    remote_updated_at = models.DateTimeField(null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta(SyncedModel.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["organisation", "-applied_at", "-id"], name="application_newest_first"),
            models.Index(fields=["organisation", "sort_name", "id"], name="application_by_name"),
            models.Index(fields=["race", "approval"], name="application_by_approval"),
        ]

    def __str__(self) -> str:
        return f"Application {self.pk}"
