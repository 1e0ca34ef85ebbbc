"""Who did what at a provider, to which partner, and what came of it."""

from django.db import models
from django.db.models import Q

from organiser_portal.connections.models import Attempt, AttemptState
from organiser_portal.organisations.models import Organisation
from organiser_portal.partners.models.partner import Partner
from organiser_portal.partners.models.places import ReservedGroup


class PartnerActionQuerySet(models.QuerySet["PartnerAction"]):
    def of(self, organisation: Organisation) -> "PartnerActionQuerySet":
        return self.filter(organisation=organisation)

    def sent(self) -> "PartnerActionQuerySet":
        """Those that reached the provider, or may have."""
        return self.filter(state__in=[AttemptState.DONE, AttemptState.UNKNOWN, AttemptState.SENDING])


class PartnerAction(Attempt):
    """What was done about a partner, its places or a campaign."""

    partner = models.ForeignKey(Partner, on_delete=models.SET_NULL, related_name="actions", null=True, blank=True)
    group = models.ForeignKey(ReservedGroup, on_delete=models.SET_NULL, related_name="actions", null=True, blank=True)

    objects = PartnerActionQuerySet.as_manager()

    class Meta(Attempt.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["partner", "-at"], name="action_of_partner"),
            models.Index(fields=["organisation", "-at"], name="action_newest_first"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "key"], condition=Q(state="sending"), name="same_action_once_at_a_time"
            )
        ]
