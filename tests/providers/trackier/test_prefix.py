"""With /api or without; and when there is no v1 any more."""

import httpx
import pytest

from providers.errors import AccessDenied, AddressRefused, ProviderError, Refused, UnexpectedReply
from providers.sandbox import Sandbox
from tests.providers.trackier.conftest import Build, account, walk


@pytest.mark.parametrize(("served", "kept"), [("both", "/api"), ("api", "/api"), ("bare", "none")])
def test_the_prefix_that_answers_is_found_and_kept(build: Build, sandbox: Sandbox, served: str, kept: str) -> None:
    sandbox.trackier.switch({"prefix": served})
    provider = build()
    provider.check()
    assert provider.learned["path_prefix"] == kept
    before = len(sandbox.calls("trackier"))
    walk(build(learned=provider.learned), "partners")
    assert not [call for call in sandbox.calls("trackier")[before:] if call.status == 501]


def test_a_prefix_that_changed_is_found_again_by_a_check(build: Build, sandbox: Sandbox) -> None:
    sandbox.trackier.switch({"prefix": "bare"})
    provider = build(learned={"path_prefix": "/api"})
    provider.check()
    assert provider.learned["path_prefix"] == "none"


@pytest.mark.parametrize("settings", [{"path_prefix": "none"}, {"path_prefix": "/api"}])
def test_a_prefix_that_is_set_is_the_only_one_tried(build: Build, sandbox: Sandbox, settings: dict[str, str]) -> None:
    sandbox.trackier.switch({"prefix": "api" if settings["path_prefix"] == "none" else "bare"})
    with pytest.raises(ProviderError):
        build(settings=settings).check()
    assert len(sandbox.calls("trackier")) == 1


@pytest.mark.parametrize("status", [404, 410, 501])
def test_a_host_that_denies_both_is_retired_and_v2_is_offered(build: Build, status: int) -> None:
    far = httpx.MockTransport(lambda request: httpx.Response(status, text="gone"))
    with pytest.raises(AccessDenied, match=r"no longer serves v1.*v2"):
        build(far).check()


@pytest.mark.parametrize("status", [404, 410, 501])
@pytest.mark.parametrize("code", [20, 30, 31, 32, "NOT_FOUND"])
def test_a_denied_address_is_one_whatever_code_comes_with_it(build: Build, status: int, code: int | str) -> None:
    denied = httpx.Response(status, json={"success": False, "error": {"code": code, "message": "No such address"}})

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=account()) if request.url.path == "/network/account" else denied

    provider = build(httpx.MockTransport(answer))
    provider.check()
    assert provider.learned["path_prefix"] == "none"
    with pytest.raises(AccessDenied, match=r"no longer serves v1.*v2"):
        build(httpx.MockTransport(lambda request: denied)).check()


@pytest.mark.parametrize("code", [30, 32])
def test_a_walk_over_a_version_that_is_gone_says_to_look_at_the_version(build: Build, code: int) -> None:
    denied = httpx.Response(501, json={"success": False, "error": {"code": code, "message": "Request URI not found"}})
    provider = build(httpx.MockTransport(lambda request: denied), learned={"path_prefix": "/api"})
    with pytest.raises(UnexpectedReply, match="does not know this address") as met:
        walk(provider, "partners")
    assert f"code {code}" in met.value.detail


def test_a_page_instead_of_json_may_pass(build: Build) -> None:
    far = httpx.MockTransport(lambda request: httpx.Response(200, text="<html>"))
    with pytest.raises(UnexpectedReply, match="no longer serves v1"):
        build(far).check()


def test_a_page_under_one_prefix_leads_to_the_other(build: Build) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        bare = request.url.path == "/network/account"
        return httpx.Response(200, json=account()) if bare else httpx.Response(200, text="<html>")

    provider = build(httpx.MockTransport(answer))
    assert provider.check().name == "Harbour Events"
    assert provider.learned["path_prefix"] == "none"


@pytest.mark.parametrize("status", [401, 403])
def test_an_answer_about_the_key_is_not_about_the_prefix(build: Build, status: int) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(status, json={})

    with pytest.raises(ProviderError):
        build(httpx.MockTransport(answer)).check()
    assert set(asked) == {"/api/network/account"}


def test_v1_retired_and_v2_working_is_a_matter_of_one_setting(build: Build, sandbox: Sandbox) -> None:
    sandbox.trackier.switch({"retired": True})
    with pytest.raises(AccessDenied):
        build().check()
    assert dict(build(settings={"version": "v2"}).check().facts)["API version"] == "v2"


def test_the_key_never_travels_unencrypted_to_another_machine(build: Build) -> None:
    with pytest.raises(AddressRefused):
        build(base_url="http://api.trackier.com")
    build(base_url="http://127.0.0.1:8001/trackier").close()


@pytest.mark.parametrize(
    "settings",
    [
        {"version": "v3"},
        {"zone": "Mars"},
        {"window_days": "x"},
        {"endpoint_overrides": "what=/x"},
        {"currency": "pound"},
    ],
)
def test_a_wrong_setting_is_refused_by_name(build: Build, settings: dict[str, str]) -> None:
    with pytest.raises(Refused) as caught:
        build(settings=settings)
    assert set(caught.value.field_errors) == set(settings)


@pytest.mark.parametrize(("code", "status"), [(20, 400), (30, 400), (32, 405)])
def test_an_error_with_a_code_is_about_the_call_and_not_about_the_prefix(build: Build, code: int, status: int) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(status, json={"success": False, "error": {"code": code, "message": "no"}})

    with pytest.raises(UnexpectedReply) as caught:
        build(httpx.MockTransport(answer)).check()
    assert "no longer serves" not in str(caught.value)
    assert len(asked) == 1
