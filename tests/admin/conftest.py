"""One of everything that administrators may look at, each holding what they may not see."""

import pytest
from django.test import Client

from organiser_portal.connections.models import (
    Connection,
    ContractSurprise,
    OutboundChange,
    PayloadBundle,
    RejectedRecord,
    SourcePayload,
    SyncState,
)
from organiser_portal.core.encryption import Secrets
from organiser_portal.organisations import audit, invitations
from organiser_portal.organisations.models import Organisation, User
from organiser_portal.organisations.roles import Role
from organiser_portal.participants.models import Entry
from organiser_portal.sync.models import SyncRun
from providers.bundles import bundled
from providers.packing import pack
from tests.conftest import NOW
from tests.factories import make_application, make_connection, make_entry, make_listing, make_ticket_type

PRIVATE = "d0-not-sh0w"
"""Stands in every field that is nobody's business here."""
WITHHELD = {
    "medical": PRIVATE,
    "emergency_name": PRIVATE,
    "emergency_phone": PRIVATE,
    "phone": PRIVATE,
    "address_1": PRIVATE,
    "answers": [{"question_id": "1", "label": "Allergies", "value": PRIVATE}],
}


@pytest.fixture
def connection(organisation: Organisation) -> Connection:
    connection = make_connection(organisation, base_url_allowed=True, settings={"organiser_id": "20417"})
    connection.seal(Secrets(api_key=PRIVATE))
    connection.save()
    return connection


@pytest.fixture
def entry(connection: Connection) -> Entry:
    listing = make_listing(connection)
    make_ticket_type(listing)
    make_application(listing, **WITHHELD)
    overrides = {"medical": {"value": PRIVATE, "provider_value": PRIVATE}}
    return make_entry(listing, "Aoife", "Ní Bhriain", email="aoife@runner.example", overrides=overrides, **WITHHELD)


@pytest.fixture
def one_of_each(organisation: Organisation, owner: User, connection: Connection, entry: Entry) -> None:
    data = pack(PRIVATE.encode())
    seen = {"first_seen": NOW, "last_seen": NOW}
    SyncState.objects.create(connection=connection, resource="participants")
    SourcePayload.objects.create(connection=connection, kind="entry", external_id="7", data=data, fetched_at=NOW)
    marks, bundle = bundled([("17", PRIVATE.encode()), ("18", PRIVATE.encode())])
    PayloadBundle.objects.create(connection=connection, kind="entry", marks=marks, data=bundle, fetched_at=NOW)
    RejectedRecord.objects.create(
        connection=connection, resource="participants", kind="entry", external_id="8", reason="no id", data=data, **seen
    )
    ContractSurprise.objects.create(
        connection=connection, kind="entry", path="extras", why="new_field", example="text of 9", **seen
    )
    SyncRun.objects.create(
        organisation=organisation, connection=connection, resource="participants", started_at=NOW, progressed_at=NOW
    )
    OutboundChange.objects.create(
        organisation=organisation,
        connection=connection,
        entry_id=entry.pk,
        reference=entry.reference,
        action="add_entry",
        race_external_id="1",
        values={"person": {"medical": PRIVATE}, "orders": []},
        field_errors={"medical": [PRIVATE]},
        created_at=NOW,
    )
    invitations.invite(organisation=organisation, email="nia@example.org", role=Role.EDITOR, actor=owner, now=NOW)
    audit.record(organisation=organisation, actor=owner, action="connection.paused", subject="Somewhere")


@pytest.fixture
def client(administrator: User, sign_in) -> Client:
    signed_in: Client = sign_in(administrator)
    return signed_in
