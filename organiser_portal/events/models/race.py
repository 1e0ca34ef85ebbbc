"""A race of ours, and one race as one provider lists it."""

from datetime import datetime

from django.db import models

from organiser_portal.connections.models import SyncedModel
from organiser_portal.events.models.event import Event, EventListing
from organiser_portal.organisations.models import Organisation
from providers.records import ListingStatus


class RaceQuerySet(models.QuerySet["Race"]):
    def of(self, organisation: Organisation) -> "RaceQuerySet":
        return self.filter(organisation=organisation)

    def ahead(self, now: datetime) -> "RaceQuerySet":
        return self.filter(starts_at__gte=now)


class Race(models.Model):
    """Ours. Several listings may be the same race. ``licence_capacity`` is staff's own limit over all channels."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="races")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="races")
    name = models.CharField(max_length=300)
    starts_at = models.DateTimeField(null=True, blank=True)
    sport = models.CharField(max_length=60, blank=True)
    licence_capacity = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RaceQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "name", "id"]
        indexes = [
            models.Index(fields=["organisation", "starts_at"], name="race_by_date"),
            models.Index(fields=["organisation", "name"], name="race_by_name"),
        ]

    def __str__(self) -> str:
        return self.name


class ListingQuerySet(models.QuerySet["Listing"]):
    def of(self, organisation: Organisation) -> "ListingQuerySet":
        return self.filter(organisation=organisation)


class Listing(SyncedModel):
    """One race as one provider lists it. Every fact but ``race`` is the provider's.

    ``sold`` is the provider's own count. Money is in minor units of ``currency``; ``price_unknown`` holds a price
    whose unit the provider does not say. ``accepts_entries`` says what the provider would take, closing date apart.
    """

    race = models.ForeignKey(Race, on_delete=models.CASCADE, related_name="listings")
    event_listing = models.ForeignKey(EventListing, on_delete=models.CASCADE, related_name="listings")
    name = models.CharField(max_length=300, blank=True)
    description = models.TextField(blank=True)
    url = models.CharField(max_length=500, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    capacity = models.PositiveIntegerField(null=True, blank=True)
    sold = models.PositiveIntegerField(null=True, blank=True)
    status = models.CharField(
        max_length=10, choices=[(s.value, s.value.capitalize()) for s in ListingStatus], default="unknown"
    )
    status_text = models.CharField(max_length=60, blank=True)
    accepts_entries = models.BooleanField(default=False)
    closed_because = models.CharField(max_length=200, blank=True)
    price_minor = models.IntegerField(null=True, blank=True)
    price_unknown = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    affiliated_price_minor = models.IntegerField(null=True, blank=True)
    fee_minor = models.IntegerField(null=True, blank=True)
    fee_paid_by_entrant = models.BooleanField(default=False)
    currency = models.CharField(max_length=3, blank=True)
    sport = models.CharField(max_length=60, blank=True)
    distance = models.CharField(max_length=60, blank=True)
    is_team = models.BooleanField(default=False)
    min_team_size = models.PositiveIntegerField(null=True, blank=True)
    max_team_size = models.PositiveIntegerField(null=True, blank=True)
    affiliations = models.JSONField(default=list, blank=True)
    stub = models.BooleanField(default=False)
    as_of = models.DateTimeField(null=True, blank=True)

    objects = ListingQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name or self.external_id

    def takes_entries(self, now: datetime) -> bool:
        return self.accepts_entries and self.gone_at is None and (self.closes_at is None or self.closes_at > now)
