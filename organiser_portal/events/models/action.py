"""Who changed what about an event or its races at a provider, and what came of it."""

from django.db import models
from django.db.models import Q

from organiser_portal.connections.models import Attempt
from organiser_portal.events.models.event import EventListing


class EventAction(Attempt):
    """What was done from here to an event as a provider lists it."""

    event_listing = models.ForeignKey(
        EventListing, on_delete=models.SET_NULL, related_name="actions", null=True, blank=True
    )

    class Meta(Attempt.Meta):
        abstract = False
        indexes = [models.Index(fields=["event_listing", "-at"], name="event_action_newest_first")]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "key"], condition=Q(state="sending"), name="same_event_action_once"
            )
        ]
