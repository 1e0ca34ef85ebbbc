"""The pretended Trackier v1: addresses, keys, envelopes and what PHP makes of them."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from providers.sandbox import DEMO_KEYS, Sandbox
from providers.sandbox.trackier.objects import NO_PASSWORD
from providers.sandbox.trackier.site import AFFILIATE_KEY, OTHER_KEY
from tests.providers.sandbox.conftest import NOON

KEY = DEMO_KEYS["trackier"]


def client(sandbox: Sandbox, key: str = KEY) -> httpx.Client:
    return sandbox.client("trackier", **{"X-Api-Key": key})


def first(sandbox: Sandbox, what: str) -> str:
    return next(iter(getattr(sandbox.trackier.network, what)))


@pytest.mark.parametrize(("served", "api", "bare"), [("both", 200, 200), ("api", 200, 501), ("bare", 501, 200)])
def test_every_address_is_served_with_and_without_the_prefix_unless_switched(
    sandbox: Sandbox, served: str, api: int, bare: int
) -> None:
    sandbox.trackier.switch({"prefix": served})
    assert client(sandbox).get("/api/network/account").status_code == api
    assert client(sandbox).get("/network/account").status_code == bare


@pytest.mark.parametrize("path", ["/nowhere", "/goals/1", "/gaols/1", "/dict/countries", "/api", "/v2/nowhere"])
def test_an_unknown_address_is_501(sandbox: Sandbox, path: str) -> None:
    assert client(sandbox).get(path).status_code == 501


@pytest.mark.parametrize(
    "path", ["/affiliate/0", "/campaign/0", "/caps/0", "/jobs/0", "/affiliate/earning/0", "/v2/campaigns/0"]
)
def test_an_unknown_id_is_404(sandbox: Sandbox, path: str) -> None:
    reply = client(sandbox).get(path)
    assert reply.status_code == 404
    assert reply.json() == {"success": False, "error": {"code": 31, "message": "Resource Not Found"}}


def test_another_method_is_405(sandbox: Sandbox) -> None:
    assert client(sandbox).patch(f"/affiliate/{first(sandbox, 'affiliates')}", json={}).json()["error"]["code"] == 32


def test_a_literal_stands_before_an_id(sandbox: Sandbox) -> None:
    assert client(sandbox).get("/campaign/domains").json()["data"] == {"domains": ["go.fellgate.example"]}


def test_a_retired_v1_answers_501_everywhere(sandbox: Sandbox) -> None:
    sandbox.trackier.switch({"retired": True})
    assert {client(sandbox).get(path).status_code for path in ("/affiliate", "/api/campaign")} == {501}
    assert client(sandbox).get("/v2/campaigns").status_code == 200


@pytest.mark.parametrize(
    ("headers", "query", "code"),
    [
        ({}, "", 12),
        ({"X-Api-Key": "wrong"}, "", 13),
        ({"X-Api-Key": "wrong"}, f"?apiKey={KEY}", 13),
        ({}, f"?api_key={KEY}", 12),
        ({"Authorization": f"Bearer {KEY}"}, "", 12),
        ({"X-Api-Key": AFFILIATE_KEY}, "", 5),
    ],
)
def test_a_key_that_will_not_do_is_told_by_code(
    sandbox: Sandbox, headers: dict[str, str], query: str, code: int
) -> None:
    reply = sandbox.client("trackier", **headers).get(f"/affiliate{query}")
    assert (reply.json()["error"]["code"], reply.status_code) == (code, 403 if code == 5 else 401)


@pytest.mark.parametrize("query", [f"?apiKey={KEY}", "?apiKey=wrong"])
def test_the_query_form_works_and_the_header_wins(sandbox: Sandbox, query: str) -> None:
    bare = sandbox.client("trackier").get(f"/affiliate{query}").status_code
    assert bare == (200 if KEY in query else 401)
    assert client(sandbox).get(f"/affiliate{query}").status_code == 200


@pytest.mark.parametrize(
    ("switch", "code", "status"),
    [
        ({"allow_list": False}, 41, 403),
        ({"locked": True}, 42, 403),
        ({"upgrading": True}, 50, 503),
        ({"limited": True}, 40, 429),
    ],
)
def test_the_house_rules_are_switches(sandbox: Sandbox, switch: dict[str, bool], code: int, status: int) -> None:
    sandbox.trackier.switch(switch)
    reply = client(sandbox).get("/affiliate")
    assert (reply.json()["error"]["code"], reply.status_code) == (code, status)


def test_another_network_sees_nothing_of_this_one(sandbox: Sandbox) -> None:
    stranger = client(sandbox, OTHER_KEY)
    assert stranger.get("/affiliate").json()["data"]["affiliates"] == []
    assert stranger.get(f"/affiliate/{first(sandbox, 'affiliates')}").status_code == 404


@pytest.mark.parametrize(
    ("path", "has_success"),
    [
        ("/affiliate", False),
        ("/affiliate/{affiliate}", False),
        ("/affiliate/earning/{affiliate}", False),
        ("/affiliates/earning/{affiliate}", False),
        ("/campaign", False),
        ("/campaign/{campaign}", False),
        ("/advertiser", False),
        ("/campaign/stats/{campaign}", True),
        ("/campaign/stats/{campaign}/{affiliate}", True),
        ("/network/account", True),
        ("/network/customReport", True),
        ("/network/stats?start=2027-02-01&end=2027-02-03", True),
        ("/network/clicks", True),
        ("/network/referral", True),
        ("/commissions/{campaign}", True),
        ("/caps/{campaign}", True),
        ("/goal/campaign/{campaign}", True),
        ("/dictionary/countries", True),
        ("/dictionary/devices", True),
        ("/dictionary/categories", True),
        ("/dictionary/customField/affiliate", True),
        ("/jobs", True),
    ],
)
def test_success_is_missing_where_the_sheet_says_so(sandbox: Sandbox, path: str, has_success: bool) -> None:
    held = {"affiliate": first(sandbox, "affiliates"), "campaign": first(sandbox, "campaigns")}
    reply = client(sandbox).get(path.format(**held))
    assert reply.status_code == 200
    assert ("success" in reply.json()) is has_success


def test_users_carry_a_hash_and_empty_maps_are_lists(sandbox: Sandbox) -> None:
    users = client(sandbox).get("/affiliate").json()["data"]["affiliates"]
    assert {user["password"] for user in users} == {NO_PASSWORD}
    assert {type(user["meta"]) for user in users} == {list, dict}
    assert all("display_id" not in user and "currency" in user for user in users)


def test_a_created_affiliate_comes_as_a_user_disabled_and_an_edited_one_in_the_new_shape(sandbox: Sandbox) -> None:
    api, new = client(sandbox), {"name": "Club", "email": "club@mail.example", "password": "x"}
    made = api.post("/affiliate", json=new).json()["data"]
    assert (made["user"]["live"], made["message"]) == (False, "Publisher Added!!")
    assert api.post("/affiliate", json=new).json()["error"]["code"] == 33
    edited = api.post(f"/affiliate/{made['user']['_id']}", json={"live": True, "zone": "Europe/Rome"}).json()["data"]
    assert edited["affiliate"]["region"]["zone"] == "Europe/Rome"
    assert edited["affiliate"]["display_id"] == 13
    assert api.delete(f"/affiliate/{made['user']['_id']}").json()["success"]


def test_ids_begin_with_the_second_they_were_made(sandbox: Sandbox) -> None:
    for user in sandbox.trackier.network.affiliates.values():
        assert int(user.id[:8], 16) == int(user.created.timestamp())
        assert len(user.id) == 24


def test_commissions_come_as_maps_and_as_lists_and_only_active_campaigns_by_default(sandbox: Sandbox) -> None:
    page = client(sandbox).get("/campaign").json()["data"]
    assert {type(each["commissions"]) for each in page["campaigns"]} == {dict, list}
    inactive = client(sandbox).get("/campaign?active=0").json()["data"]
    assert page["total"] + inactive["total"] == 7
    titles = [each["title"] for found in (page, inactive) for each in found["campaigns"]]
    assert titles.count("Hexley 10K") == 2
    assert any("&amp;" in title for title in titles)
    assert all("status" not in each and "display_id" not in each for each in page["campaigns"])


def test_an_edit_needs_an_action_and_takes_only_its_fields(sandbox: Sandbox) -> None:
    api, campaign = client(sandbox), next(iter(sandbox.trackier.network.campaigns.values()))
    assert api.post(f"/campaign/{campaign.id}", json={"status": "paused"}).json()["error"]["code"] == 20
    api.post(f"/campaign/{campaign.id}", json={"action": "targeting", "status": "paused", "title": "X"})
    assert (campaign.status, campaign.title) == ("active", "Hexley 10K")
    api.post(f"/campaign/{campaign.id}", json={"action": "basic_info", "status": "paused"})
    assert campaign.status == "paused"


def test_a_campaign_is_created_with_its_commission_renamed(sandbox: Sandbox) -> None:
    body = {"title": "New", "url": "https://a.example/?t={click_id}", "advertiser_id": "1", "model": "cpa"}
    made = (
        client(sandbox).post("/campaign", json=body | {"commissions": [{"payout": 2.5, "revenue": 3}]}).json()["data"]
    )
    assert (made["campaign"]["status"], made["campaign"]["vis"]) == ("pending", "public")
    assert (made["commissions"][0]["rate"], made["commissions"][0]["revenue"]) == (2.5, 3)


def test_a_second_link_is_refused_with_the_first_in_it(sandbox: Sandbox) -> None:
    sandbox.trackier.network.links.clear()
    path = f"/network/link/{first(sandbox, 'affiliates')}/{first(sandbox, 'campaigns')}"
    assert client(sandbox).get(path).status_code == 404
    made = client(sandbox).post(path, json={"domain": "a.example"}).json()
    again = client(sandbox).post(path, json={"domain": "b.example"}).json()
    assert (made["success"], again["success"]) == (True, False)
    assert made["data"]["tracking_link"] == again["data"]["tracking_link"]
    assert "a.example" in again["data"]["tracking_link"]


def test_caps_are_always_a_list_under_id_and_renamed(sandbox: Sandbox) -> None:
    api, path = client(sandbox), f"/caps/{list(sandbox.trackier.network.campaigns)[1]}"
    made = api.post(path, json={"caps": [{"type": "click", "daily": 5, "pc": 1}]}).json()
    [cap] = made["data"]["caps"]
    assert (made["message"], cap["pause_campaign"], cap["monthly"]) == ("CAP Added Successfully", 1, None)
    assert api.post(f"{path}/{cap['id']}", json={"daily": 6}).json()["data"]["caps"][0]["daily"] == 6
    assert api.delete(f"{path}/{cap['id']}").json()["data"]["message"] == "CAP removed from database!!"


def log(sandbox: Sandbox, *more: tuple[str, str]) -> dict[str, Any]:
    asked = [("start", "2027-01-01"), ("end", "2027-03-01"), *more]
    found: dict[str, Any] = client(sandbox).get("/network/conversions", params=httpx.QueryParams(asked)).json()
    return found


def test_a_filter_counts_only_if_query_names_it(sandbox: Sandbox) -> None:
    partner = first(sandbox, "affiliates")
    unfiltered, filtered = log(sandbox, ("pid[]", partner)), log(sandbox, ("query[]", "pid"), ("pid[]", partner))
    assert filtered["count"] < unfiltered["count"]
    assert "pid" in filtered["query"]
    assert "pid" not in unfiltered["query"]
    assert filtered["query"]["start"] == "2027-01-01"


def test_records_are_a_map_with_status_and_referer_and_empty_a_list(sandbox: Sandbox) -> None:
    row = next(iter(log(sandbox, ("query[]", "fields"), ("fields[]", "payout,created"))["records"].values()))
    assert set(row) == {"payout", "created", "status", "referer"}
    assert row["created"]["timezone"] == "Europe/Paris"
    empty = client(sandbox).get("/network/conversions?start=2020-01-01&end=2020-01-02").json()
    assert (empty["records"], empty["count"]) == ([], 0)


def test_an_import_is_a_job_that_takes_its_time_and_halts_at_the_eleventh_error(sandbox: Sandbox) -> None:
    api, waiting = client(sandbox), first(sandbox, "conversions")
    edit = {"conversion_id": waiting, "status": "rejected"}
    queued = api.post("/network/conversion-import", json={"conversions": [edit, *[{}] * 12, edit]}).json()["data"][
        "job"
    ]
    assert queued["status"] == "pending"
    states = [api.get(f"/jobs/{queued['_id']}").json()["data"] for _ in range(3)]
    assert [each["job"]["status"] for each in states] == ["pending", "progress", "failed"]
    assert states[2]["logs"][0]["message"] == "Total Processed: 12 | Imported: 0 | Edited: 1 | Errors: 11"
    assert states[2]["job"]["created"]["timezone"] == "+00:00"
    assert states[2]["logs"][0]["created"] == "2027-03-01 13:00:11"
    assert sandbox.trackier.network.conversions[waiting].status == "rejected"


def test_one_row_of_the_report_is_off_by_a_hundredth(sandbox: Sandbox) -> None:
    found = client(sandbox).get("/network/customReport?start=2027-01-01").json()["data"]
    profit = sum(row["profit"] for row in found["records"])
    assert profit == pytest.approx(found["total"]["profit"] + 0.01)
    assert len(found["affs"]) == 12


def test_a_day_without_earnings_has_no_payout_and_no_days_are_a_list(sandbox: Sandbox) -> None:
    stats = client(sandbox).get("/network/stats?start=2027-01-01&end=2027-03-01").json()["data"]["stats"]
    busy = [day for day in stats.values() if day["conversions"]]
    assert all("payout" in day for day in busy)
    quiet = client(sandbox).get("/network/stats?start=2020-01-01&end=2020-01-02").json()["data"]
    assert quiet["stats"] == []


def test_naive_times_are_of_the_networks_zone(sandbox: Sandbox) -> None:
    partner = {"publisher_id": first(sandbox, "affiliates")}
    made = client(sandbox).post("/network/referral", json=partner).json()["data"]["referral"]
    assert made["created"] == "2027-03-01 13:00:00"
    assert made["rate"] == 0.0


def test_the_same_seed_gives_the_same_network_and_time_moves_it(sandbox: Sandbox) -> None:
    again = Sandbox(size="s", now=NOON)
    assert client(sandbox).get("/affiliate").content == client(again).get("/affiliate").content
    before = dict(sandbox.trackier.counts())
    for number in range(6):
        sandbox.trackier.tick(number)
    assert sandbox.trackier.counts()["conversions"] == before["conversions"] + 4


def test_size_m_has_sixty_partners_and_five_thousand_results() -> None:
    counts = Sandbox(size="m", now=datetime(2027, 3, 1, tzinfo=UTC)).trackier.counts()
    assert (counts["affiliates"], counts["conversions"]) == (60, 5000)


def test_an_empty_world_has_a_network_and_nothing_in_it(bare: Sandbox) -> None:
    assert set(bare.trackier.counts().values()) == {0}
    assert client(bare).get("/network/account").json()["data"]["network"]["region"]["currency"] == "GBP"
