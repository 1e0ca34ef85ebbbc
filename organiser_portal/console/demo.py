"""The demo: an organisation, somebody who owns it, and a connection to each sandbox provider."""

from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction

from organiser_portal.connections import gateway
from organiser_portal.connections.models import Connection, SyncState
from organiser_portal.connections.services import Details, create_connection, test_connection
from organiser_portal.core.encryption import Secrets
from organiser_portal.organisations.models import Membership, Organisation, User
from organiser_portal.organisations.roles import Role
from providers.sandbox import DEMO_KEYS, DEMO_SETTINGS

ORGANISATION = "Fellgate Events"
SLUG = "fellgate"
EMAIL = "demo@fellgate.example"
PASSWORD = "run-the-fells"  # noqa: S105 - it opens invented data on this machine only
POLLING = {"usual": 5, "race_week": 1, "race_day": 1}


def prepare(*, sandbox: str, now: datetime) -> Organisation:
    """Make what the demo needs, or find it from last time, and point it at the sandbox at this address."""
    organisation = Organisation.objects.filter(slug=SLUG).first() or _create()
    for provider in DEMO_KEYS:
        connection = Connection.objects.of(organisation).filter(provider=provider).first()
        if connection is None:
            connection = _connect(organisation, provider, f"{sandbox}{_path(provider)}", now)
        else:
            Connection.objects.filter(pk=connection.pk).update(base_url=f"{sandbox}{_path(provider)}")
            connection.refresh_from_db()
        test_connection(connection=connection, actor=None, now=now)
    SyncState.objects.filter(connection__organisation=organisation).update(due_at=now)
    return organisation


@transaction.atomic
def _create() -> Organisation:
    organisation = Organisation.objects.create(name=ORGANISATION, slug=SLUG)
    user = User.objects.create_superuser(EMAIL, PASSWORD, first_name="Morwenna", last_name="Pascoe")
    Membership.objects.create(organisation=organisation, user=user, role=Role.OWNER)
    return organisation


def _connect(organisation: Organisation, provider: str, base_url: str, now: datetime) -> Connection:
    fields = gateway.provider_class(provider).connection_fields
    settings = {"pace": "100"} if any(field.name == "pace" for field in fields) else {}
    details = Details(
        base_url=base_url,
        base_url_allowed=True,
        settings={**settings, **DEMO_SETTINGS[provider]},
        credentials=Secrets({field.name: DEMO_KEYS[provider] for field in fields if field.secret and field.required}),
        polling=POLLING,
    )
    return create_connection(organisation=organisation, provider=provider, details=details, actor=None, now=now)


def _path(provider: str) -> str:
    """Where the sandbox serves this provider: its key, then the path of its real address."""
    return f"/{provider}{urlsplit(gateway.provider_class(provider).default_base_url).path}".rstrip("/")
