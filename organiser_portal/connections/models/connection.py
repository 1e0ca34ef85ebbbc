"""An organisation's account at one provider."""

import json
from collections.abc import Mapping
from datetime import datetime

from django.db import models
from django.utils.crypto import salted_hmac

from organiser_portal.core.encryption import Secrets, decrypt, encrypt
from organiser_portal.organisations.models import Organisation


class Standing(models.TextChoices):
    UNTESTED = "untested", "Untested"
    WORKING = "working", "Working"
    NEEDS_ATTENTION = "needs_attention", "Needs attention"
    PAUSED = "paused", "Paused"


class ConnectionQuerySet(models.QuerySet["Connection"]):
    def of(self, organisation: Organisation) -> "ConnectionQuerySet":
        return self.filter(organisation=organisation)

    def at_work(self) -> "ConnectionQuerySet":
        """Those the engines may call: tested and neither parked nor paused."""
        return self.filter(standing=Standing.WORKING)

    def callable_at(self, now: datetime) -> "ConnectionQuerySet":
        """Those at work whose provider has not asked us to wait."""
        return self.at_work().filter(models.Q(quiet_until=None) | models.Q(quiet_until__lte=now))

    def with_the_key_of(self, connection: "Connection") -> "ConnectionQuerySet":
        """This connection, and any other that has the same key."""
        same = models.Q(key_mark=connection.key_mark) if connection.key_mark else models.Q()
        return self.filter(models.Q(pk=connection.pk) | same)


def key_mark(provider: str, credentials: Mapping[str, str]) -> str:
    """A keyed hash by which the same key is known again; "" without one."""
    held = sorted((name, value) for name, value in credentials.items() if value)
    if not held:
        return ""
    return salted_hmac("connections.key_mark", json.dumps([provider, held]), algorithm="sha256").hexdigest()[:32]


class Connection(models.Model):
    """One account: where it is, its plain settings, its sealed credentials, and how it stands.

    ``learned`` is what the provider's client found out for itself; ``mapping`` the confirmed person-field mapping;
    ``account`` what the last good test said (name, facts). ``base_url`` other than the provider's own counts only
    while ``base_url_allowed``, which an administrator sets. ``polling`` holds intervals in minutes by phase.
    ``quiet_until``: the provider asked us not to call with this key before then. ``key_mark``: equal where two
    connections have the same key at the same provider, and tells nothing about it; "" where there is none.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="connections")
    provider = models.CharField(max_length=30)
    label = models.CharField(max_length=100, blank=True)
    base_url = models.URLField(max_length=300, blank=True)
    base_url_allowed = models.BooleanField(default=False)
    settings = models.JSONField(default=dict, blank=True)
    sealed_credentials = models.BinaryField(default=b"", editable=False)
    secret_names = models.JSONField(default=list, editable=False)
    key_mark = models.CharField(max_length=32, blank=True, db_index=True, editable=False)
    learned = models.JSONField(default=dict, blank=True, editable=False)
    mapping = models.JSONField(default=dict, blank=True, editable=False)
    polling = models.JSONField(default=dict, blank=True)
    standing = models.CharField(max_length=20, choices=Standing.choices, default=Standing.UNTESTED)
    standing_reason = models.CharField(max_length=500, blank=True)
    standing_since = models.DateTimeField(null=True, blank=True)
    tested_at = models.DateTimeField(null=True, blank=True)
    quiet_until = models.DateTimeField(null=True, blank=True, editable=False)
    account = models.JSONField(default=dict, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        ordering = ["provider", "id"]

    def __str__(self) -> str:
        return self.label or f"{self.provider} {self.pk}"

    def waits_until(self, now: datetime) -> datetime | None:
        """The provider takes no calls before then; None: it does, or there is more in the way than that."""
        waits = self.standing == Standing.WORKING and self.quiet_until is not None and self.quiet_until > now
        return self.quiet_until if waits else None

    def secrets(self) -> Secrets:
        """The credentials in the clear, for the gateway alone. Raises CannotDecrypt."""
        return decrypt(bytes(self.sealed_credentials)) if self.sealed_credentials else Secrets()

    def seal(self, values: Mapping[str, str]) -> None:
        """Replace the credentials. The caller saves."""
        self.sealed_credentials = encrypt(values)
        self.secret_names = sorted(name for name, value in values.items() if value)
        self.key_mark = key_mark(self.provider, values)
