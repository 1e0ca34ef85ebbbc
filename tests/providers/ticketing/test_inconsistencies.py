"""Where TickeTing's sources contradict each other: what we do about each. The rest is proven beside its subject.

Elsewhere: the error key, a dead session and a start without a key, page rules and the empty list (test_paging,
test_keys, the sandbox's own tests); short and whole section addresses, odd dates (test_small_readers, test_walks).
"""

from typing import Any

import httpx
import pytest

from providers.errors import AccessDenied, CredentialsRejected, NotFound
from providers.operations import Verb
from providers.sandbox import Sandbox
from providers.sandbox.ticketing.seed import HOST_ADMIN, PASSWORD, READ_KEY, STRANGER
from tests.providers.sandbox.ticketing_desk import NEW_SECTION, signed_in, tt_client
from tests.providers.ticketing.conftest import Build, first, ids, knowing
from tests.providers.wire import Routes, Wire

SESSION: dict[str, Any] = {"api_key": READ_KEY, "password": PASSWORD}


@pytest.mark.parametrize("dot", ["", "."])
def test_a_refusal_with_or_without_its_full_stop_is_the_same(build: Build, dot: str):
    denied = httpx.Response(403, json={"error": f"You are restricted from accessing this resource{dot}"})
    wire = Wire(denied, httpx.Response(200, json={"countries": []}))
    with pytest.raises(AccessDenied):
        build(wire).directory.accounts.all()
    with pytest.raises(CredentialsRejected):
        build(Wire(denied)).directory.accounts.all()


@pytest.mark.parametrize("status", [401, 403])
def test_a_session_that_is_gone_is_gone_under_either_status(sandbox: Sandbox, sandboxed: Build, status: Any):
    sandbox.ticketing.switches.session_gone = status
    ticketing = sandboxed(**SESSION, settings={"username": HOST_ADMIN})
    ticketing.directory.hosts.all()
    for session in sandbox.ticketing.state.sessions.values():
        session.ended = True
    assert ticketing.directory.session().account.username == HOST_ADMIN


def test_a_session_is_started_with_the_integration_key(sandbox: Sandbox, sandboxed: Build):
    with pytest.raises(CredentialsRejected):
        sandboxed(api_key="", password=PASSWORD, settings={"username": HOST_ADMIN}).directory.hosts.all()
    sandbox.ticketing.switches.keyless_session = True
    assert sandboxed(api_key="", password=PASSWORD, settings={"username": HOST_ADMIN}).directory.hosts.all()


@pytest.mark.parametrize("way", ["reference", "full", "relative"])
def test_a_token_is_issued_with_whole_addresses_that_are_never_doubled(sandbox: Sandbox, sandboxed: Build, way: Any):
    sandbox.ticketing.switches.section_uris = way
    event = first(sandbox)
    races = [f"/sections/{event.sections[0].id}", f"{event.uri}/sections/{event.sections[1].id}"]
    sandboxed().perform(Verb.ISSUE_TOKEN, subject=event.id, values={"races": races})
    [call] = sandbox.calls("ticketing", "POST")
    assert call.body.decode().count("/events/") == 2
    assert event.tokens[-1].chosen == event.sections


def test_a_token_that_was_issued_is_not_taken_for_the_global_one(sandbox: Sandbox, sandboxed: Build):
    event, ticketing = first(sandbox), sandboxed()
    done = ticketing.perform(Verb.ISSUE_TOKEN, subject=event.id, values={"races": [event.sections[0].id]})
    pages = list(ticketing.pull("gate_tokens", known=knowing([event.id])))
    tokens = {item.external_id: ticketing.decode(item)[0] for page in pages for item in page.items}
    assert not tokens[done.external_id].everywhere
    assert sum(token.everywhere for token in tokens.values()) == 1


def test_a_token_is_for_one_person(build: Build):
    consequence = build(Wire(httpx.Response(200))).operations[Verb.ISSUE_TOKEN].consequence
    assert "each steward a code of their own" in consequence


def test_the_version_is_sent_with_every_call_and_can_be_raised(sandbox: Sandbox, sandboxed: Build):
    for settings, version in (({}, "3.0.0"), ({"client_version": "3.1.3"}, "3.1.3")):
        sandbox.log.clear()
        ticketing = sandboxed(settings=settings)
        list(ticketing.pull("entries", known=knowing([first(sandbox).id])))
        assert {call.headers["x-client-version"] for call in sandbox.calls("ticketing")} == {version}


