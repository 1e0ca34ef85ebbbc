"""Who is in, as the pages show it: to whom, how much it costs, and when it looks again by itself."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organiser_portal.admissions.models import Admission, GateAction
from organiser_portal.connections.models import Connection, SyncState
from organiser_portal.events.models import EventListing, Listing
from organiser_portal.organisations.models import Organisation, User
from tests.conftest import NOW
from tests.factories import make_connection, make_listing, synced

pytestmark = pytest.mark.portable

type SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def still():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place(organisation: Organisation) -> Listing:
    """A section whose race is nine days away."""
    connection = make_connection(organisation, "ticketing")
    SyncState.objects.create(connection=connection, resource="admissions", last_success_at=NOW)
    return make_listing(connection, sold=40)


def let_in(place: Listing, ticket: str, **values: object) -> Admission:
    known = {"event_listing": place.event_listing, "listing": place, "admitted_at": NOW - timedelta(minutes=5)}
    return Admission.objects.create(ticket=ticket, **synced(place.connection), **{**known, **values})


def url(name: str, *args: object) -> str:
    return reverse(f"admissions:{name}", args=["fellgate", *args])


def text(client: Client, path: str, **data: str) -> str:
    return " ".join(client.get(path, data).content.decode().split())


def test_the_list_says_who_is_in_of_how_many(sign_in: SignIn, viewer: User, stranger: User, place: Listing):
    let_in(place, "T-1", name="Ravi Okafor")
    let_in(place, "T-2", name="Bea Lind", gone_at=NOW)
    page = text(sign_in(viewer), url("gate-list"))
    assert "<b>1</b> in of 40 sold" in page
    assert "Ravi Okafor" in page
    assert "Bea Lind" not in page
    assert "Redeem tickets" not in page
    assert sign_in(stranger).get(url("gate-list")).status_code == 404


def test_a_ticket_that_is_told_of_twice_is_one_person(sign_in: SignIn, viewer: User, place: Listing):
    let_in(place, "T-1")
    let_in(place, "T-1")
    assert "1 in of 40 sold" in text(sign_in(viewer), url("gate-detail", place.event_listing_id))


def test_somebody_is_found_by_part_of_a_name_a_ticket_or_a_steward(sign_in: SignIn, viewer: User, place: Listing):
    let_in(place, "ROUCES-10KR00482913", name="Ravi Okafor", steward="Sam")
    let_in(place, "T-2", name="Bea Lind", steward="Jo")
    client, path = sign_in(viewer), url("gate-detail", place.event_listing_id)
    for wanted in ("oKAf", "482913", "sam"):
        page = text(client, path, q=wanted)
        assert "Ravi Okafor" in page
        assert "Bea Lind" not in page
    assert "Nobody like that is in" in text(client, path, q="zebra")


@pytest.mark.postgresql
def test_the_list_of_admissions_goes_on(sign_in: SignIn, viewer: User, place: Listing):
    rows = [let_in(place, f"T-{number}", admitted_at=NOW - timedelta(minutes=number)) for number in range(52)]
    client, path = sign_in(viewer), url("gate-detail", place.event_listing_id)
    assert "T-49" in text(client, path)
    assert "T-50" not in text(client, path)
    assert "T-51" in text(client, path, after=str(rows[49].pk))


@pytest.mark.postgresql
def test_the_list_of_gates_goes_on_the_next_first_and_the_undated_last(
    sign_in: SignIn, viewer: User, place: Listing, organisation: Organisation
):
    def gate(name: str, days: int | None) -> None:
        make_listing(place.connection, name=name, starts_at=None if days is None else NOW + timedelta(days=days))

    EventListing.objects.all().delete()
    gate("Undated", None)
    for number in range(22):
        gate(f"Day {number}", number + 1)
    gate("Last week", -7)
    client = sign_in(viewer)
    first = client.get(url("gate-list"))
    assert [board.gate.starts for board in first.context["boards"]] == [
        NOW + timedelta(days=number + 1) for number in range(20)
    ]
    second = client.get(url("gate-list"), {"after": first.context["page"].next})
    assert [board.sections[0].name for board in second.context["boards"]] == ["Day 20", "Day 21", "Undated"]
    assert second.context["page"].next is None
    over = client.get(url("gate-list"), {"when": "over"})
    assert [board.sections[0].name for board in over.context["boards"]] == ["Last week"]


def test_where_none_is_over_the_page_says_so(sign_in: SignIn, viewer: User, place: Listing):
    assert "None is over yet" in text(sign_in(viewer), url("gate-list"), when="over")


@pytest.mark.postgresql
def test_the_page_looks_again_only_while_something_is_on(sign_in: SignIn, viewer: User, place: Listing):
    client, path = sign_in(viewer), url("gate-detail", place.event_listing_id)
    assert "every 5s" not in text(client, path)
    state = SyncState.objects.get(connection=place.connection)
    SyncState.objects.filter(pk=state.pk).update(lease="x", leased_until=NOW + timedelta(minutes=1))
    assert "every 5s" in text(client, path)
    SyncState.objects.filter(pk=state.pk).update(lease="")
    action = GateAction.objects.create(
        organisation=place.organisation,
        connection=place.connection,
        event_listing=place.event_listing,
        verb="redeem",
        key="k",
        at=NOW,
    )
    assert "every 5s" in text(client, path)
    action.delete()
    with time_machine.travel(place.starts_at - timedelta(hours=3), tick=False):
        client.force_login(viewer)
        assert "every 5s" in text(client, path)
        assert "every 5s" in text(client, url("gate-list"))


@pytest.mark.parametrize("lease", ["", "x"])
def test_figures_of_a_reading_that_never_came_to_its_end_say_so(
    sign_in: SignIn, viewer: User, place: Listing, lease: str
):
    let_in(place, "T-1")
    client = sign_in(viewer)
    for path in (url("gate-list"), url("gate-detail", place.event_listing_id)):
        assert "more may be in" not in text(client, path)
    SyncState.objects.update(last_success_at=None, lease=lease, leased_until=NOW + timedelta(minutes=1))
    for path in (url("gate-list"), url("gate-detail", place.event_listing_id)):
        assert "not read to the end yet, so more may be in" in text(client, path)


def test_nothing_is_read_at_a_connection_that_waits_for_a_person(sign_in: SignIn, viewer: User, place: Listing):
    SyncState.objects.update(asked_by_hand=True, due_at=NOW)
    client, path = sign_in(viewer), url("gate-detail", place.event_listing_id)
    assert "reading now" in text(client, path)
    Connection.objects.update(standing="needs_attention", standing_reason="The key was withdrawn.")
    assert "reading now" not in text(client, path)
    assert "The key was withdrawn." in text(client, path)


def test_a_look_while_something_is_on_brings_the_board_alone(sign_in: SignIn, viewer: User, place: Listing):
    answer = sign_in(viewer).get(url("gate-detail", place.event_listing_id), headers={"HX-Request": "true"})
    assert answer.content.decode().strip().startswith('<div id="gate-board"')


@pytest.mark.parametrize("name", ["gate-list", "gate-detail"])
def test_what_looks_again_asks_for_the_same_and_finds_every_part_it_takes(
    sign_in: SignIn, viewer: User, place: Listing, name: str
):
    let_in(place, "T-1", name="Ravi Okafor")
    SyncState.objects.update(lease="x", leased_until=NOW + timedelta(minutes=1))
    client, path = sign_in(viewer), url(name, *([place.event_listing_id] if name == "gate-detail" else []))
    page = client.get(path, {"q": "h" if name == "gate-list" else "ravi", "section": ""}).text
    poller = re.search(r'<div hidden[^>]*hx-get="([^"]*)"[^>]*hx-select-oob="([^"]*)"', page)
    assert poller
    address, parts = poller.groups()
    assert "section" not in address
    answer = client.get(address, headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{address}"})
    assert [part for part in parts.split(",") if f'id="{part.removeprefix("#")}"' not in answer.text] == []
    assert "HX-Push-Url" not in answer  # nothing is added to the history


def test_the_pages_cost_the_same_however_much_there_is(
    sign_in: SignIn, viewer: User, place: Listing, organisation: Organisation
):
    client = sign_in(viewer)
    costs = []
    for _ in range(2):
        counts = []
        for path in (url("gate-list"), url("gate-detail", place.event_listing_id)):
            client.get(path)
            with CaptureQueriesContext(
                database,
            ) as queries:
                client.get(path)
            counts.append(len(queries))
        costs.append(counts)
        for number in range(8):
            let_in(place, f"T-{number}")
            let_in(make_listing(place.connection, name=f"Race {number}"), "T")
    assert costs[0] == costs[1]


def test_without_such_a_platform_the_page_says_what_would_be_here(sign_in: SignIn, viewer: User):
    page = text(sign_in(viewer), url("gate-list"))
    assert "No gates yet" in page
    assert "TickeTing" in page


def test_an_event_without_a_gate_has_no_page(sign_in: SignIn, viewer: User, organisation: Organisation):
    elsewhere = make_listing(make_connection(organisation, "eventrac"))
    assert sign_in(viewer).get(url("gate-detail", elsewhere.event_listing_id)).status_code == 404


@pytest.mark.postgresql
def test_what_the_sandbox_let_in_is_on_the_page(
    sign_in: SignIn, viewer: User, gate: EventListing, connection: Connection
):
    page = text(sign_in(viewer), url("gate-detail", gate.pk))
    admission = gate.admissions.order_by("-admitted_at", "-pk")[0]
    assert admission.ticket in page
    assert "Gate A, Sam" in page
    assert str(admission.listing) in page
