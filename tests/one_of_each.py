"""One of each kind of thing that an address can name."""

from django.utils import timezone

from organiser_portal.admissions.models import GateToken, sealed
from organiser_portal.connections.models import Connection, ContractSurprise, OutboundChange, RejectedRecord
from organiser_portal.organisations import invitations
from organiser_portal.organisations.models import Membership, Organisation, User
from organiser_portal.organisations.roles import Role
from organiser_portal.participants.models import Batch, Import, Settlement
from organiser_portal.partners.models import Campaign, Partner, ReservedGroup
from organiser_portal.saved_views.models import SavedView
from organiser_portal.sync.models import SyncRun
from providers.packing import pack
from tests.conftest import NOW
from tests.factories import make_application, make_connection, make_entry, make_listing, synced


def one_of_each(organisation: Organisation, manager: User) -> dict[str, int | str]:
    """One of each kind, by the word that stands before its id in an address, or by the name of the argument."""
    connection = make_connection(organisation, "letsdothis")
    listing = make_listing(connection)
    make_listing(connection, race=listing.race)
    entry = make_entry(listing)
    partner = Partner.objects.create(name="Hospice", kind="charity", **synced(connection))
    group = ReservedGroup.objects.create(
        name="Runners", partner=partner, event_listing=listing.event_listing, **synced(connection)
    )
    invitation, _ = invitations.invite(
        organisation=organisation, email="nia@example.org", role=Role.VIEWER, actor=None, now=timezone.now()
    )
    network = make_connection(organisation, "trackier")
    gate = make_listing(make_connection(organisation, "ticketing")).event_listing
    token = GateToken.objects.create(
        event_listing=gate, sealed_code=sealed("K3T9ZW0B"), **synced(gate.connection, "17500000010001-17500000070001")
    )
    return {
        "gate_id": gate.pk,
        "listed_id": gate.pk,
        "token_id": token.pk,
        "people": Membership.objects.get(user=manager).pk,
        "invitations": invitation.pk,
        "events": listing.race.event_id,
        "races": listing.race_id,
        "listings": listing.pk,
        "entries": entry.pk,
        "field": "first_name",
        "settlements": Settlement.objects.create(organisation=organisation, choice="ours", at=NOW).pk,
        "applications": make_application(listing).pk,
        "connections": connection.pk,
        "runs": _run(connection).pk,
        "outbound": _change(connection, entry.pk).pk,
        "connection_id": connection.pk,
        "rejected_id": _rejected(connection).pk,
        "surprise_id": _surprise(connection).pk,
        "partner_id": partner.pk,
        "campaign_id": Campaign.objects.create(name="Spring", **synced(network)).pk,
        "network_id": network.pk,
        "group_id": group.pk,
        "event_listing_id": group.event_listing_id,
        "provider": "eventrac",
        "listing": "entries",
        "action": "wave",
        "batch_id": Batch.objects.create(organisation=organisation, action="wave", created_at=NOW).pk,
        "import_id": Import.objects.create(organisation=organisation, created_at=NOW).pk,
        "view_id": SavedView.objects.create(
            organisation=organisation, listing="entries", name="Kept", owner=manager, shared=True
        ).pk,
    }


def _run(connection: Connection) -> SyncRun:
    return SyncRun.objects.create(
        organisation=connection.organisation,
        connection=connection,
        resource="participants",
        started_at=NOW,
        progressed_at=NOW,
    )


def _change(connection: Connection, entry_id: int) -> OutboundChange:
    return OutboundChange.objects.create(
        organisation=connection.organisation,
        connection=connection,
        entry_id=entry_id,
        reference="r",
        action="add_entry",
        race_external_id="1",
        created_at=NOW,
    )


def _surprise(connection: Connection) -> ContractSurprise:
    return ContractSurprise.objects.create(
        connection=connection, kind="entry", path="wave", why="new_field", first_seen=NOW, last_seen=NOW
    )


def _rejected(connection: Connection) -> RejectedRecord:
    return RejectedRecord.objects.create(
        connection=connection,
        resource="participants",
        kind="entry",
        external_id="1",
        reason="no id",
        data=pack(b"{}"),
        first_seen=NOW,
        last_seen=NOW,
    )
