"""Whoever brings entrants: a charity, a sponsor, an affiliate."""

from django.db import models

from organiser_portal.connections.models import SyncedModel
from organiser_portal.organisations.models import Organisation
from providers.partner_records import PartnerKind

KINDS = {
    PartnerKind.CHARITY: "Charity",
    PartnerKind.CORPORATE: "Corporate",
    PartnerKind.SPONSOR: "Sponsor",
    PartnerKind.FRIENDS_AND_FAMILY: "Friends and family",
    PartnerKind.MERCHANDISE: "Merchandise partner",
    PartnerKind.AFFILIATE: "Affiliate",
    PartnerKind.OTHER: "Other",
}


class PartnerQuerySet(models.QuerySet["Partner"]):
    def of(self, organisation: Organisation) -> "PartnerQuerySet":
        return self.filter(organisation=organisation)

    def listed(self) -> "PartnerQuerySet":
        """Those the provider still names."""
        return self.filter(gone_at=None)


class Partner(SyncedModel):
    """As its provider tells of it. ``active`` None: the provider does not say.

    ``contacts``: list of {"first_name", "last_name", "email", "phone"}, for those who may see people. ``other_ids``:
    list of [kind, id]. ``editable``: by field name, what an edit form shows and sends back.
    """

    name = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=20, choices=[(kind.value, label) for kind, label in KINDS.items()])
    kind_text = models.CharField(max_length=100, blank=True)
    description = models.TextField(blank=True)
    active = models.BooleanField(null=True, blank=True)
    status_text = models.CharField(max_length=100, blank=True)
    contacts = models.JSONField(default=list, blank=True)
    country = models.CharField(max_length=60, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    other_ids = models.JSONField(default=list, blank=True)
    editable = models.JSONField(default=dict, blank=True)
    remote_created_at = models.DateTimeField(null=True, blank=True)
    remote_updated_at = models.DateTimeField(null=True, blank=True)

    objects = PartnerQuerySet.as_manager()

    class Meta(SyncedModel.Meta):
        abstract = False
        indexes = [models.Index(fields=["organisation", "name", "id"], name="partner_by_name")]

    def __str__(self) -> str:
        return self.name or self.external_id

    @property
    def address(self) -> str:
        """The first contact's e-mail address, exactly as the provider has it; "" without one."""
        return next((contact["email"] for contact in self.contacts if contact.get("email")), "")
