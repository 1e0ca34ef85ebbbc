"""Which question of the entry form holds which field of the person."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from organiser_portal.connections.mapping import find_questions
from organiser_portal.connections.models import Connection, SourcePayload, SyncState
from organiser_portal.organisations.models import AuditRecord, User
from providers.packing import pack
from providers.sandbox import Sandbox
from tests.conftest import NOW
from tests.connections.conftest import page

Connect = Callable[..., Connection]
SignIn = Callable[[User], Client]


@pytest.fixture
def connection(sandbox: Sandbox, connect: Connect) -> Connection:
    return connect("letsdothis")


@pytest.fixture
def url(connection: Connection) -> str:
    return f"/o/fellgate/connections/{connection.pk}/mapping/"


@pytest.fixture
def client(owner: User, sign_in: SignIn) -> Client:
    return sign_in(owner)


def store(connection: Connection, number: int, answers: dict[str, str], kind: str = "entry") -> None:
    """One record whose form asked these questions: label → answer."""
    form = [{"slug": label.lower().replace(" ", "-"), "label": label, "value": text} for label, text in answers.items()]
    SourcePayload.objects.create(
        connection=connection,
        kind=kind,
        external_id=f"{number}",
        data=pack(json.dumps({"id": f"{number}", "fields": form}).encode()),
        fetched_at=NOW,
    )


def fields(client: Client, url: str) -> dict[str, Any]:
    """Question label → the form field on the page."""
    form = client.get(url).context["form"]
    return {str(bound.label): bound for _, bound in form.rows()}


def test_the_questions_found_are_proposed_by_name(client: Client, connection: Connection, url: str) -> None:
    store(connection, 1, {"First name": "Mina", "Surname": "Okafor", "T-shirt size": "M"})
    shown = {label: bound.initial for label, bound in fields(client, url).items()}
    assert shown == {"First name": "first_name", "Surname": "last_name", "T-shirt size": ""}


def test_questions_of_applications_count_too(connection: Connection) -> None:
    store(connection, 1, {"First name": "Mina"})
    store(connection, 2, {"Club": "Hexley Harriers"}, kind="application")
    assert {each.label for each in find_questions(connection).found} == {"First name", "Club"}


def test_no_answer_of_anybody_is_shown(client: Client, connection: Connection, url: str) -> None:
    store(connection, 1, {"First name": "Wilhelmina"})
    assert "Wilhelmina" not in page(client, url)


def test_what_was_confirmed_stands_before_what_is_proposed(client: Client, connection: Connection, url: str) -> None:
    store(connection, 1, {"First name": "Mina", "Known as": "Mo"})
    Connection.objects.update(mapping={"known-as": "first_name", "first-name": ""})
    shown = {label: bound.initial for label, bound in fields(client, url).items()}
    assert shown == {"First name": "", "Known as": "first_name"}


def test_saving_keeps_it_and_has_the_stored_records_read_again(
    client: Client, connection: Connection, url: str, sandbox: Sandbox
) -> None:
    store(connection, 1, {"First name": "Mina", "Known as": "Mo"})
    shown, asked = fields(client, url), len(sandbox.calls())
    client.post(url, {shown["First name"].name: "", shown["Known as"].name: "first_name"})
    connection.refresh_from_db()
    replay = SyncState.objects.get(connection=connection, resource="replay")
    assert connection.mapping == {"first-name": "", "known-as": "first_name"}
    assert replay.due_at is not None
    assert replay.asked_by_hand
    assert len(sandbox.calls()) == asked
    assert AuditRecord.objects.get(action="connection.mapping_changed").detail["questions"] == 2


def test_saving_again_asks_again(client: Client, connection: Connection, url: str) -> None:
    store(connection, 1, {"First name": "Mina"})
    name = fields(client, url)["First name"].name
    for chosen in ("first_name", "last_name"):
        assert client.post(url, {name: chosen}).status_code == 303
    assert SyncState.objects.filter(connection=connection, resource="replay").count() == 1


def test_two_questions_of_one_form_cannot_be_the_same_field(client: Client, connection: Connection, url: str) -> None:
    store(connection, 1, {"First name": "Mina", "Known as": "Mo"})
    shown = fields(client, url)
    reply = client.post(url, {bound.name: "first_name" for bound in shown.values()})
    connection.refresh_from_db()
    assert reply.status_code == 422
    assert "is the First name already" in reply.content.decode()
    assert connection.mapping == {}


def test_two_races_may_ask_the_same_in_their_own_words(client: Client, connection: Connection, url: str) -> None:
    store(connection, 1, {"E-mail": "a@mail.example"})
    store(connection, 2, {"Your address for news": "b@mail.example"})
    shown = fields(client, url)
    assert client.post(url, {bound.name: "email" for bound in shown.values()}).status_code == 303


def test_of_two_that_go_by_one_name_on_one_form_only_one_is_proposed(
    client: Client, connection: Connection, url: str
) -> None:
    store(connection, 1, {"Mobile": "07700 900111", "Telephone": "07700 900222"})
    proposed = [bound.initial for bound in fields(client, url).values()]
    assert sorted(proposed) == ["", "phone"]


def test_before_the_first_sync_it_says_so(client: Client, url: str) -> None:
    assert "No questions yet" in page(client, url)


def test_a_provider_that_names_its_own_fields_has_no_such_page(client: Client, connect: Connect) -> None:
    assert client.get(f"/o/fellgate/connections/{connect().pk}/mapping/").status_code == 404


def test_htmx_gets_the_form_alone(client: Client, connection: Connection, url: str, htmx: dict[str, str]) -> None:
    html = client.get(url, headers=htmx).content.decode()
    assert html.strip().startswith('<form id="mapping-form"')


def test_a_manager_may_not(manager: User, url: str, sign_in: SignIn) -> None:
    assert sign_in(manager).get(url).status_code == 403
