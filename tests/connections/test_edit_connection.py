"""An owner changes a connection."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from organiser_portal.connections.models import Connection, Standing
from organiser_portal.organisations.models import AuditRecord, User
from providers.sandbox import Sandbox
from tests.conftest import NOW
from tests.connections.conftest import CANARY, page

pytestmark = pytest.mark.portable

SignIn = Callable[[User], Client]


@pytest.fixture
def client(owner: User, sign_in: SignIn) -> Client:
    return sign_in(owner)


@pytest.fixture
def url(working: Connection) -> str:
    return f"/o/fellgate/connections/{working.pk}/edit/"


@pytest.fixture
def kept(entered: dict[str, str]) -> dict[str, str]:
    """The form as it comes, with the key left empty."""
    return entered | {"secret_api_key": ""}


def test_the_key_is_not_shown_but_that_it_is_set_is(client: Client, url: str, working: Connection) -> None:
    html = page(client, url)
    assert working.secrets()["api_key"] not in html
    assert "Set, last changed" in html


def test_an_empty_key_means_keep_it(client: Client, url: str, kept: dict[str, str], working: Connection) -> None:
    before = working.secrets()
    client.post(url, kept | {"label": "Main"})
    working.refresh_from_db()
    assert working.secrets() == before
    assert working.label == "Main"


def test_a_new_label_asks_nothing_of_the_provider(
    client: Client, url: str, kept: dict[str, str], sandbox: Sandbox, working: Connection
) -> None:
    asked = len(sandbox.calls())
    client.post(url, kept | {"label": "Main"})
    working.refresh_from_db()
    assert len(sandbox.calls()) == asked
    assert working.standing == Standing.WORKING


def test_a_new_key_is_tested_at_once(client: Client, url: str, kept: dict[str, str], working: Connection) -> None:
    client.post(url, kept | {"secret_api_key": CANARY})
    working.refresh_from_db()
    assert working.standing == Standing.NEEDS_ATTENTION
    assert "does not accept the key" in working.standing_reason


def test_a_wrong_organiser_id_is_mended_in_one_step(
    client: Client, url: str, kept: dict[str, str], working: Connection
) -> None:
    client.post(url, kept | {"setting_organiser_id": "31008"})
    client.post(url, kept)
    working.refresh_from_db()
    assert working.standing == Standing.WORKING
    assert working.standing_reason == ""


def test_another_account_is_walked_whole_and_no_old_run_may_go_on(
    client: Client, url: str, kept: dict[str, str], working: Connection
) -> None:
    working.sync_states.update(
        cursor="half way", lease="worker", leased_until=NOW + timedelta(minutes=30), full_due=False
    )
    client.post(url, kept | {"setting_organiser_id": "31008"})
    for state in working.sync_states.all():
        assert (state.cursor, state.full_due, state.lease) == ("", True, "")


def test_what_was_learned_of_another_account_is_forgotten(
    client: Client, url: str, kept: dict[str, str], working: Connection
) -> None:
    Connection.objects.update(learned={"bulk_path": "/participants"})
    client.post(url, kept | {"setting_organiser_id": "31008"})
    working.refresh_from_db()
    assert "bulk_path" not in working.learned


def test_what_was_learned_of_this_one_is_not_lost_with_another_pace(
    client: Client, url: str, kept: dict[str, str], working: Connection
) -> None:
    Connection.objects.update(learned={"bulk_path": "/participants"})
    client.post(url, kept | {"setting_pace": "1"})
    working.refresh_from_db()
    assert working.learned["bulk_path"] == "/participants"


def test_quicker_polling_does_not_wait_for_the_old_interval(
    client: Client, url: str, kept: dict[str, str], working: Connection
) -> None:
    working.sync_states.update(due_at=NOW + timedelta(days=3_000))
    client.post(url, kept | {"every_usual": "30"})
    assert all(state.due_at < NOW + timedelta(days=3_000) for state in working.sync_states.all())


def test_a_key_does_not_follow_to_another_host_by_itself(
    client: Client, url: str, kept: dict[str, str], working: Connection
) -> None:
    moved = kept | {"base_url": "http://127.0.0.1:8001/eventrac/api/v3"}
    reply = client.post(url, moved)
    assert reply.status_code == 422
    assert "has to be entered again" in reply.content.decode()
    assert client.post(url, moved | {"secret_api_key": working.secrets()["api_key"]}).status_code == 303


def test_an_administrators_permission_does_not_cover_the_owners_next_address(
    client: Client, url: str, entered: dict[str, str], working: Connection, settings: Settings
) -> None:
    Connection.objects.update(base_url="http://127.0.0.1:8001/eventrac/api/v3", base_url_allowed=True)
    client.post(url, entered | {"base_url": "http://127.0.0.1:9000/eventrac/api/v3"})
    working.refresh_from_db()
    assert working.base_url.startswith("http://127.0.0.1:9000")
    assert not working.base_url_allowed


def test_the_audit_line_names_what_changed(client: Client, url: str, kept: dict[str, str], working: Connection) -> None:
    client.post(url, kept | {"label": "Main", "secret_api_key": CANARY})
    line = AuditRecord.objects.get(action="connection.changed")
    assert line.detail["fields"] == ["label"]
    assert line.detail["secrets"] == ["api_key"]
    assert CANARY not in str(line.detail)


def test_a_paused_connection_stays_paused(
    client: Client, url: str, entered: dict[str, str], working: Connection
) -> None:
    Connection.objects.update(standing=Standing.PAUSED)
    client.post(url, entered | {"setting_pace": "1"})
    working.refresh_from_db()
    assert working.standing == Standing.PAUSED


def test_another_organisations_connection_is_404(client: Client, stranger: User, url: str, sign_in: SignIn) -> None:
    elsewhere = url.replace("fellgate", "elsewhere")
    assert sign_in(stranger).get(elsewhere).status_code == 404
