"""Who did what at a provider, to which partner, and what came of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from organiser_portal.connections.models import Connection
from organiser_portal.organisations.models import Organisation
from organiser_portal.partners.models.partner import Partner
from organiser_portal.partners.models.places import ReservedGroup


class ActionState(models.TextChoices):
    SENDING = "sending", "Under way"
    DONE = "done", "Done"
    REFUSED = "refused", "Refused"
    FAILED = "failed", "Not done"
    UNKNOWN = "unknown", "Not known"


class PartnerActionQuerySet(models.QuerySet["PartnerAction"]):
    def of(self, organisation: Organisation) -> "PartnerActionQuerySet":
        return self.filter(organisation=organisation)

    def sent(self) -> "PartnerActionQuerySet":
        """Those that reached the provider, or may have."""
        return self.filter(state__in=[ActionState.DONE, ActionState.UNKNOWN])


class PartnerAction(models.Model):
    """One press of a button. Written before the call, so that a crash in the middle leaves its trace.

    ``subject`` is the external id it was done to; ``key`` a hash of everything that was asked for: the same thing is
    not under way twice. ``sentence`` says what came of it. What was typed is not kept: it may be about people.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.SET_NULL, related_name="actions", null=True, blank=True)
    group = models.ForeignKey(ReservedGroup, on_delete=models.SET_NULL, related_name="actions", null=True, blank=True)
    verb = models.CharField(max_length=30)
    subject = models.CharField(max_length=120, blank=True)
    key = models.CharField(max_length=32)
    state = models.CharField(max_length=10, choices=ActionState.choices, default=ActionState.SENDING)
    sentence = models.CharField(max_length=500, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()

    objects = PartnerActionQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["partner", "-at"], name="action_of_partner"),
            models.Index(fields=["organisation", "-at"], name="action_newest_first"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "key"], condition=Q(state="sending"), name="same_action_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject} ({self.state})"

    @property
    def verb_label(self) -> str:
        """ "Send claim link", from its stored name."""
        return self.verb.replace("_", " ").capitalize()
