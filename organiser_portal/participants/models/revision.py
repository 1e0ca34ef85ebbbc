"""One change to an entry."""

from django.conf import settings
from django.db import models

from organiser_portal.organisations.models import Organisation
from organiser_portal.participants.models.entry import Entry


class Revision(models.Model):
    """Who or which run changed what, field by field. ``changes``: list of {"field", "old", "new"} of displayable text.

    ``source``: "staff", "sync", "push" or "replay". ``run_id`` names the sync run. ``before`` and ``after`` hold, for
    what staff changed, the values themselves by the same field names, so that it can be undone; medical and emergency
    data never. Emptied when the entry is redacted.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="revisions")
    at = models.DateTimeField()
    source = models.CharField(max_length=10)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    run_id = models.BigIntegerField(null=True, blank=True)
    summary = models.CharField(max_length=300, blank=True)
    changes = models.JSONField(default=list)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.source} {self.at:%Y-%m-%d %H:%M}"
