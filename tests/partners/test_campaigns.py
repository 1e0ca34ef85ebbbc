"""Campaigns, and the story of an affiliate manager by form."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from time_machine import TimeMachineFixture

from organiser_portal.connections.models import Connection
from organiser_portal.organisations.models import AuditRecord, Organisation, User
from organiser_portal.partners.models import Campaign, Conversion, Partner, PartnerAction
from organiser_portal.partners.proposals import propose
from organiser_portal.sync.engine import run_state
from providers.sandbox.world import Sandbox
from tests.conftest import NOW
from tests.factories import make_connection, make_race, synced
from tests.sync.conftest import connected

type SignIn = Callable[[User], Client]


@pytest.fixture
def network(organisation: Organisation, sandbox: Sandbox, time_machine: TimeMachineFixture) -> Connection:
    """The sandbox's affiliate network, read once, on the sandbox's own day."""
    time_machine.move_to(NOW)
    connection = connected(organisation, sandbox, "trackier")
    read(connection, "partners", "campaigns", "conversions")
    return connection


@pytest.fixture
def campaign(organisation: Organisation) -> Campaign:
    return Campaign.objects.create(name="Hexley 10K spring", **synced(make_connection(organisation, "trackier")))


def read(connection: Connection, *resources: str) -> None:
    for resource in resources:
        run_state(connection.sync_states.get(resource=resource).pk, clock=lambda: NOW, by_hand=True)


def url(name: str, *args: object) -> str:
    return reverse(f"partners:{name}", args=["fellgate", *args])


def test_an_affiliate_manager_makes_a_partner_fetches_its_link_and_sees_what_it_brings(
    sign_in: SignIn, manager: User, network: Connection, sandbox: Sandbox
):
    client = sign_in(manager)
    made = client.post(url("partner-add", network.pk), {"name": "Trail Blog", "email": "hello@trail.example"})
    assert made.status_code == 303
    partner = Partner.objects.get(name="Trail Blog")
    campaign = Campaign.objects.listed().filter(connection=network, active=True).order_by("pk")[0]

    address = f"{url('campaign-do', campaign.pk, 'ensure_link')}?partner={partner.pk}"
    assert client.get(address).context["form"]["partner"].initial == partner.external_id
    page = client.post(address, {"partner": partner.external_id}).content.decode()
    assert 'data-copy="http' in page
    assert "Trail Blog" in page
    assert PartnerAction.objects.get(verb="ensure_link").partner == partner

    busy = Conversion.objects.that_count().filter(partner__connection=network).first()
    assert busy is not None
    earning: Any = client.get(url("partner-detail", busy.partner_id))
    assert earning.context["figures"].money
    assert str(earning.context["figures"].money[0].results) in earning.content.decode()


def test_a_campaign_is_paused_with_its_consequence_stated(
    sign_in: SignIn, manager: User, viewer: User, network: Connection
):
    campaign = Campaign.objects.listed().filter(connection=network, active=True).order_by("pk")[0]
    address = url("campaign-do", campaign.pk, "pause_campaign")
    client = sign_in(manager)
    assert "earn nothing" in client.get(address).content.decode()
    assert client.post(address)["Location"] == url("campaign-detail", campaign.pk)
    read(network, "campaigns")
    campaign.refresh_from_db()
    assert campaign.active is False
    page = client.get(url("campaign-detail", campaign.pk)).content.decode()
    assert "Campaign paused" in page
    assert url("campaign-do", campaign.pk, "resume_campaign") in page
    assert address not in page
    assert (
        url("campaign-do", campaign.pk, "resume_campaign")
        not in sign_in(viewer).get(url("campaign-detail", campaign.pk)).content.decode()
    )


def test_a_cap_is_set_and_shown(sign_in: SignIn, manager: User, network: Connection):
    campaign = Campaign.objects.listed().filter(connection=network).order_by("pk")[0]
    client = sign_in(manager)
    values = {"type": "conversion", "daily": "17", "scope": "group"}
    assert client.post(url("campaign-do", campaign.pk, "set_cap"), values).status_code == 303
    read(network, "campaigns")
    assert 17 in [cap["daily"] for cap in Campaign.objects.get(pk=campaign.pk).caps]
    assert ">17<" in client.get(url("campaign-detail", campaign.pk)).content.decode()


def test_a_race_is_proposed_by_its_name_and_linked_by_hand(
    sign_in: SignIn, manager: User, viewer: User, campaign: Campaign
):
    race = make_race(campaign.organisation, "Hexley 10K")
    make_race(campaign.organisation, "Moor Marathon")
    client = sign_in(manager)
    page: Any = client.get(url("campaign-detail", campaign.pk))
    assert page.context["race_form"].proposed == race.pk
    assert Campaign.objects.get().race is None
    assert sign_in(viewer).post(url("campaign-race", campaign.pk), {"race": race.pk}).status_code == 403
    client.post(url("campaign-race", campaign.pk), {"race": race.pk})
    assert Campaign.objects.get().race == race
    assert AuditRecord.objects.filter(action="partners.campaign_linked", actor=manager).count() == 1


def test_another_organisations_race_is_not_linked(sign_in: SignIn, manager: User, stranger: User, campaign: Campaign):
    theirs = make_race(Organisation.objects.get(memberships__user=stranger))
    sign_in(manager).post(url("campaign-race", campaign.pk), {"race": theirs.pk})
    assert Campaign.objects.get().race is None


def test_the_list_finds_and_sorts(sign_in: SignIn, viewer: User, campaign: Campaign):
    other = Campaign.objects.create(name="Moor", **synced(campaign.connection))
    Conversion.objects.create(campaign=other, status="approved", **synced(campaign.connection))
    client = sign_in(viewer)

    def named(**asked: str) -> list[str]:
        answer: Any = client.get(url("campaign-list"), asked)
        return [each.name for each in answer.context["page"].rows]

    assert named() == ["Hexley 10K spring", "Moor"]
    assert named(sort="-results") == ["Moor", "Hexley 10K spring"]
    assert named(q="moo") == ["Moor"]


@pytest.mark.parametrize(
    ("name", "races", "proposed"),
    [
        ("Hexley 10K affiliates", {1: "Hexley 10K", 2: "Hexley Half"}, 1),
        ("Hexley 10K", {1: "Hexley 10K", 2: "Hexley 10K"}, 1),
        ("Hexley", {1: "Hexley 10K", 2: "Hexley Half"}, None),
        ("Moor", {1: "Hexley 10K"}, None),
        ("The race", {1: "The race"}, None),
        ("", {}, None),
    ],
)
def test_a_proposal_is_made_when_one_race_stands_out(name: str, races: dict[int, str], proposed: int | None):
    assert propose(name, races.items()) == proposed
