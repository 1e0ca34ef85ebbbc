"""Events and races changed where they are sold, and free tickets given away: from the page to the provider and back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from organiser_portal.connections.models import AttemptState, Connection, SyncState
from organiser_portal.events.models import EventAction, EventListing, Listing
from organiser_portal.organisations.models import AuditRecord, Organisation, User
from organiser_portal.sync.engine import run_state
from providers.sandbox.ticketing.objects import Event
from providers.sandbox.world import Sandbox
from tests.conftest import NOW
from tests.factories import make_connection, make_listing
from tests.sync.conftest import connected
from tests.sync.world import Clock

type SignIn = Callable[[User], Client]


@pytest.fixture
def sandbox(settings: Any) -> Sandbox:
    sandbox = Sandbox(size="s", now=NOW)
    settings.PROVIDER_TRANSPORT = sandbox.transport()
    return sandbox


@pytest.fixture
def connection(organisation: Organisation, sandbox: Sandbox) -> Connection:
    connection = connected(organisation, sandbox, "ticketing")
    state = SyncState.objects.get(connection=connection, resource="events")
    run_state(state.pk, clock=Clock(NOW), by_hand=True)
    return connection


@pytest.fixture
def draft(connection: Connection) -> EventListing:
    """Not public yet, with one race that costs nothing."""
    return EventListing.objects.get(connection=connection, draft=True)


@pytest.fixture
def theirs(sandbox: Sandbox, draft: EventListing) -> Event:
    return sandbox.ticketing.state.events[draft.external_id]


@pytest.fixture
def client(sign_in: SignIn, manager: User) -> Client:
    return sign_in(manager)


def url(listed: EventListing, verb: str, race: Listing | None = None) -> str:
    path = reverse("events:event-change", args=["fellgate", listed.pk, verb])
    return f"{path}?race={race.pk}" if race else path


def text(client: Client, name: str, pk: int) -> str:
    return " ".join(client.get(reverse(f"events:{name}", args=["fellgate", pk])).content.decode().split())


def test_the_pages_offer_what_the_platform_can_do_to_those_who_may(
    client: Client, sign_in: SignIn, viewer: User, draft: EventListing
):
    event = text(client, "event-detail", draft.event_id)
    for label in ("Change the event", "Add a race", "Submit for review"):
        assert label in event
    race = text(client, "race-detail", draft.listings.get().race_id)
    for label in ("Change the race", "Give a free ticket", "Remove the race"):
        assert label in race
    assert "Change the event" not in text(sign_in(viewer), "event-detail", draft.event_id)
    public = EventListing.objects.filter(connection=draft.connection, draft=False)[0]
    assert "Submit for review" not in text(client, "event-detail", public.event_id)


def test_an_event_is_changed_there_and_here(client: Client, draft: EventListing, theirs: Event):
    answer = client.post(
        url(draft, "edit_event"), {"title": "Helpers' Supper", "start": "2027-05-16T19:30"}, follow=True
    )
    assert (theirs.title, theirs.start, theirs.description) == (
        "Helpers' Supper",
        "2027-05-16T19:30",
        "For the helpers",
    )
    draft.refresh_from_db()
    assert draft.name == "Helpers' Supper"
    assert "Change the event: done." in answer.content.decode()
    assert AuditRecord.objects.get(action="events.edit_event").detail == {"state": "done"}


def test_a_race_is_added_changed_and_removed(client: Client, draft: EventListing, theirs: Event):
    new = {"name": "Dance", "price": "4.50", "capacity": "40", "sales_start": "2027-03-01T09:00"}
    assert client.post(url(draft, "add_race"), new | {"sales_end": ""}).status_code == 422
    assert client.post(url(draft, "add_race"), new | {"sales_end": "2027-05-01T09:00"}).status_code == 303
    race = draft.listings.get(name="Dance")
    assert (race.capacity, race.price_minor) == (40, 450)
    client.post(url(draft, "edit_race", race), {"capacity": "50"})
    race.refresh_from_db()
    assert (race.name, race.capacity, race.price_minor) == ("Dance", 50, 450)
    client.post(url(draft, "remove_race", race))
    race.refresh_from_db()
    assert race.gone_at is not None
    assert [section.name for section in theirs.sections] == ["Supper"]


def test_a_free_ticket_is_given_and_its_count_shows(client: Client, draft: EventListing, theirs: Event):
    race = draft.listings.get()
    answer = client.post(url(draft, "give_ticket", race), {"holder": "runner3", "quantity": "2"}, follow=True)
    assert "Give a free ticket: done. Order:" in answer.content.decode()
    assert [ticket.owner.username for ticket in theirs.tickets] == ["runner3", "runner3"]
    race.refresh_from_db()
    assert race.sold == 2


def test_a_refusal_keeps_what_was_typed_at_its_field(client: Client, draft: EventListing):
    race = draft.listings.get()
    answer = client.post(url(draft, "give_ticket", race), {"holder": "nobody@mail.example", "quantity": "1"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["holder"] == [
        "TickeTing does not know an account of this name, number or address."
    ]
    assert "nobody@mail.example" in answer.content.decode()
    assert EventAction.objects.get().state == AttemptState.REFUSED


def test_a_lost_answer_asks_to_look_first_and_stands_on_the_events_page(
    client: Client, draft: EventListing, sandbox: Sandbox
):
    sandbox.faults.add("ticketing:drop_after_write,method=POST,path=orders")
    answer = client.post(url(draft, "give_ticket", draft.listings.get()), {"quantity": "1"})
    assert "before you do it again" in answer.content.decode()
    assert "Give ticket</b>: Not known" in text(client, "event-detail", draft.event_id)


def test_what_the_platform_cannot_do_has_no_page(client: Client, draft: EventListing, organisation: Organisation):
    elsewhere = make_listing(make_connection(organisation, "eventrac")).event_listing
    race = draft.listings.get()
    for path in (
        url(elsewhere, "edit_event"),
        url(draft, "edit_race"),
        url(draft, "redeem"),
        url(draft, "edit_event", race),
    ):
        assert client.get(path).status_code == 404
    assert client.get(f"{url(draft, 'edit_race')}?race=x").status_code == 404