def test_the_base_price_on_show_is_the_one_that_was_set(sandbox: Sandbox, sandboxed: Build):
    event = first(sandbox)
    signed_in(sandbox).post(f"{event.uri}/sections", json=NEW_SECTION)
    ticketing = sandboxed()
    [page] = ticketing.pull("events", known=knowing())
    races = {race.name: race for race in ticketing.decode(page.items[0])[1:]}
    assert races["Mile"].price.minor == 450
    assert races[event.sections[0].name].price.minor == event.sections[0].price * 100  # reduced for now


def test_every_403_is_the_same_error_whatever_was_tried(sandbox: Sandbox, sandboxed: Build):
    event = first(sandbox)
    ticketing = sandboxed(**SESSION, settings={"username": STRANGER})
    subject = f"{event.id}-{event.tokens[1].id}"
    for verb in (Verb.EDIT_TOKEN, Verb.REVOKE_TOKEN):
        with pytest.raises(AccessDenied):
            ticketing.perform(verb, subject=subject, values={"races": [event.sections[0].id]})
    with pytest.raises(AccessDenied):
        list(ticketing.pull("gate_tokens", known=knowing([event.id])))
    with pytest.raises(AccessDenied):
        ticketing.directory.accounts.all()


def test_not_found_has_three_texts_and_one_meaning(sandboxed: Build):
    directory = sandboxed().directory
    for look in (directory.hosts.one, directory.accounts.one, directory.regions.one):
        with pytest.raises(NotFound):
            look("1")


def test_the_hosts_of_an_account_are_found_in_both_places(sandbox: Sandbox, sandboxed: Build):
    number = sandbox.ticketing.state.usernames[HOST_ADMIN].number
    filtered = [host.id for host in sandboxed().directory.hosts.all(account=number)]
    later = tt_client(sandbox).get(f"/accounts/{number}/hosts").json()["entries"]
    assert filtered == [entry["self"].rpartition("/")[2] for entry in later]


def test_four_kinds_of_key_are_kept_apart(sandbox: Sandbox, sandboxed: Build):
    event = first(sandbox)
    ticketing = sandboxed(**SESSION, settings={"username": HOST_ADMIN})
    list(ticketing.pull("entries", known=knowing([event.id])))
    token, session = event.tokens[-1], next(iter(sandbox.ticketing.state.sessions))
    assert len({token.code, token.key, session, READ_KEY}) == 4
    # The code stands in one path only, and no key in any.
    paths = [call.path for call in sandbox.calls("ticketing")]
    assert [path for path in paths if token.code in path] == [f"/tokens/{token.code}"]
    assert not [path for path in paths if token.key in path or session in path]


@pytest.mark.parametrize("written", ["number", "text"])
def test_ids_are_text_whatever_they_came_as(build: Build, written: str):
    section = {"self": 17500000060001 if written == "number" else "17500000060001", "name": "10K", "active": True}
    event = {"self": "/events/17500000010001", "title": "Races", "sections": [section]}
    listing = {"total": 1, "page": 1, "records": 10, "entries": [event]}
    far = Routes({"GET /v3/events?records=10": listing})
    ticketing = build(far, base_url="https://qa.ticketingevents.com/v3")
    [page] = ticketing.pull("events", known=knowing())
    _, race = ticketing.decode(page.items[0])
    assert (ids([page]), race.external_id) == (["17500000010001"], "17500000060001")


@pytest.mark.parametrize(
    "text",
    [
        "None of the provided ticket serials grants admission to this event",
        "None of the given serials belongs to this event.",
    ],
)
def test_foreign_serials_are_refused_however_that_is_worded(build: Build, text: str):
    event = {"self": "/events/1", "sections": [{"self": "/sections/2"}]}
    token = {"self": "/events/1/tokens/3", "code": "K3T9ZW0B", "global": False, "sections": []}
    far = Routes(
        {
            "GET /v3/events/1": event,
            "GET /v3/events/1/tokens?records=10": {"total": 0, "entries": []},
            "POST /v3/events/1/tokens": httpx.Response(201, json=token),
            "GET /v3/tokens/K3T9ZW0B": {"event": "/events/1", "key": "a" * 32, "sections": []},
            "POST /v3/events/1/admissions": httpx.Response(400, json={"error": text}),
        }
    )
    done = build(far).perform(Verb.REDEEM, subject="1", values={"serials": "X", "steward": "S", "device": "d"})
    assert dict(done.facts) == {"Admitted": "0", "Not accepted": "1"}
    assert far.requests[-1].headers["x-api-key"] == "a" * 32
