"""Who was let in, the codes that let stewards do it, and what people here did about either."""

from django.db import models
from django.db.models import Q

from organiser_portal.connections.models import Attempt, SyncedModel
from organiser_portal.core.encryption import decrypt, encrypt
from organiser_portal.core.sealed import SealedField
from organiser_portal.events.models import EventListing, Listing
from organiser_portal.organisations.models import Organisation

HINT = 2  # characters of a code that may be shown


class AdmissionQuerySet(models.QuerySet["Admission"]):
    def of(self, organisation: Organisation) -> "AdmissionQuerySet":
        return self.filter(organisation=organisation)

    def listed(self) -> "AdmissionQuerySet":
        return self.filter(gone_at=None)

    def matching(self, text: str) -> "AdmissionQuerySet":
        """By any part of a name, a ticket, or who let them in."""
        return self.filter(Q(name__icontains=text) | Q(ticket__icontains=text) | Q(steward__icontains=text))


class Admission(SyncedModel):
    """A check-in. ``ticket`` is the entry's external id at the same connection.

    ``steward`` and ``device`` are free text that nobody proves. ``listing`` None with ``race_external_id`` set: the
    section has not been told of yet; it is tied when it is. The race is the listing's.
    """

    event_listing = models.ForeignKey(
        EventListing, on_delete=models.SET_NULL, related_name="admissions", null=True, blank=True
    )
    event_external_id = models.CharField(max_length=120, blank=True)
    listing = models.ForeignKey(Listing, on_delete=models.SET_NULL, related_name="admissions", null=True, blank=True)
    race_external_id = models.CharField(max_length=120, blank=True)
    ticket = models.CharField(max_length=120)
    name = models.CharField(max_length=300, blank=True)
    steward = models.CharField(max_length=300, blank=True)
    device = models.CharField(max_length=300, blank=True)
    admitted_at = models.DateTimeField(null=True, blank=True)

    objects = AdmissionQuerySet.as_manager()

    class Meta(SyncedModel.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["event_listing", "-admitted_at"], name="admission_newest_first"),
            models.Index(fields=["connection", "ticket"], name="admission_by_ticket"),
        ]

    def __str__(self) -> str:
        return self.ticket


class GateTokenQuerySet(models.QuerySet["GateToken"]):
    def of(self, organisation: Organisation) -> "GateTokenQuerySet":
        return self.filter(organisation=organisation)

    def listed(self) -> "GateTokenQuerySet":
        return self.filter(gone_at=None)


class GateToken(SyncedModel):
    """A steward's code for some races of an event. The code opens personal data, so it is kept sealed.

    ``everywhere``: made with the event, for all races. ``own``: the portal reads with it. ``race_external_ids``: list
    of the provider's ids. ``steward`` is ours: for whom it was issued.
    """

    event_listing = models.ForeignKey(
        EventListing, on_delete=models.SET_NULL, related_name="gate_tokens", null=True, blank=True
    )
    event_external_id = models.CharField(max_length=120, blank=True)
    sealed_code = SealedField(default=b"", editable=False)
    code_hint = models.CharField(max_length=HINT, blank=True)
    everywhere = models.BooleanField(default=False)
    own = models.BooleanField(default=False)
    race_external_ids = models.JSONField(default=list, blank=True)
    steward = models.CharField(max_length=100, blank=True)

    objects = GateTokenQuerySet.as_manager()

    class Meta(SyncedModel.Meta):
        abstract = False

    def __str__(self) -> str:
        ending = f"code ending {self.code_hint}" if self.code_hint else "code not known"
        return f"{self.steward}, {ending}" if self.steward else ending

    def code(self) -> str:
        """In the clear, for the card alone; "" where none was told. Raises CannotDecrypt."""
        return decrypt(bytes(self.sealed_code))["code"] if self.sealed_code else ""


def sealed(code: str) -> bytes:
    return encrypt({"code": code})


class GateActionQuerySet(models.QuerySet["GateAction"]):
    def of(self, organisation: Organisation) -> "GateActionQuerySet":
        return self.filter(organisation=organisation)


class GateAction(Attempt):
    """What was done at a gate. ``results``: list of [serial, "admitted" or why not]."""

    event_listing = models.ForeignKey(
        EventListing, on_delete=models.SET_NULL, related_name="gate_actions", null=True, blank=True
    )
    token = models.ForeignKey(GateToken, on_delete=models.SET_NULL, related_name="actions", null=True, blank=True)
    admitted = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    results = models.JSONField(default=list, blank=True)

    objects = GateActionQuerySet.as_manager()

    class Meta(Attempt.Meta):
        abstract = False
        indexes = [models.Index(fields=["event_listing", "-at"], name="gate_action_newest_first")]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "key"], condition=Q(state="sending"), name="same_gate_action_once_at_a_time"
            )
        ]
