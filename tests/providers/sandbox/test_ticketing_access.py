"""Who is let in to what, and in which order the reasons against it come."""

import base64

import pytest

from providers.sandbox import Sandbox
from providers.sandbox.ticketing.seed import HOST_ADMIN, PASSWORD, STRANGER
from tests.providers.sandbox.ticketing_desk import (
    NEW_SECTION,
    READER,
    SYSTEM,
    at_gate,
    callers,
    draft,
    first,
    new_event,
    signed_in,
    tt_client,
)

EVERYBODY = ("reader", "stranger", "host", "system", "gate")


def allowed(sandbox: Sandbox, method: str, path: str, body: object = None) -> set[str]:
    clients = callers(sandbox)
    return {who for who in EVERYBODY if clients[who].request(method, path, json=body).status_code < 300}


@pytest.mark.parametrize("path", ["/published-events", "/regions", "/venues", "/categories", "/countries", "/hosts"])
def test_the_calendar_and_what_belongs_to_it_is_for_every_key_but_a_gates(sandbox: Sandbox, path: str):
    assert allowed(sandbox, "GET", path) == {"reader", "stranger", "host", "system"}


def test_all_events_and_accounts_are_for_system_administrators(sandbox: Sandbox):
    assert allowed(sandbox, "GET", "/events") == {"system"}
    assert allowed(sandbox, "GET", "/accounts") == {"system"}


def test_an_unlisted_event_is_for_those_who_run_it(sandbox: Sandbox):
    assert allowed(sandbox, "GET", first(sandbox).uri) == {"reader", "stranger", "host", "system"}
    assert allowed(sandbox, "GET", draft(sandbox).uri) == {"host", "system"}


def test_tokens_and_sections_are_for_those_who_run_the_event(sandbox: Sandbox):
    event = first(sandbox)
    body = {"sections": [f"{event.uri}/sections/{event.sections[0].id}"]}
    assert allowed(sandbox, "POST", f"{event.uri}/tokens", body) == {"host", "system"}
    assert allowed(sandbox, "GET", f"{event.uri}/tokens") == {"host", "system"}
    assert allowed(sandbox, "POST", f"{event.uri}/sections", NEW_SECTION) == {"host", "system"}
    text = callers(sandbox)["stranger"].post(f"{event.uri}/tokens", json=body).json()
    assert text == {"error": "This account is not an administrator for the relevant event host."}


def test_tickets_and_admissions_are_for_the_gate(sandbox: Sandbox):
    event = first(sandbox)
    for name in ("tickets", "admissions"):
        assert allowed(sandbox, "GET", f"{event.uri}/{name}") == {"system", "gate"}


def test_a_token_opens_its_own_event_and_sections_only(sandbox: Sandbox):
    event, other = list(sandbox.ticketing.state.events.values())[:2]
    gate = at_gate(sandbox, event.tokens[1].code)
    assert gate.get(f"{other.uri}/tickets").status_code == 403
    serials = {entry["section"]["name"] for entry in gate.get(f"{event.uri}/tickets?records=500").json()["entries"]}
    assert serials == {event.sections[0].name}


def test_another_account_is_nobodys_business(sandbox: Sandbox):
    number = sandbox.ticketing.state.usernames["runner0"].number
    assert allowed(sandbox, "GET", f"/accounts/{number}") == {"system"}
    own = sandbox.ticketing.state.usernames[HOST_ADMIN].number
    assert signed_in(sandbox).get(f"/accounts/{own}").json()["username"] == HOST_ADMIN


def test_an_address_that_does_not_exist_comes_before_everything_else(sandbox: Sandbox):
    reply = tt_client(sandbox, "", "").get("/nowhere/1")
    assert reply.status_code == 404
    assert reply.json() == {"message": "The requested endpoint /nowhere/1 does not exist on this server."}


def test_then_the_method_then_the_version_then_the_key(sandbox: Sandbox):
    bare = tt_client(sandbox, "", "")
    assert bare.delete("/regions").json() == {"error": "The /regions endpoint does not support the DELETE method"}
    old = bare.get("/regions")
    assert (old.status_code, old.json()) == (412, {"error": "Please upgrade your client to complete this request"})
    keyless = tt_client(sandbox, "").get("/regions")
    assert (keyless.status_code, keyless.json()) == (401, {"message": "Your request could not be authenticated."})
    wrong = tt_client(sandbox, "wrong").get("/regions")
    assert wrong.status_code == 403
    assert wrong.json() == {"message": "You are restricted from accessing this resource."}


