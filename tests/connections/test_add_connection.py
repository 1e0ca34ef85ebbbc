"""An owner connects a provider."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.html import escape
from pytest_django.fixtures import Settings

from organiser_portal.connections.models import Connection, Standing, SyncState
from organiser_portal.organisations.models import AuditRecord, User
from providers.sandbox import Sandbox
from tests.connections.conftest import CANARY, page

pytestmark = pytest.mark.portable

ADD = "/o/fellgate/connections/add/"
NEW = f"{ADD}eventrac/"

SignIn = Callable[[User], Client]


@pytest.fixture
def client(owner: User, sign_in: SignIn, sandbox: Sandbox) -> Client:
    return sign_in(owner)


def test_every_provider_can_be_chosen(client: Client) -> None:
    html = page(client, ADD)
    assert f'href="{NEW}"' in html
    assert f'href="{ADD}letsdothis/"' in html


def test_an_unknown_provider_is_404(client: Client) -> None:
    assert client.get(f"{ADD}nobody/").status_code == 404


def test_the_form_is_built_from_what_the_provider_declares(client: Client) -> None:
    html = page(client, NEW)
    for text in ("API key", "Organiser ID", "Requests a second", "eventrac’s organiser support"):
        assert text.replace("’", "&#x27;") in html


def test_a_good_key_makes_a_working_connection(client: Client, entered: dict[str, str]) -> None:
    reply = client.post(NEW, entered, follow=True)
    connection = Connection.objects.get()
    assert connection.standing == Standing.WORKING
    assert reply.redirect_chain == [(f"/o/fellgate/connections/{connection.pk}/", 303)]
    assert "eventrac accepts the key: Organiser 20417." in reply.content.decode()


@pytest.mark.postgresql
def test_every_listing_is_due_at_once(client: Client, entered: dict[str, str]) -> None:
    client.post(NEW, entered)
    due = SyncState.objects.exclude(due_at=None).values_list("resource", flat=True)
    assert sorted(due) == ["events", "races"]


def test_the_key_is_encrypted_in_the_database(client: Client, entered: dict[str, str]) -> None:
    client.post(NEW, entered)
    connection = Connection.objects.get()
    assert entered["secret_api_key"].encode() not in bytes(connection.sealed_credentials)
    assert connection.secrets() == {"api_key": entered["secret_api_key"]}


def test_the_audit_line_names_fields_and_secrets_but_no_values(client: Client, entered: dict[str, str]) -> None:
    client.post(NEW, entered)
    line = AuditRecord.objects.get(action="connection.created")
    assert line.detail["secrets"] == ["api_key"]
    assert "organiser_id" in line.detail["fields"]
    assert entered["secret_api_key"] not in str(line.detail)


@pytest.mark.parametrize(
    ("change", "fault", "sentence"),
    [
        ({"secret_api_key": CANARY}, "", "eventrac does not accept the key."),
        ({"setting_organiser_id": "31008"}, "", "does not let it see organiser 31008"),
        ({}, "eventrac:hang,times=forever", "did not answer in time"),
        ({}, "eventrac:status=503,times=forever", "is not working at the moment"),
        ({}, "eventrac:html", "answered with something that cannot be read"),
    ],
    ids=["wrong key", "wrong organiser id", "slow", "down", "not the API"],
)
def test_a_bad_one_is_kept_and_says_exactly_what_is_wrong(
    client: Client, sandbox: Sandbox, entered: dict[str, str], change: dict[str, str], fault: str, sentence: str
) -> None:
    if fault:
        sandbox.faults.add(fault)
    html = client.post(NEW, entered | change, follow=True).content.decode()
    connection = Connection.objects.get()
    assert connection.standing == Standing.NEEDS_ATTENTION
    assert sentence in connection.standing_reason
    assert escape(connection.standing_reason) in html


def test_missing_answers_are_422_and_nothing_typed_is_lost(client: Client, entered: dict[str, str]) -> None:
    reply = client.post(NEW, entered | {"label": "The big account", "setting_organiser_id": ""})
    html = reply.content.decode()
    assert reply.status_code == 422
    assert 'value="The big account"' in html
    assert not Connection.objects.exists()


def test_a_key_typed_beside_a_mistake_is_not_sent_back_and_the_page_says_so(
    client: Client, entered: dict[str, str]
) -> None:
    html = client.post(NEW, entered | {"secret_api_key": CANARY, "setting_organiser_id": ""}).content.decode()
    assert CANARY not in html
    assert "enter it again" in html


def test_a_value_that_does_not_fit_is_refused_on_its_field(client: Client, entered: dict[str, str]) -> None:
    html = client.post(NEW, entered | {"setting_organiser_id": "Fellgate"}).content.decode()
    assert 'id="id_setting_organiser_id_error"' in html


def test_what_only_the_provider_knows_to_be_wrong_stands_on_its_field(
    client: Client, sandbox: Sandbox, entered: dict[str, str]
) -> None:
    answers = {"secret_api_key": CANARY, "setting_page_size": "700", "setting_price_unit": "unknown"}
    html = client.post(f"{ADD}letsdothis/", entered | answers).content.decode()
    assert 'id="id_setting_page_size_error"' in html
    assert "1 to 500" in html


@pytest.mark.postgresql
def test_a_second_account_needs_a_label(client: Client, entered: dict[str, str]) -> None:
    client.post(NEW, entered)
    assert client.post(NEW, entered).status_code == 422
    assert client.post(NEW, entered | {"label": "Kingsmere"}).status_code == 303
    assert Connection.objects.count() == 2


def test_polling_is_stored_in_minutes(client: Client, entered: dict[str, str]) -> None:
    client.post(NEW, entered | {"every_usual": "60"})
    assert Connection.objects.get().polling == {"usual": 60, "race_week": 15, "race_day": 1}


@pytest.mark.parametrize(
    "wrong", [{"every_usual": "1"}, {"every_race_day": "0"}, {"every_race_week": "300"}, {"every_race_day": "20"}]
)
def test_polling_has_bounds_and_an_order(client: Client, entered: dict[str, str], wrong: dict[str, str]) -> None:
    assert client.post(NEW, entered | wrong).status_code == 422


def test_an_owner_is_not_offered_another_address(client: Client, entered: dict[str, str], settings: Settings) -> None:
    settings.PROVIDER_SANDBOX = False
    assert "base_url" not in page(client, NEW)
    client.post(NEW, entered | {"base_url": "https://elsewhere.example/v3"})
    assert Connection.objects.get().base_url == ""


def test_an_administrators_address_is_permitted_by_them_entering_it(
    client: Client, owner: User, entered: dict[str, str], settings: Settings
) -> None:
    settings.PROVIDER_SANDBOX = False
    owner.is_staff = True
    owner.save()
    client.post(NEW, entered | {"base_url": "https://93.184.215.14/v3"})
    connection = Connection.objects.get()
    assert connection.base_url_allowed
    assert connection.base_url == "https://93.184.215.14/v3"


@pytest.mark.postgresql
def test_a_private_address_is_refused_even_to_an_administrator(
    client: Client, owner: User, entered: dict[str, str], settings: Settings
) -> None:
    settings.PROVIDER_SANDBOX = False
    owner.is_staff = True
    owner.save()
    html = client.post(NEW, entered | {"base_url": "https://10.0.0.7/v3"}).content.decode()
    assert "private network" in html
    assert not Connection.objects.exists()


def test_people_below_owner_get_403(manager: User, sign_in: SignIn) -> None:
    assert sign_in(manager).get(NEW).status_code == 403


def test_a_stranger_gets_404(stranger: User, organisation: object, sign_in: SignIn) -> None:
    assert sign_in(stranger).get(NEW).status_code == 404
