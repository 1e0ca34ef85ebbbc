"""An affiliate's offers, and what came of them. Money is in major units, exact, never without its currency."""

from datetime import date

from django.db import models

from organiser_portal.connections.models import SyncedModel
from organiser_portal.core.exact import ExactDecimalField
from organiser_portal.events.models import Race
from organiser_portal.organisations.models import Organisation
from organiser_portal.partners.models.partner import Partner
from providers.partner_records import ConversionStatus

DIGITS, PLACES = 30, 15


def _money() -> ExactDecimalField:
    return ExactDecimalField(max_digits=DIGITS, decimal_places=PLACES, null=True, blank=True)


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def of(self, organisation: Organisation) -> "CampaignQuerySet":
        return self.filter(organisation=organisation)

    def listed(self) -> "CampaignQuerySet":
        return self.filter(gone_at=None)


class Campaign(SyncedModel):
    """An offer. ``race`` is the portal's own column: linked by hand, written by no provider.

    ``caps``: list of {"external_id", "what", "daily", "monthly", "lifetime", "pauses"}; None is no limit.
    """

    name = models.CharField(max_length=300, blank=True)
    short_id = models.CharField(max_length=60, blank=True)
    url = models.CharField(max_length=1000, blank=True)
    active = models.BooleanField(null=True, blank=True)
    status_text = models.CharField(max_length=100, blank=True)
    model = models.CharField(max_length=60, blank=True)
    payout = _money()
    revenue = _money()
    currency = models.CharField(max_length=3, blank=True)
    caps = models.JSONField(default=list, blank=True)
    remote_created_at = models.DateTimeField(null=True, blank=True)
    race = models.ForeignKey(Race, on_delete=models.SET_NULL, related_name="campaigns", null=True, blank=True)

    objects = CampaignQuerySet.as_manager()

    class Meta(SyncedModel.Meta):
        abstract = False

    def __str__(self) -> str:
        return self.name or self.external_id


class ConversionQuerySet(models.QuerySet["Conversion"]):
    def of(self, organisation: Organisation) -> "ConversionQuerySet":
        return self.filter(organisation=organisation)

    def that_count(self) -> "ConversionQuerySet":
        """Only what is approved counts."""
        return self.filter(status=ConversionStatus.APPROVED.value, gone_at=None)


class Conversion(SyncedModel):
    """One credited result. ``transaction`` is an entry's own id, where the organiser sent one along."""

    campaign = models.ForeignKey(Campaign, on_delete=models.SET_NULL, related_name="conversions", null=True, blank=True)
    campaign_external_id = models.CharField(max_length=120, blank=True)
    partner = models.ForeignKey(Partner, on_delete=models.SET_NULL, related_name="conversions", null=True, blank=True)
    partner_external_id = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=12, choices=[(s.value, s.value.capitalize()) for s in ConversionStatus])
    status_text = models.CharField(max_length=100, blank=True)
    payout = _money()
    revenue = _money()
    sale = _money()
    currency = models.CharField(max_length=3, blank=True)
    transaction = models.CharField(max_length=200, blank=True)
    goal = models.CharField(max_length=200, blank=True)
    happened_at = models.DateTimeField(null=True, blank=True)

    objects = ConversionQuerySet.as_manager()

    class Meta(SyncedModel.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["partner", "status"], name="conversion_of_partner"),
            models.Index(fields=["organisation", "-happened_at", "-id"], name="conversion_newest_first"),
            models.Index(fields=["connection", "partner_external_id"], name="conversion_by_partner_id"),
            models.Index(fields=["connection", "campaign_external_id"], name="conversion_by_campaign_id"),
        ]

    def __str__(self) -> str:
        return self.external_id


class DayStatQuerySet(models.QuerySet["DayStat"]):
    def of(self, organisation: Organisation) -> "DayStatQuerySet":
        return self.filter(organisation=organisation)

    def between(self, first: date, last: date) -> "DayStatQuerySet":
        """Both days included."""
        return self.filter(day__gte=first, day__lte=last, gone_at=None)


class DayStat(SyncedModel):
    """One partner's day, over all campaigns or at one."""

    partner = models.ForeignKey(Partner, on_delete=models.SET_NULL, related_name="days", null=True, blank=True)
    partner_external_id = models.CharField(max_length=120)
    campaign = models.ForeignKey(Campaign, on_delete=models.SET_NULL, related_name="days", null=True, blank=True)
    campaign_external_id = models.CharField(max_length=120, blank=True)
    day = models.DateField()
    clicks = models.PositiveIntegerField(default=0)
    impressions = models.PositiveIntegerField(default=0)
    conversions = models.PositiveIntegerField(default=0)
    payout = _money()
    revenue = _money()
    currency = models.CharField(max_length=3, blank=True)

    objects = DayStatQuerySet.as_manager()

    class Meta(SyncedModel.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["partner", "day"], name="day_of_partner"),
            models.Index(fields=["connection", "partner_external_id"], name="day_by_partner_id"),
            models.Index(fields=["connection", "campaign_external_id"], name="day_by_campaign_id"),
        ]

    def __str__(self) -> str:
        return f"{self.partner_external_id} {self.day}"
