"""That the clock ticks, which sources are stale, and which letters about them still have to go out."""

from django.db import models
from django.db.models import Q

from organiser_portal.connections.models import Connection


class Tick(models.Model):
    """One row: when the clock last ticked, since when it has done so without a pause, and who listened then.

    ``workers``: queue → how many workers answered for it.
    """

    at = models.DateTimeField()
    steady_since = models.DateTimeField()
    workers = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"


class Fault(models.TextChoices):
    """Whose it is that a source is stale."""

    ACCESS = "access", "Our access there"
    PROVIDER = "provider", "The provider"
    RESTING = "resting", "The provider asked us to wait"
    OURS = "ours", "This portal"


class Alarm(models.Model):
    """A connection whose data are older than they should be; at most one open at a time.

    ``since``: as of when its data are. ``sentence`` is what was found, for the organiser.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="alarms")
    fault = models.CharField(max_length=10, choices=Fault.choices)
    sentence = models.CharField(max_length=500)
    since = models.DateTimeField()
    raised_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["connection"], condition=Q(cleared_at=None), name="one_open_alarm_per_connection"
            )
        ]

    def __str__(self) -> str:
        return f"{self.connection_id} {self.fault}"


class Letter(models.Model):
    """One e-mail to the owners about an alarm. ``due_at`` None: sent, given up, or not needed any more."""

    class About(models.TextChoices):
        STALE = "stale", "Stale"
        WELL = "well", "Well again"

    alarm = models.ForeignKey(Alarm, on_delete=models.CASCADE, related_name="letters")
    about = models.CharField(max_length=5, choices=About.choices)
    due_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alarm", "about"], name="one_letter_of_each_kind")]
        indexes = [models.Index(fields=["due_at"], name="letter_due", condition=Q(due_at__isnull=False))]

    def __str__(self) -> str:
        return f"{self.alarm_id} {self.about}"
