"""Testing, pausing and resuming a connection."""

import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from django.test import Client

from organiser_portal.connections import services
from organiser_portal.connections.models import Connection, Standing, SyncState
from organiser_portal.core.encryption import Secrets
from organiser_portal.organisations.models import AuditRecord, User
from providers.sandbox import Sandbox
from tests.conftest import NOW
from tests.connections.certificates import make_certificate

pytestmark = pytest.mark.portable

Connect = Callable[..., Connection]
SignIn = Callable[[User], Client]
LATER = NOW + timedelta(hours=1)


def verdict_of(connection: Connection) -> services.Verdict:
    verdict = services.test_connection(connection=connection, actor=None, now=LATER)
    connection.refresh_from_db()
    return verdict


@pytest.mark.parametrize(
    "fault",
    ["eventrac:hang,times=forever", "eventrac:status=503,times=forever", "eventrac:status=429", "eventrac:html"],
)
def test_what_passes_by_itself_does_not_park_a_working_connection(
    sandbox: Sandbox, working: Connection, fault: str
) -> None:
    sandbox.faults.add(fault)
    verdict = verdict_of(working)
    assert not verdict.accepted
    assert "stays at work" in verdict.sentence
    assert working.standing == Standing.WORKING


def test_a_revoked_key_parks_it_since_now(sandbox: Sandbox, working: Connection) -> None:
    sandbox.faults.add("eventrac:revoke")
    verdict_of(working)
    assert working.standing == Standing.NEEDS_ATTENTION
    assert working.standing_since == LATER


def test_a_good_test_frees_it_and_makes_everything_due(sandbox: Sandbox, working: Connection) -> None:
    Connection.objects.update(standing=Standing.NEEDS_ATTENTION, standing_reason="wrong key")
    working.refresh_from_db()
    working.sync_states.update(due_at=LATER + timedelta(hours=6), failures=4)
    verdict_of(working)
    assert (working.standing, working.standing_reason) == (Standing.WORKING, "")
    assert {(state.due_at, state.failures) for state in working.sync_states.all()} == {(LATER, 0)}


def test_a_good_test_of_a_working_one_leaves_its_schedule_alone(sandbox: Sandbox, working: Connection) -> None:
    due = LATER + timedelta(hours=3)
    working.sync_states.update(due_at=due)
    verdict_of(working)
    assert {state.due_at for state in working.sync_states.all()} == {due}


@pytest.mark.postgresql
def test_a_good_test_lets_go_of_a_listing_that_was_held(sandbox: Sandbox, working: Connection) -> None:
    working.sync_states.update(due_at=LATER + timedelta(hours=3))
    working.sync_states.filter(resource="races").update(held_reason="not allowed")
    verdict_of(working)
    races = SyncState.objects.get(resource="races")
    assert (races.held_reason, races.due_at) == ("", LATER)


def test_the_account_and_the_time_are_kept(working: Connection) -> None:
    assert working.tested_at == NOW
    assert working.account["name"] == "Organiser 20417"
    assert ["Organiser ID", "20417"] in working.account["facts"]


def test_a_verdict_on_what_was_changed_meanwhile_does_not_count(sandbox: Sandbox, working: Connection) -> None:
    stale = Connection.objects.get(pk=working.pk)
    working.seal(Secrets(api_key="another"))
    working.standing = Standing.UNTESTED
    working.save()
    verdict = services.test_connection(connection=stale, actor=None, now=LATER)
    working.refresh_from_db()
    assert not verdict.accepted
    assert working.standing == Standing.UNTESTED


def test_a_paused_one_can_be_tested_and_stays_paused(sandbox: Sandbox, working: Connection) -> None:
    services.pause(connection=working, actor=None, now=NOW, note="handed over")
    assert verdict_of(working).accepted
    assert working.standing == Standing.PAUSED
    assert "handed over" in working.standing_reason


def test_nothing_listens_there(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        connection = connect(base_url=f"http://127.0.0.1:{taken.getsockname()[1]}/api/v3")
        verdict = verdict_of(connection)
    assert "nothing answers at 127.0.0.1" in verdict.sentence
    assert connection.standing == Standing.NEEDS_ATTENTION


@pytest.fixture
def self_signed(tmp_path: Path) -> Iterator[str]:
    """A server with a certificate that nobody vouches for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(make_certificate(tmp_path, "localhost"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=_greet_one, args=(listener, context), daemon=True).start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}/api/v3"


def _greet_one(listener: socket.socket, context: ssl.SSLContext) -> None:
    plain, _ = listener.accept()
    with plain:
        try:
            context.wrap_socket(plain, server_side=True)
        except (ssl.SSLError, OSError):
            return


def test_a_certificate_nobody_vouches_for(connect: Connect, self_signed: str) -> None:
    connection = connect(base_url=self_signed)
    assert "certificate of 127.0.0.1 could not be checked" in verdict_of(connection).sentence


def test_the_button_answers_htmx_with_the_result_in_place(
    sandbox: Sandbox, working: Connection, owner: User, sign_in: SignIn, htmx: dict[str, str]
) -> None:
    reply = sign_in(owner).post(f"/o/fellgate/connections/{working.pk}/test/", headers=htmx)
    html = reply.content.decode()
    assert reply.status_code == 200
    assert html.strip().startswith('<section class="card mb-4" id="standing"')
    assert "eventrac accepts the key" in html


def test_asked_from_the_list_the_card_keeps_its_links(
    sandbox: Sandbox, working: Connection, owner: User, sign_in: SignIn, htmx: dict[str, str]
) -> None:
    sandbox.faults.add("eventrac:revoke")
    url = f"/o/fellgate/connections/{working.pk}/"
    html = sign_in(owner).post(f"{url}test/", {"linked": "1"}, headers=htmx).content.decode()
    assert f'href="{url}"' in html
    assert html.count("eventrac does not accept the key") == 1


def test_without_javascript_the_button_leads_to_the_page(
    sandbox: Sandbox, working: Connection, owner: User, sign_in: SignIn
) -> None:
    sandbox.faults.add("eventrac:revoke")
    reply = sign_in(owner).post(f"/o/fellgate/connections/{working.pk}/test/", follow=True)
    assert reply.redirect_chain == [(f"/o/fellgate/connections/{working.pk}/", 303)]
    assert "eventrac does not accept the key" in reply.content.decode()


@pytest.mark.postgresql
def test_pausing_says_who_and_why_and_resuming_tests(
    sandbox: Sandbox, working: Connection, owner: User, sign_in: SignIn
) -> None:
    client, url = sign_in(owner), f"/o/fellgate/connections/{working.pk}/"
    html = client.post(f"{url}pause/", {"note": "handed over in June"}, follow=True).content.decode()
    assert "Paused by olive@fellgate.example: “handed over in June”." in html
    client.post(f"{url}resume/")
    working.refresh_from_db()
    assert working.standing == Standing.WORKING
    actions = set(AuditRecord.objects.values_list("action", flat=True))
    assert {"connection.paused", "connection.resumed", "connection.tested"} <= actions


@pytest.mark.parametrize("verb", ["test", "pause", "resume"])
def test_a_manager_may_not(working: Connection, manager: User, sign_in: SignIn, verb: str) -> None:
    assert sign_in(manager).post(f"/o/fellgate/connections/{working.pk}/{verb}/").status_code == 403
