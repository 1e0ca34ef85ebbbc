"""One press of a button that reaches a provider: written down before the call, settled after it."""

from django.conf import settings
from django.db import models

from organiser_portal.connections.models.connection import Connection
from organiser_portal.organisations.models import Organisation


class AttemptState(models.TextChoices):
    SENDING = "sending", "Under way"
    DONE = "done", "Done"
    REFUSED = "refused", "Refused"
    FAILED = "failed", "Not done"
    UNKNOWN = "unknown", "Not known"


class Attempt(models.Model):
    """Who asked for what, and what came of it. Written before the call, so that a crash leaves its trace.

    ``subject`` is the external id it is done to; ``key`` a hash of everything that was asked for: the same thing is
    not under way twice (each kind of attempt has the constraint). ``sentence`` says what came of it. What was typed is
    not kept: it may be about people.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    verb = models.CharField(max_length=30)
    subject = models.CharField(max_length=120, blank=True)
    key = models.CharField(max_length=32)
    state = models.CharField(max_length=10, choices=AttemptState.choices, default=AttemptState.SENDING)
    sentence = models.CharField(max_length=500, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject} ({self.state})"

    @property
    def verb_label(self) -> str:
        """ "Send claim link", from its stored name."""
        return self.verb.replace("_", " ").capitalize()
