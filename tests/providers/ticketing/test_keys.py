"""Two kinds of key, the version of the client, and what a refusal means."""

from typing import Any

import httpx
import pytest

from providers import turns
from providers.errors import (
    AccessDenied,
    CredentialsRejected,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    Refused,
    UnexpectedReply,
)
from providers.sandbox import Sandbox
from providers.sandbox.ticketing.seed import DEMO_HOST, HOST_ADMIN, PASSWORD, READ_KEY, STRANGER
from providers.ticketing.faults import field_errors, texts
from tests.providers.ticketing.conftest import Build, event_ids, first, ids, knowing
from tests.providers.wire import Wire

ACCOUNT: dict[str, Any] = {"api_key": READ_KEY, "password": PASSWORD, "settings": {"username": HOST_ADMIN}}


def test_a_check_tells_what_the_key_may(sandboxed: Build):
    system = sandboxed().check()
    assert system.name == "Fellgate Events"
    assert ("Key", "system administrator's") in system.facts
    assert system.warnings == ()
    reader = sandboxed(api_key=READ_KEY).check()
    assert ("Key", "for reading") in reader.facts
    assert "can read the calendar, but not tickets" in reader.warnings[0]


def test_a_check_of_an_account_signs_in(sandboxed: Build):
    with sandboxed(**ACCOUNT) as ticketing:
        account = ticketing.check()
    assert ("Key", "account's") in account.facts
    assert account.warnings == ()
    stranger = sandboxed(api_key=READ_KEY, password=PASSWORD, settings={"username": STRANGER}).check()
    assert len(stranger.warnings) == 1


def test_an_unknown_host_is_told_from_an_unknown_key(sandboxed: Build):
    with pytest.raises(AccessDenied, match="no host 4711"):
        sandboxed(settings={"host_id": "4711"}).check()
    with pytest.raises(CredentialsRejected, match="does not know the key"):
        sandboxed(api_key="f" * 32).check()


@pytest.mark.parametrize("resource", ["events", "entries", "admissions", "gate_tokens"])
def test_a_withdrawn_key_is_told_from_a_thing_that_is_not_allowed(sandbox: Sandbox, sandboxed: Build, resource: str):
    sandbox.ticketing.revoke(sandbox.ticketing.demo_key)
    with pytest.raises(CredentialsRejected):
        list(sandboxed().pull(resource, known=knowing(event_ids(sandbox))))


def test_an_account_reads_what_its_host_sells(sandbox: Sandbox, sandboxed: Build):
    with sandboxed(**ACCOUNT) as ticketing:
        events = ids(ticketing.pull("events", known=knowing()))
        assert events == event_ids(sandbox)  # the draft too, which only its host's own list has
        assert len(ids(ticketing.pull("entries", known=knowing(events)))) == 240
    sessions = list(sandbox.ticketing.state.sessions.values())
    assert [session.ended for session in sessions] == [True]


def test_an_ended_session_is_started_again_once(sandbox: Sandbox, sandboxed: Build):
    for gone in (401, 403):
        sandbox.ticketing.switches.session_gone = gone
        with sandboxed(**ACCOUNT) as ticketing:
            number = ticketing.directory.session().account.number
            for session in sandbox.ticketing.state.sessions.values():
                session.ended = True
            assert ticketing.directory.accounts.one(number).username == HOST_ADMIN


def test_a_live_session_is_not_started_again_for_what_it_may_not(sandbox: Sandbox, sandboxed: Build):
    with sandboxed(**ACCOUNT) as ticketing:
        with pytest.raises(AccessDenied):
            ticketing.directory.accounts.all()
        assert len(sandbox.ticketing.state.sessions) == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"password": "wrong"}, "does not accept the password"),
        ({"settings": {"username": "nobody"}}, "does not know an account"),
        ({"api_key": "f" * 32}, "does not accept the API key"),
    ],
)
def test_a_sign_in_that_fails_says_why(sandboxed: Build, change: dict[str, Any], sentence: str):
    with pytest.raises(CredentialsRejected, match=sentence):
        sandboxed(**(ACCOUNT | change)).check()


