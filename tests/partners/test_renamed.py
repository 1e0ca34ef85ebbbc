"""A connection changes to another version of its provider's API, in which everything goes by another id."""

from decimal import Decimal

import pytest
from django.db.models import Count, Sum
from time_machine import TimeMachineFixture

from organiser_portal.connections.models import Connection
from organiser_portal.organisations.models import Organisation
from organiser_portal.partners.models import Campaign, Conversion, DayStat, Partner
from organiser_portal.sync.engine import run_state
from providers.records import Kind
from providers.sandbox.world import Sandbox
from tests.conftest import NOW
from tests.factories import make_race
from tests.kept import kept
from tests.sync.conftest import connected

pytestmark = pytest.mark.portable

RESOURCES = ("partners", "campaigns", "conversions", "stats")


@pytest.fixture
def connection(organisation: Organisation, sandbox: Sandbox, time_machine: TimeMachineFixture) -> Connection:
    time_machine.move_to(NOW)
    return connected(organisation, sandbox, "trackier")


def read(connection: Connection, *resources: str) -> None:
    for resource in resources:
        run_state(connection.sync_states.get(resource=resource).pk, clock=lambda: NOW, by_hand=True)


def change_to(connection: Connection, version: str) -> None:
    connection.settings |= {"version": version, "currency": "GBP", "zone": "Europe/Paris"}
    connection.save()


def totals(connection: Connection) -> dict[str, Decimal | int | None]:
    days = DayStat.objects.filter(connection=connection, gone_at=None)
    return {
        "partners": Partner.objects.filter(connection=connection, gone_at=None).count(),
        "campaigns": Campaign.objects.filter(connection=connection, gone_at=None).count(),
        "conversions": Conversion.objects.filter(connection=connection, gone_at=None).count(),
        **days.aggregate(days=Count("pk"), payout=Sum("payout")),
    }


def told_in_v1(sandbox: Sandbox) -> set[str]:
    """Campaigns whose short id v1 tells: those that had any traffic."""
    network = sandbox.trackier.network
    return {campaign_id for _, campaign_id in network.links}


@pytest.mark.postgresql
@pytest.mark.django_db
@pytest.mark.parametrize("order", [RESOURCES, ("stats", "conversions", "campaigns", "partners")])
def test_another_version_doubles_nothing(
    organisation: Organisation, connection: Connection, sandbox: Sandbox, order: tuple[str, ...]
) -> None:
    read(connection, *RESOURCES)
    before = totals(connection)
    campaign = Campaign.objects.filter(connection=connection, external_id__in=told_in_v1(sandbox)).first()
    assert campaign
    campaign.race = make_race(organisation, name="Hexley 10K")
    campaign.save()
    partners = dict(Partner.objects.filter(connection=connection).values_list("name", "pk"))

    change_to(connection, "v2")
    read(connection, *order)
    if order != RESOURCES:
        read(connection, "stats", "conversions")  # what came too early is tied the next time

    assert totals(connection) == before
    assert dict(Partner.objects.filter(connection=connection).values_list("name", "pk")) == partners
    campaign.refresh_from_db()
    assert campaign.external_id == str(sandbox.trackier.network.campaigns[campaign_long_id(sandbox, campaign)].number)
    assert campaign.race
    assert not Conversion.objects.filter(connection=connection, partner=None).exists()
    held = kept(connection, Kind.PARTNER)
    assert held
    assert all(len(each) < 24 for each in held)


def campaign_long_id(sandbox: Sandbox, campaign: Campaign) -> str:
    return next(
        key for key, one in sandbox.trackier.network.campaigns.items() if one.created == campaign.remote_created_at
    )


@pytest.mark.django_db
def test_the_way_back_is_open(connection: Connection) -> None:
    change_to(connection, "v2")
    read(connection, *RESOURCES)
    before = totals(connection)
    change_to(connection, "v1")
    read(connection, *RESOURCES)
    assert totals(connection) == before
