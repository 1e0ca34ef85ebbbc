"""The settings: those that make it unsafe, and those that somebody has forgotten."""

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.db import DatabaseError

from organiser_portal.operations.checks.finding import Finding, bad, good, notice

NAME = "settings"
NO_MAIL = "mail.E001"
WITHOUT_TLS = frozenset({"security.W004", "security.W008", "security.W012", "security.W016"})
HERE = frozenset({"localhost", "127.0.0.1", "::1"})


def settings_fit(_: datetime) -> Iterator[Finding]:
    """What Django's own deploy checks say, and what only the portal can know."""
    found = [*_from_django(), *_unsafe(), *_forgotten()]
    yield from found or [good(NAME, "Fit for use.")]


def _from_django() -> Iterator[Finding]:
    try:
        messages = checks.run_checks(include_deployment_checks=True)
    except DatabaseError:  # some of them ask it; what is wrong with it is told by its own check
        messages = []
    for message in messages:
        told_below = message.id == NO_MAIL or (settings.INSECURE_HTTP and message.id in WITHOUT_TLS)
        if message.level >= checks.WARNING and not (told_below or message.is_silenced()):
            remedy = f" {message.hint}" if message.hint else ""
            yield bad(NAME, f"{' '.join(message.msg.split())}{remedy} ({message.id})")


def _unsafe() -> Iterator[Finding]:
    if settings.INSECURE_HTTP:
        yield notice(NAME, "INSECURE_HTTP is on: passwords travel in the clear. Only for trying things out.")
    if settings.PROVIDER_SANDBOX:
        yield notice(
            NAME, "PROVIDER_SANDBOX is on: connections may call private addresses. Only for trying things out."
        )
    if not urlsplit(settings.PORTAL_URL).hostname:
        yield bad(NAME, "PORTAL_URL is not a web address, so links in e-mails lead nowhere. Write https://HOST.")
    elif urlsplit(settings.PORTAL_URL).hostname in HERE and not settings.INSECURE_HTTP:
        yield bad(NAME, f"Links in e-mails lead to {settings.PORTAL_URL}. Set PORTAL_URL to the portal's address.")


def _forgotten() -> Iterator[Finding]:
    if settings.MAILERS["default"]["BACKEND"].endswith((".console.EmailBackend", ".dummy.EmailBackend")):
        yield notice(NAME, "No e-mail leaves this machine: invitations and alarms reach nobody. Set EMAIL_URL.")
    shared = not settings.CELERY_BROKER_URL.startswith("memory:")
    if shared and "locmem" in settings.CACHES["shared"]["BACKEND"]:
        yield notice(
            NAME, "Each process counts sign-in attempts for itself. Set CACHE_URL to a cache that all of them share."
        )