def test_a_sign_in_whose_answer_was_lost_may_be_tried_again(sandbox: Sandbox, sandboxed: Build):
    sandbox.faults.add("ticketing:drop_after_write,method=POST")
    ticketing = sandboxed(**ACCOUNT)
    with pytest.raises(ProviderUnavailable):
        ticketing.directory.hosts.all()
    assert len(ticketing.directory.hosts.all()) == 2


def test_a_sign_in_that_something_on_the_way_refuses_is_no_fault_of_the_settings(sandbox: Sandbox, sandboxed: Build):
    sandbox.faults.add("ticketing:status=400,body=html,method=POST,path=/sessions")
    with sandboxed(**ACCOUNT) as ticketing:
        with pytest.raises(UnexpectedReply):
            ticketing.check()
        ticketing.check()


def test_secrets_are_in_no_learned_value_and_no_repr(sandbox: Sandbox, sandboxed: Build):
    with sandboxed(**ACCOUNT) as ticketing:
        list(ticketing.pull("entries", known=knowing([first(sandbox).id])))
        told = f"{ticketing.learned}{ticketing!r}{vars(ticketing)!r}"
    secrets = [*sandbox.ticketing.state.sessions, *sandbox.ticketing.state.tokens, READ_KEY, PASSWORD]
    assert not [secret for secret in secrets if secret in told]


def test_an_old_client_is_told_what_to_do(sandbox: Sandbox, sandboxed: Build):
    sandbox.ticketing.switches.oldest_client = "3.1.3"
    for options in ({}, ACCOUNT):
        with pytest.raises(AccessDenied, match="Raise “Client version”") as caught:
            sandboxed(**options).check()
        assert caught.value.status == 412
    assert sandboxed(settings={"client_version": "3.1.3"}).check().facts


def test_a_time_zone_that_is_none_is_told_at_its_field(build: Build):
    for name in ("Mars/Olympus", "../etc", "/"):
        with pytest.raises(Refused) as caught:
            build(Wire(httpx.Response(200)), settings={"time_zone": name})
        assert list(caught.value.field_errors) == ["time_zone"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"error":"a"}', ["a"]),
        (b'{"message":"b"}', ["b"]),
        (b'{"error":"a","message":"b"}', ["a"]),
        (b'{"error":["a","b"]}', ["a", "b"]),
        (b'{"error":{"x":1},"message":"b"}', ["b"]),
        (b"<h1>Bad gateway</h1>", []),
        (b"[]", []),
        (b"", []),
    ],
)
def test_an_error_body_is_read_in_all_its_ways(body: bytes, said: list[str]):
    assert texts(body) == said


def test_the_names_in_an_error_are_read_by_our_names():
    missing = "The following arguments are required, but have not been supplied: redeemer, device, serials."
    assert list(field_errors([missing])) == ["steward", "device", "serials"]
    assert list(field_errors(["The following arguments have invalid values: sections."])) == ["races"]
    clash = field_errors(["The following arguments conflict with those of another user: username."])
    assert clash["username"][0].rule == "conflict"
    assert list(field_errors(["Something else"])) == [""]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, "UnexpectedReply"),
        (401, "CredentialsRejected"),
        (403, "CredentialsRejected"),
        (404, "NotFound"),
        (405, "UnexpectedReply"),
        (409, "UnexpectedReply"),
        (410, "NotFound"),
        (412, "AccessDenied"),
        (429, "RateLimited"),
        (500, "ProviderUnavailable"),
    ],
)
@pytest.mark.parametrize("key", ["error", "message"])
def test_each_status_is_an_error_whatever_key_it_speaks_under(build: Build, status: int, error: str, key: str):
    wire = Wire(httpx.Response(status, json={key: "No."}))
    with pytest.raises(ProviderError) as caught:
        build(wire).directory.hosts.one(DEMO_HOST)
    assert type(caught.value).__name__ == error
    assert str(caught.value).endswith(".")


def test_who_is_asked_to_wait_holds_up_nobody_with_another_key(build: Build):
    wire = Wire(httpx.Response(429, headers={"Retry-After": "3600"}))
    with turns.kept_by(turns.Lines(heeds_quiet=True)):
        one, same, other = (build(wire, api_key=key * 32) for key in "kkm")
    for ticketing, asked in ((one, 1), (same, 1), (other, 2)):
        with pytest.raises(RateLimited):
            ticketing.check()
        assert len(wire.requests) == asked