def test_what_is_not_there_comes_before_what_is_wrong_with_the_body(sandbox: Sandbox):
    client = tt_client(sandbox)
    assert client.post("/events/1/tokens", json={}).status_code == 404
    assert client.get("/events/abc").json() == {"error": "There is presently no resource with the given URI."}


@pytest.mark.parametrize(
    ("version", "status"),
    [("2.9.9", 412), ("3", 412), ("new", 412), ("", 412), ("3.0.0", 200), ("3.10.0", 200), ("4.0.0", 200)],
)
def test_versions_are_compared_as_numbers(sandbox: Sandbox, version: str, status: int):
    assert tt_client(sandbox, READER, version).get("/countries").status_code == status
    sandbox.ticketing.switches.oldest_client = "3.9.0"
    assert tt_client(sandbox, READER, "3.10.0").get("/countries").status_code == 200


def test_a_session_starts_lives_and_ends(sandbox: Sandbox):
    client = signed_in(sandbox)
    session = client.get("/sessions/active").json()
    assert session["account"]["username"] == HOST_ADMIN
    assert session["started"] == "2027-03-01 12:00:00"
    assert client.delete("/sessions/active").status_code == 200
    assert client.get("/sessions/active").status_code == 401
    assert client.get("/regions").status_code == 403
    sandbox.ticketing.switches.session_gone = 403
    assert client.get("/sessions/active").status_code == 403


def test_sign_in_says_what_is_wrong(sandbox: Sandbox):
    client = tt_client(sandbox, READER)
    nobody = client.post("/sessions", json={"identification": "nobody", "password": PASSWORD})
    assert (nobody.status_code, nobody.json()) == (404, {"error": "The requested account could not be located"})
    wrong = client.post("/sessions", json={"identification": "rival@mail.example", "password": "no"})
    assert (wrong.status_code, wrong.json()["error"]) == (401, "A session cannot be started with the given password.")


def test_a_session_needs_a_key_unless_switched(sandbox: Sandbox):
    body = {"identification": STRANGER, "password": PASSWORD}
    assert tt_client(sandbox, "").post("/sessions", json=body).status_code == 401
    sandbox.ticketing.switches.keyless_session = True
    assert tt_client(sandbox, "").post("/sessions", json=body).status_code == 201


def test_a_revoked_key_is_an_unknown_one(sandbox: Sandbox):
    sandbox.ticketing.revoke(SYSTEM)
    assert tt_client(sandbox).get("/regions").status_code == 403


@pytest.mark.parametrize("key", ["error", "message"])
def test_all_errors_can_come_under_one_key(sandbox: Sandbox, key: str):
    sandbox.ticketing.switches.error_key = key
    for client, path in ((tt_client(sandbox, ""), "/regions"), (tt_client(sandbox, version=""), "/regions")):
        assert list(client.get(path).json()) == [key]


def test_an_event_goes_from_draft_over_review_to_the_calendar(sandbox: Sandbox):
    host, system = signed_in(sandbox), tt_client(sandbox)
    event = host.post("/events", json=new_event(sandbox)).json()
    assert (event["status"], event["published"], event["sections"]) == ("Draft", "", [])
    assert host.post(f"{event['self']}/submissions", json={}).status_code == 201
    assert host.post(f"{event['self']}/submissions", json={}).status_code == 409
    name = base64.b64encode(event["self"].encode()).decode()
    assert host.delete(f"/submissions/{name}?approved=true").status_code == 403
    assert system.delete(f"/submissions/{name}?approved=true").status_code == 200
    shown = tt_client(sandbox, READER).get("/published-events", params={"title": "Moorland Mile"}).json()["entries"]
    assert [each["status"] for each in shown] == ["Scheduled"]
    sandbox.ticketing.cancel(event["self"].rpartition("/")[2])
    assert tt_client(sandbox, READER).get(event["self"]).status_code == 403
