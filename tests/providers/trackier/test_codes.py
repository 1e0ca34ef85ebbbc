"""Every application code: the error that says what to do, and the sentence that says it to the organiser."""

import httpx
import pytest

from providers.errors import (
    AccessDenied,
    CredentialsRejected,
    NotFound,
    OutcomeUnknown,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    Refused,
    UnexpectedReply,
)
from providers.operations import Verb
from providers.sandbox import Sandbox
from providers.trackier.client import Trackier
from tests.providers.trackier.conftest import Build, replying, walk

CODES: list[tuple[int, type[ProviderError], str]] = [
    (5, AccessDenied, "may not use this feature"),
    (11, AccessDenied, "refused this action: Because"),
    (20, UnexpectedReply, "did not accept a value: Because"),
    (30, UnexpectedReply, "did not understand our request"),
    (31, NotFound, "no longer exists"),
    (32, UnexpectedReply, "Check the version"),
    (40, RateLimited, "limiting us"),
    (41, AccessDenied, "add these addresses to the allow-list: 203.0.113.5, 203.0.113.6"),
    (42, AccessDenied, "account is locked"),
    (50, RateLimited, "being upgraded; the sync resumes by itself"),
    (51, ProviderUnavailable, "support@trackier.com"),
    (60, AccessDenied, "refused this: Because"),
    (77, UnexpectedReply, "code is 77. Because"),
]


@pytest.mark.parametrize(("code", "kind", "sentence"), CODES)
@pytest.mark.parametrize("status", [200, 400])
def test_each_code_means_what_it_asks_for_whatever_http_says(
    build: Build, code: int, kind: type[ProviderError], sentence: str, status: int
) -> None:
    told = httpx.Response(status, json={"success": False, "error": {"code": code, "message": "Because"}})
    with pytest.raises(kind) as caught:
        walk(build(replying(told), settings={"outbound_ips": "203.0.113.5, 203.0.113.6"}), "partners")
    assert sentence in str(caught.value)
    assert str(caught.value).endswith(".")


def test_a_wait_that_is_asked_for_is_told(build: Build) -> None:
    told = httpx.Response(429, json={"error": {"code": 40}}, headers={"Retry-After": "9"})
    with pytest.raises(RateLimited) as caught:
        walk(build(replying(told)), "partners")
    assert caught.value.retry_after == 9


@pytest.mark.parametrize(("code", "status"), [(50, 503), (50, 200), (51, 503), (51, 500), (None, 503)])
def test_a_fault_that_says_when_to_come_back_is_a_wait(build: Build, code: int | None, status: int) -> None:
    calls: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append(request.url.path)
        return httpx.Response(status, json={"error": {"code": code}}, headers={"Retry-After": "90"})

    with pytest.raises(RateLimited) as caught:
        build(httpx.MockTransport(answer)).check()
    assert caught.value.retry_after == 90
    assert len(calls) == 1


def test_an_upgrade_is_given_five_minutes(build: Build) -> None:
    with pytest.raises(RateLimited) as caught:
        walk(build(replying(httpx.Response(503, json={"error": {"code": 50}}))), "partners")
    assert caught.value.retry_after == 300


def test_after_a_write_an_upgrade_leaves_open_what_was_done(build: Build, sandbox: Sandbox) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        read = request.method == "GET"
        told = {"success": True, "data": {"network": {}, "affiliates": []}} if read else {"error": {"code": 50}}
        return httpx.Response(200 if read else 503, json=told, headers={} if read else {"Retry-After": "7"})

    with pytest.raises(OutcomeUnknown) as caught:
        build(httpx.MockTransport(answer)).perform(
            Verb.CREATE_PARTNER, values={"name": "Club", "email": "club@mail.example"}
        )
    assert caught.value.retry_after == 7


@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize(
    ("switch", "kind"),
    [
        ({"allow_list": False}, AccessDenied),
        ({"locked": True}, AccessDenied),
        ({"upgrading": True}, RateLimited),
        ({"limited": True}, RateLimited),
    ],
)
def test_the_house_rules_end_a_check_and_every_walk(
    build: Build, sandbox: Sandbox, version: str, switch: dict[str, bool], kind: type[ProviderError]
) -> None:
    provider = build(settings={"version": version})
    sandbox.trackier.switch(switch)
    with pytest.raises(kind):
        provider.check()
    for resource in provider.resources:
        with pytest.raises(kind):
            walk(provider, resource.key)


@pytest.mark.parametrize("form", ["error", "errors", "nested", "root"])
@pytest.mark.parametrize("status", ["http", "200"])
def test_a_wrong_key_is_rejected_in_every_form_after_a_second_look(
    build: Build, sandbox: Sandbox, form: str, status: str
) -> None:
    sandbox.trackier.switch({"error_form": form, "error_status": status})
    with pytest.raises(CredentialsRejected, match="rejected the key"):
        build(api_key="wrong").check()
    assert len(sandbox.calls("trackier")) == 2


def test_a_refused_call_with_a_good_key_is_made_again_and_then_only_that_feature_is_denied(
    trackier: Trackier, sandbox: Sandbox
) -> None:
    trackier.check()
    sandbox.faults.add("trackier:status=401,path=/affiliate")
    assert walk(trackier, "partners")[-1].complete
    sandbox.faults.add("trackier:status=401,path=/affiliate,times=forever")
    with pytest.raises(AccessDenied, match="takes the key"):
        walk(trackier, "partners")


def test_a_key_revoked_between_two_calls_is_rejected(trackier: Trackier, sandbox: Sandbox) -> None:
    trackier.check()
    sandbox.trackier.revoke(sandbox.trackier.demo_key)
    with pytest.raises(CredentialsRejected):
        walk(trackier, "campaigns")


def test_an_affiliates_key_is_told_apart_from_a_wrong_one(build: Build) -> None:
    with pytest.raises(AccessDenied, match="affiliate's or an advertiser's"):
        build(api_key="sandbox-affiliate-90b1").check()


def test_no_address_to_name_still_gives_a_sentence(build: Build, sandbox: Sandbox) -> None:
    sandbox.trackier.switch({"allow_list": False})
    with pytest.raises(AccessDenied, match="the address of this server"):
        build().check()


def test_a_refusal_lands_on_the_field_it_speaks_of(trackier: Trackier, sandbox: Sandbox) -> None:
    sandbox.trackier.switch({"required_field": True})
    values = {"name": "Club", "email": "club@mail.example", "custom_fields": ""}
    with pytest.raises(Refused) as caught:
        trackier.perform(Verb.CREATE_PARTNER, values=values)
    assert "custom_fields" in caught.value.field_errors
    done = trackier.perform(Verb.CREATE_PARTNER, values=values | {"custom_fields": "club_website = a.example"})
    assert done.external_id in sandbox.trackier.network.affiliates
