"""The demo: an organisation, somebody who owns it, and a connection to each sandbox provider.

The sandbox keeps its state in memory only. So that entries added in an earlier demo are known there again, the demo
puts them back when it starts, in their old order: the sandbox then gives them their old numbers.
"""

from contextlib import suppress
from datetime import datetime

from django.db import transaction

from organiser_portal.connections import gateway
from organiser_portal.connections.models import Connection, OutboundChange, PushState, SyncState
from organiser_portal.connections.services import Details, create_connection, test_connection
from organiser_portal.core.encryption import Secrets
from organiser_portal.organisations.models import Membership, Organisation, User
from organiser_portal.organisations.roles import Role
from organiser_portal.sync.changes import UnreadableChange, read_change
from providers.errors import ProviderError
from providers.port import Change
from providers.sandbox import DEMO_KEYS, DEMO_SETTINGS

ORGANISATION = "Fellgate Events"
SLUG = "fellgate"
EMAIL = "demo@fellgate.example"
PASSWORD = "run-the-fells"  # noqa: S105 - it opens invented data on this machine only
POLLING = {"usual": 1, "race_week": 1, "race_day": 1}


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
        _put_back(connection)
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
        credentials=Secrets({field.name: DEMO_KEYS[provider] for field in fields if field.secret}),
        polling=POLLING,
    )
    return create_connection(organisation=organisation, provider=provider, details=details, actor=None, now=now)


def _put_back(connection: Connection) -> None:
    """Send once more, in the old order, what this connection had confirmed before the sandbox was last stopped."""
    confirmed = connection.outbound_changes.filter(state=PushState.CONFIRMED).order_by("settled_at", "id")
    if not confirmed.exists():
        return
    with gateway.open_provider(connection) as provider:
        for row in confirmed:
            with suppress(ProviderError, UnreadableChange):
                provider.push(_change(row))


def _change(row: OutboundChange) -> Change:
    return read_change(
        action=row.action,
        reference=row.reference,
        race_id=row.race_external_id,
        external_id=row.entry_external_id,
        values=row.values,
    )


def _path(provider: str) -> str:
    """Where the sandbox serves this provider: its key, then the path of its real address."""
    real = gateway.provider_class(provider).default_base_url
    return f"/{provider}/{real.split('/', 3)[3]}"
