"""Letting people in from here: each ticket has its answer, and what was typed stays when there is none."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from organiser_portal.admissions.models import Admission, GateAction
from organiser_portal.connections.models import AttemptState, Connection, SyncState
from organiser_portal.events.models import EventListing
from organiser_portal.organisations.models import AuditRecord, User
from providers.sandbox.world import Sandbox
from tests.admissions.conftest import sync

pytestmark = pytest.mark.portable

type SignIn = Callable[[User], Client]


@pytest.fixture
def client(sign_in: SignIn, editor: User) -> Client:
    return sign_in(editor)


@pytest.fixture
def path(gate: EventListing) -> str:
    return reverse("admissions:redeem", args=["fellgate", gate.pk])


@pytest.fixture
def waiting(sandbox: Sandbox, gate: EventListing) -> list[str]:
    """Serials of those who are not in yet."""
    return [each.serial for each in sandbox.ticketing.state.events[gate.external_id].tickets if each.redeemed is None]


def send(client: Client, path: str, *serials: str) -> str:
    """The page afterwards, on one line."""
    lines = "\r\n".join(serials)
    answer = client.post(path, {"serials": lines, "steward": "Jo", "device": "Desk 1"}, follow=True)
    return " ".join(answer.content.decode().split())


@pytest.mark.postgresql
def test_two_are_let_in_and_one_is_not_and_the_page_says_why(
    client: Client, path: str, gate: EventListing, waiting: list[str]
):
    before = gate.admissions.count()
    used = gate.admissions.order_by("pk")[0]
    page = send(client, path, waiting[0], waiting[1].lower(), used.ticket, "NOBODY-000000000000")
    assert "2 let in, 2 not accepted" in page
    assert "Already in since" in page
    assert "let in by Gate A, Sam" in page
    assert "Already used, of another section, or unknown" in page
    assert gate.admissions.count() == before + 2
    new = Admission.objects.filter(steward="Jo", device="Desk 1")
    assert set(new.values_list("ticket", flat=True)) == set(waiting[:2])
    who_is_in = client.get(reverse("admissions:gate-detail", args=["fellgate", gate.pk])).content.decode()
    assert waiting[0] in who_is_in
    assert f"{before + 2} in of" in who_is_in


@pytest.mark.postgresql
def test_the_next_sync_finds_nothing_new_and_the_listings_are_due(
    client: Client, path: str, gate: EventListing, waiting: list[str], connection: Connection
):
    SyncState.objects.update(due_at=None)
    send(client, path, waiting[0])
    due = SyncState.objects.filter(connection=connection).exclude(due_at=None).values_list("resource", flat=True)
    assert set(due) == {"admissions", "entries"}
    run = sync(connection, "admissions")
    assert run is not None
    assert run.new == 0
    assert Admission.objects.filter(ticket=waiting[0]).count() == 1


@pytest.mark.postgresql
def test_the_answer_can_be_loaded_again_and_sends_nothing(
    client: Client, path: str, waiting: list[str], sandbox: Sandbox, gate: EventListing
):
    answer = client.post(path, {"serials": waiting[0], "steward": "Jo", "device": "Desk 1"})
    assert answer.status_code == 303
    for _ in range(2):
        assert "1 let in" in client.get(answer["Location"]).content.decode()
    assert GateAction.objects.filter(verb="redeem").count() == 1
    assert 'value="Desk 1"' in client.get(path).content.decode()


def test_the_trail_counts_and_the_action_keeps_the_serials(client: Client, path: str, waiting: list[str], editor: User):
    send(client, path, waiting[0], "NOBODY-000000000000")
    action = GateAction.objects.get(verb="redeem")
    assert (action.state, action.actor, action.admitted, action.refused) == (AttemptState.DONE, editor, 1, 1)
    assert [serial for serial, _ in action.results] == [waiting[0], "NOBODY-000000000000"]
    assert AuditRecord.objects.get(action="gates.redeem").detail == {"state": "done", "admitted": 1, "refused": 1}


def test_an_answer_that_was_lost_is_read_back_and_the_page_says_so(
    client: Client, path: str, waiting: list[str], sandbox: Sandbox
):
    sandbox.faults.add("ticketing:drop_after_write,method=POST,path=admissions")
    page = send(client, path, waiting[0], "NOBODY-000000000000")
    assert "1 let in, 1 not accepted" in page
    assert "asked again right after" in page
    assert Admission.objects.filter(ticket=waiting[0], steward="Jo").exists()
    action = GateAction.objects.get(verb="redeem")
    assert (action.state, action.admitted, action.refused) == (AttemptState.DONE, 1, 1)


def test_if_nobody_is_in_so_far_what_was_typed_stays_and_may_be_sent_again(
    client: Client, path: str, waiting: list[str], sandbox: Sandbox
):
    sandbox.faults.add("ticketing:drop_before_write,method=POST,path=admissions")
    page = send(client, path, waiting[0])
    assert waiting[0] in page
    assert "Redeem them again" in page
    assert "Look at TickeTing" not in page
    assert GateAction.objects.get(verb="redeem").state == AttemptState.UNKNOWN
    assert "1 let in" in send(client, path, waiting[0])


def test_where_it_cannot_be_read_back_what_was_typed_stays_and_one_is_asked_to_look(
    client: Client, path: str, waiting: list[str], sandbox: Sandbox
):
    sandbox.faults.add("ticketing:drop_after_write,method=POST,path=admissions")
    sandbox.faults.add("ticketing:status=500,times=forever,method=GET,path=admissions")
    page = send(client, path, waiting[0])
    assert waiting[0] in page
    assert "before you do it again" in page
    assert GateAction.objects.get(verb="redeem").state == AttemptState.UNKNOWN


@pytest.mark.postgresql
def test_another_organisations_results_are_not_shown(client: Client, path: str, waiting: list[str]):
    send(client, path, waiting[0])
    other = GateAction.objects.get()
    GateAction.objects.filter(pk=other.pk).update(event_listing=None)
    assert "1 let in" not in client.get(path, {"done": other.pk}).content.decode()
