"""One press for several partners: who is listed, what goes out, and what never goes out twice."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from time_machine import TimeMachineFixture

from organiser_portal.connections.models import AttemptState, Connection
from organiser_portal.organisations.models import AuditRecord, User
from organiser_portal.partners.models import Partner, PartnerAction, ReservedGroup
from organiser_portal.sync.engine import run_state
from providers.sandbox.world import Sandbox
from tests.conftest import NOW
from tests.factories import make_listing, synced

pytestmark = pytest.mark.portable

type SignIn = Callable[[User], Client]


@pytest.fixture
def places(connection: Connection, time_machine: TimeMachineFixture) -> Connection:
    """Partners, events and reserved groups of the sandbox, read once."""
    time_machine.move_to(NOW)
    for resource in ("partners", "entries", "reserved_groups"):
        run_state(connection.sync_states.get(resource=resource).pk, clock=lambda: NOW, by_hand=True)
    return connection


def url(name: str) -> str:
    return reverse(f"partners:{name}", args=["fellgate"])


def marks(answer: Any) -> list[str]:
    return [line.mark for line in answer.context["lines"]]


@pytest.mark.postgresql
def test_those_with_unclaimed_places_are_listed_with_their_address(sign_in: SignIn, manager: User, places: Connection):
    ReservedGroup.objects.filter(partner__name="Hexley Striders").update(capacity=9, used=9)
    page: Any = sign_in(manager).get(url("remind"))
    listed = [str(line) for line in page.context["lines"]]
    assert "Hexley Striders" not in listed
    assert "Marrow & Me" in listed
    assert "Sarah.Capek0+races@mail.example" in page.content.decode()


def test_an_event_that_is_over_reminds_nobody(sign_in: SignIn, manager: User, connection: Connection):
    over = make_listing(connection, starts_at=NOW - timedelta(days=400))
    partner = Partner.objects.create(
        name="Late", kind="charity", contacts=[{"email": "a@b.example"}], **synced(connection)
    )
    ReservedGroup.objects.create(
        partner=partner, event_listing=over.event_listing, capacity=9, used=1, **synced(connection)
    )
    page: Any = sign_in(manager).get(url("remind"))
    assert page.context["lines"] == []


def test_each_ticked_partner_gets_one_mail_and_a_page_sent_twice_sends_nothing_twice(
    sign_in: SignIn, manager: User, places: Connection, sandbox: Sandbox
):
    client = sign_in(manager)
    ticked = marks(client.get(url("remind")))[:2]
    page = client.post(url("remind"), {"line": ticked}).content.decode()
    assert page.count("Done.") == 2
    outbox = sandbox.letsdothis.organiser.outbox
    assert len({mail["emailAddress"] for mail in outbox}) == len(outbox) == 2
    again = client.post(url("remind"), {"line": ticked}).content.decode()
    assert again.count("It has changed since") == 2
    assert len(outbox) == 2
    assert AuditRecord.objects.filter(action="partners.send_claim_link", actor=manager).count() == 2
    assert "last link" in client.get(url("remind")).content.decode()


def test_a_provider_that_does_not_answer_is_not_asked_for_the_rest(
    sign_in: SignIn, manager: User, places: Connection, sandbox: Sandbox
):
    client = sign_in(manager)
    ticked = marks(client.get(url("remind")))
    sandbox.faults.add("letsdothis:drop_after_write,path=claim-link")
    page = client.post(url("remind"), {"line": ticked}).content.decode()
    assert page.count("Not tried.") == len(ticked) - 1
    assert PartnerAction.objects.get().state == AttemptState.UNKNOWN
    assert len(sandbox.letsdothis.organiser.outbox) == 1


@pytest.mark.postgresql
def test_places_come_back_down_to_those_that_are_used(
    sign_in: SignIn, manager: User, viewer: User, places: Connection, sandbox: Sandbox
):
    body = near(places, sandbox, used=3, capacity=9)
    client = sign_in(manager)
    assert "6 places come back" in client.get(url("partner-list")).content.decode()
    page: Any = client.get(url("release"))
    assert "6 of 9 come back, 3 stay" in page.content.decode()
    assert client.post(url("release"), {"line": marks(page)}).content.decode().count("Done.") == 1
    assert (body["maxCapacity"], body["usedCapacity"]) == (3, 3)
    assert ReservedGroup.objects.get(external_id=body["id"]).capacity == 3
    assert sign_in(viewer).get(url("release")).status_code == 403


def test_a_place_that_was_claimed_meanwhile_is_not_taken_away(
    sign_in: SignIn, manager: User, places: Connection, sandbox: Sandbox
):
    body = near(places, sandbox, used=3, capacity=9)
    client = sign_in(manager)
    ticked = marks(client.get(url("release")))
    body["usedCapacity"] = 5
    assert "5 of these places are used" in client.post(url("release"), {"line": ticked}).content.decode()
    assert body["maxCapacity"] == 9


def near(connection: Connection, sandbox: Sandbox, *, used: int, capacity: int) -> dict[str, Any]:
    """Make one group the only one of an event in a week that has places left."""
    group = ReservedGroup.objects.filter(partner__isnull=False).order_by("pk")[0]
    ReservedGroup.objects.exclude(pk=group.pk).update(used=0, capacity=0)
    ReservedGroup.objects.filter(pk=group.pk).update(used=used, capacity=capacity)
    assert group.event_listing is not None
    group.event_listing.listings.update(starts_at=NOW + timedelta(days=7))
    body = sandbox.letsdothis.organiser.groups[group.external_id].body
    body.update(usedCapacity=used, maxCapacity=capacity)
    return body
