"""What is put on, and how each provider lists it."""

from django.db import models

from organiser_portal.connections.models import SyncedModel
from organiser_portal.organisations.models import Organisation


class EventQuerySet(models.QuerySet["Event"]):
    def of(self, organisation: Organisation) -> "EventQuerySet":
        return self.filter(organisation=organisation)


class Event(models.Model):
    """Ours. One or more providers list it. ``time_zone`` is for display; all stored times are UTC.

    ``claims_close_on`` is staff's own last day for claiming held places: no provider tells one.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="events")
    name = models.CharField(max_length=300)
    time_zone = models.CharField(max_length=64, default="Europe/London")
    claims_close_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class EventListing(SyncedModel):
    """One event as one provider lists it. ``stub``: known only because a race or an entry names it.

    ``draft``: the public cannot see it yet. ``facts``: list of [name, value], in the provider's words, for the page.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="listings")
    name = models.CharField(max_length=300, blank=True)
    description = models.TextField(blank=True)
    location = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=500, blank=True)
    image_url = models.CharField(max_length=500, blank=True)
    draft = models.BooleanField(default=False)
    facts = models.JSONField(default=list, blank=True)
    stub = models.BooleanField(default=False)
    as_of = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name or self.external_id
