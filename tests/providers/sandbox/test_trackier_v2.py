"""The pretended Trackier v2: flat answers, short ids, ISO times."""

import httpx
import pytest

from providers.sandbox import DEMO_KEYS, Sandbox


@pytest.fixture
def api(sandbox: Sandbox) -> httpx.Client:
    return sandbox.client("trackier", **{"X-Api-Key": DEMO_KEYS["trackier"]})


def test_lists_lie_at_the_root_under_short_ids(api: httpx.Client) -> None:
    campaigns = api.get("/v2/campaigns?limit=3&page=2").json()
    assert [each["id"] for each in campaigns["campaigns"]] == [44, 45, 46]
    assert campaigns["count"] == 7
    people = api.get("/v2/publishers").json()
    assert people["pagination"]["totalCount"] == 12
    assert all("password" not in each and len(each["hashId"]) == 24 for each in people["publishers"])


def test_times_are_iso_in_utc(api: httpx.Client) -> None:
    row = api.get("/v2/reports/conversions?start=2027-02-01&end=2027-03-01").json()["conversions"][0]
    assert row["created"].endswith("Z")


@pytest.mark.parametrize("served", ["", "/conversions", "/reports/conversions"])
def test_the_address_of_conversions_is_a_switch(api: httpx.Client, sandbox: Sandbox, served: str) -> None:
    sandbox.trackier.switch({"v2_conversions": served})
    for path in ("/conversions", "/reports/conversions"):
        assert api.get(f"/v2{path}").status_code == (200 if path == served else 501)


@pytest.mark.parametrize("key", ["", "wrong"])
def test_a_bad_key_is_a_400(sandbox: Sandbox, key: str) -> None:
    assert sandbox.client("trackier", **{"X-Api-Key": key}).get("/v2/campaigns").status_code == 400


def test_a_validation_error_comes_as_errors_with_a_code_in_text(api: httpx.Client) -> None:
    reply = api.post("/v2/publishers", json={"name": "A"})
    assert reply.status_code == 400
    assert reply.json()["errors"][0]["code"] == "20"


def test_a_campaign_changes_without_an_action_and_not_by_patch(api: httpx.Client) -> None:
    assert api.post("/v2/campaigns/41", json={"status": "paused"}).json()["campaign"]["status"] == "paused"
    assert api.post("/v2/campaigns/41", json={"action": "basic_info"}).status_code == 400
    assert api.patch("/v2/campaigns/41", json={"status": "active"}).status_code == 405


def test_v2_can_be_switched_off(api: httpx.Client, sandbox: Sandbox) -> None:
    sandbox.trackier.switch({"v2": False})
    assert api.get("/v2/campaigns").status_code == 501
