"""What docs/adding-a-provider.md promises: a folder and one line, and every page knows what to do with it."""

from collections.abc import Callable

import httpx
import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django.fixtures import Settings

from organiser_portal.connections.models import Connection, ContractSurprise
from organiser_portal.organisations.models import User
from organiser_portal.participants.models import Entry
from providers import registry
from tests.toy.client import Startline

PEOPLE = {
    "people": [
        {
            "card": "c1",
            "race": "Harbour 5K",
            "name": "Ana María Reyes",
            "mail": "ana@mail.example",
            "born": "1990-02-11",
        },
        {"card": "c2", "race": "Harbour 5K", "name": "Tom Bell", "sent": "2027-05-01T10:00:00Z"},
    ]
}
ENTERED = {
    "label": "",
    "secret_api_key": "k3y",
    "setting_club_number": "77",
    "every_usual": "240",
    "every_race_week": "15",
    "every_race_day": "1",
}


def startline(request: httpx.Request) -> httpx.Response:
    if request.headers.get("X-Key") != "k3y":
        return httpx.Response(401)
    return httpx.Response(200, json=PEOPLE)


@pytest.fixture(autouse=True)
def one_line_in_the_registry(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setitem(registry.PROVIDERS, Startline.key, Startline)  # type: ignore[arg-type]  # the one line
    settings.PROVIDER_TRANSPORT = httpx.MockTransport(startline)


@pytest.fixture
def client(owner: User, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(owner)


def connect(client: Client, **changed: str) -> str:
    answer = client.post("/o/fellgate/connections/add/startline/", {**ENTERED, **changed}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_pages_ask_for_what_the_provider_declares(client: Client) -> None:
    assert "Startline" in client.get("/o/fellgate/connections/add/").content.decode()
    form = client.get("/o/fellgate/connections/add/startline/").content.decode()
    assert "Club number" in form
    assert "From your account page." in form


def test_a_working_key_and_a_wrong_one_are_told_apart(client: Client) -> None:
    assert "Club 77" in connect(client)
    assert Connection.objects.get().standing == "working"
    Connection.objects.all().delete()
    connect(client, secret_api_key="wrong")
    assert Connection.objects.get().standing == "needs_attention"


def test_its_people_stand_in_the_one_list(client: Client) -> None:
    connect(client)
    call_command("sync", organisation="fellgate", json=True)
    assert sorted(Entry.objects.values_list("first_name", "last_name")) == [("Ana María", "Reyes"), ("Tom", "Bell")]
    page = client.get("/o/fellgate/entries/").content.decode()
    assert "Reyes" in page
    assert 'aria-label="Startline"' in page


def test_what_it_cannot_do_is_said_where_one_would_try(client: Client) -> None:
    connect(client)
    call_command("sync", organisation="fellgate", json=True)
    entry = Entry.objects.get(last_name="Bell")
    page = client.get(f"/o/fellgate/entries/{entry.pk}/edit/").content.decode()
    assert "Startline prints its cards once; your change is kept here." in page


def test_the_page_of_its_abilities_follows_from_what_it_declares(client: Client) -> None:
    connect(client)
    url = f"/o/fellgate/connections/{Connection.objects.get().pk}/abilities/"
    page = client.get(url).content.decode()
    assert "every 4 h, 15 min in race week, 1 min on race day" in page
    assert "The whole list every time. What is no longer on it is marked as gone." in page
    assert "Nothing. It is read only." in page
    assert "Startline takes entries by post card only." in page
    assert "Whoever enters there appears here after the next sync." in page
    assert "A change is kept here as a correction, and used in lists, exports and start lists." in page
    assert "Take it out there; the next walk over the whole list marks it as gone here." in page
    assert "whenever somebody presses" in page
    assert "From your account page." in page


def test_a_change_of_shape_is_seen(client: Client, settings: Settings) -> None:
    connect(client)
    waved = {"people": [{**person, "wave": "Ana's"} for person in PEOPLE["people"]]}
    settings.PROVIDER_TRANSPORT = httpx.MockTransport(lambda request: httpx.Response(200, json=waved))
    call_command("sync", organisation="fellgate", json=True)
    (row,) = ContractSurprise.objects.all()
    assert (row.kind, row.path, row.why, row.example) == ("entry", "wave", "new_field", "“xxxxx”")
    assert Entry.objects.count() == 2
