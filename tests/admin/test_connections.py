"""Credentials in the administration: built from what the provider declares, write-only, tested, on the record."""

import html

import pytest
from django.test import Client

from organiser_portal.connections.models import Connection, Standing
from organiser_portal.organisations.models import AuditRecord, Organisation, User
from providers.sandbox import DEMO_KEYS
from tests.admin.conftest import PRIVATE
from tests.connections.conftest import entered, sandbox  # noqa: F401 - fixtures of the room next door

LIST = "/admin/connections/connection/"
pytestmark = pytest.mark.usefixtures("sandbox")


def actions_in_trail() -> list[str]:
    return list(AuditRecord.objects.order_by("id").values_list("action", flat=True))


def test_adding_asks_first_for_whom_and_where(organisation: Organisation, client: Client):
    page = client.get(f"{LIST}add/").text
    assert "Fellgate Events" in page
    asked = client.get(f"{LIST}add/", {"organisation": "fellgate", "provider": "eventrac"}).text
    assert 'name="secret_api_key"' in asked
    assert 'name="base_url"' in asked


def test_a_connection_is_added_tested_and_recorded(organisation, administrator: User, client: Client, entered):  # noqa: F811 - the fixture
    response = client.post(f"{LIST}add/?organisation=fellgate&provider=eventrac", entered, follow=True)
    connection = Connection.objects.get()
    assert response.redirect_chain == [(f"{LIST}{connection.pk}/change/", 303)]
    assert connection.standing == Standing.WORKING
    assert connection.secrets()["api_key"] == DEMO_KEYS["eventrac"]
    assert DEMO_KEYS["eventrac"] not in response.text
    assert actions_in_trail() == ["connection.created", "connection.tested"]
    assert AuditRecord.objects.filter(actor=administrator).count() == 2


def test_a_secret_never_comes_back_to_the_browser(connection: Connection, client: Client, entered):  # noqa: F811 - the fixture
    address = f"{LIST}{connection.pk}/credentials/"
    assert PRIVATE not in client.get(address).text
    wrong = client.post(address, {**entered, "secret_api_key": "typed-just-now", "every_usual": "-3"})
    assert wrong.status_code == 422
    assert "typed-just-now" not in wrong.text


def test_an_empty_secret_keeps_the_one_that_is_held(connection: Connection, client: Client, entered):  # noqa: F811 - the fixture
    client.post(f"{LIST}{connection.pk}/credentials/", {**entered, "secret_api_key": "", "label": "Main"})
    connection.refresh_from_db()
    assert connection.label == "Main"
    assert connection.secrets()["api_key"] == PRIVATE


def test_a_base_url_that_an_administrator_saves_is_permitted(connection: Connection, client: Client, entered):  # noqa: F811 - the fixture
    url = "http://127.0.0.1:9/api/v2/"
    client.post(
        f"{LIST}{connection.pk}/credentials/", {**entered, "secret_api_key": DEMO_KEYS["eventrac"], "base_url": url}
    )
    connection.refresh_from_db()
    assert (connection.base_url, connection.base_url_allowed) == (url, True)


def test_a_key_does_not_follow_to_another_address(connection: Connection, client: Client, entered):  # noqa: F811 - the fixture
    values = {**entered, "secret_api_key": "", "base_url": "http://127.0.0.1:9/"}
    response = client.post(f"{LIST}{connection.pk}/credentials/", values)
    assert response.status_code == 422
    assert "has to be entered again" in response.text
    connection.refresh_from_db()
    assert connection.base_url == ""


def test_testing_says_what_is_wrong(connection: Connection, client: Client):
    response = client.post(LIST, {"action": "test", "_selected_action": [connection.pk]}, follow=True)
    connection.refresh_from_db()
    assert connection.standing == Standing.NEEDS_ATTENTION
    assert connection.standing_reason
    assert f"Tested: {connection.standing_reason}" in html.unescape(response.text)  # not "Eventrac", as Django would


def test_who_saves_a_key_is_told_that_it_was_saved_and_what_the_test_said(
    connection: Connection,
    client: Client,
    entered,  # noqa: F811 - the fixture
):
    address = f"{LIST}{connection.pk}/credentials/"
    response = client.post(address, {**entered, "secret_api_key": "another-key"}, follow=True)
    connection.refresh_from_db()
    assert f"Saved and tested: {connection.standing_reason}" in html.unescape(response.text)


def test_a_connection_is_paused_and_resumed(connection: Connection, administrator: User, client: Client):
    client.post(LIST, {"action": "pause", "_selected_action": [connection.pk]})
    connection.refresh_from_db()
    assert connection.standing == Standing.PAUSED
    client.post(LIST, {"action": "resume", "_selected_action": [connection.pk]})
    connection.refresh_from_db()
    assert connection.standing == Standing.NEEDS_ATTENTION
    assert actions_in_trail() == ["connection.paused", "connection.resumed", "connection.tested"]


def test_its_page_offers_the_actions_too(connection: Connection, client: Client):
    page = client.get(f"{LIST}{connection.pk}/change/").text
    assert "Credentials and settings" in page
    assert ">Pause</option>" in page
    assert "API key: set" in page or "key: set" in page.lower()


def test_a_connection_to_a_provider_nobody_knows_has_no_form(connection: Connection, client: Client):
    Connection.objects.update(provider="gone")
    response = client.get(f"{LIST}{connection.pk}/credentials/", follow=True)
    assert response.status_code == 200
    assert "There is no provider" in response.text


def test_a_connection_that_is_not_there_is_404(db: None, client: Client):
    assert client.get(f"{LIST}999/credentials/").status_code == 404
