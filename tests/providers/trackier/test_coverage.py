"""Which of the documented calls the client makes, and that the sandbox answers all of them."""

import json
import re
from typing import Any

import pytest

from providers.operations import Verb
from providers.sandbox import DEMO_KEYS, Sandbox
from providers.sandbox.messages import Request
from providers.trackier.client import Trackier
from tests.providers.trackier.conftest import knowing, walk
from tests.providers.trackier.sheet import LEFT, V1, Route

NOWHERE = "f" * 24


def ask(sandbox: Sandbox, method: str, path: str, body: object = None, kind: str = "application/json") -> Any:
    """One call with the demo key: (status, the answer)."""
    content = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
    headers = {"X-Api-Key": DEMO_KEYS["trackier"], "Content-Type": kind}
    reply = sandbox.answer(Request.of(method, f"/trackier{path}", headers, content)).reply
    assert reply is not None
    return reply.status, json.loads(reply.body)


def tour(trackier: Trackier, sandbox: Sandbox) -> None:
    """Everything the portal can want."""
    network = sandbox.trackier.network
    partner, campaign = next(iter(network.affiliates)), next(iter(network.campaigns))
    sandbox.trackier.convert("pending", partner, campaign)
    result = list(network.conversions)[-1]
    trackier.check()
    for resource in trackier.resources:
        walk(trackier, resource.key, known=knowing(partner))
    sandbox.faults.add("trackier:drop_after_write,method=POST,path=conversion-import")
    new = {"name": "Club", "email": "club@mail.example"}
    url = "https://race.example/?tid={click_id}"
    rates = {"payout": "1", "revenue": "2"}
    for verb, subject, values in (
        (Verb.CREATE_PARTNER, "", new),
        (Verb.EDIT_PARTNER, partner, new | {"email": "other@mail.example"}),
        (Verb.ENSURE_LINK, campaign, {"partner": partner, "domain": network.domains[0]}),
        (Verb.CREATE_REFERRAL, partner, {"rate": "1"}),
        (Verb.END_REFERRAL, partner, {}),
        (Verb.DECIDE_RESULTS, partner, {"results": [result], "status": "approved"}),
        (Verb.CREDIT_RESULT, campaign, {"partner": partner, "transaction": "T1", "status": "pending"}),
        (Verb.CREATE_CAMPAIGN, "", {"name": "New", "url": url, "model": "cpa", **rates}),
        (Verb.EDIT_CAMPAIGN, campaign, {"name": "Race", "url": url}),
        (Verb.PAUSE_CAMPAIGN, campaign, {}),
        (Verb.RESUME_CAMPAIGN, campaign, {}),
        (Verb.SET_RATES, campaign, rates),
        (Verb.GRANT_ACCESS, campaign, {"partner": partner}),
        (Verb.ADD_GOAL, campaign, {"name": "Shirt", "value": "shirt", **rates}),
        (Verb.SET_PARTNER_RATE, campaign, {"partner": partner, "payout": "3", "goal": "Shirt"}),
        (Verb.SET_PARTNER_RATE, campaign, {"partner": partner, "payout": "4", "goal": "Shirt"}),
        (Verb.SET_PARTNER_RATE, campaign, {"partner": partner, "payout": "", "goal": "Shirt"}),
        (Verb.SET_CAP, campaign, {"type": "click", "daily": "5"}),
        (Verb.SET_CAP, campaign, {"type": "click", "daily": "6"}),
    ):
        trackier.perform(verb, subject=subject, values=values)
    trackier.perform(Verb.REMOVE_CAP, subject=campaign, values={"cap": network.campaigns[campaign].caps[-1]["id"]})
    network.campaigns[campaign].commissions.clear()
    trackier.perform(Verb.SET_RATES, subject=campaign, values=rates)
    sandbox.trackier.switch({"daily_report": False})
    trackier.learned.pop("stats")
    walk(trackier, "stats", known=knowing(partner), full=True)


def template(method: str, path: str) -> Route:
    bare = path.removeprefix("/trackier").removeprefix("/api")
    return method, re.sub(r"/([0-9a-f]{24}|[0-9]+)(?=/|$)", "/{}", bare)


def test_the_client_makes_every_documented_call_but_those_left_for_a_reason(
    trackier: Trackier, sandbox: Sandbox
) -> None:
    tour(trackier, sandbox)
    made = {template(call.method, call.path) for call in sandbox.calls("trackier")}
    assert made == set(V1) - set(LEFT)
    assert set(LEFT) <= set(V1)
    assert (len(V1), len(made)) == (71, 36)


@pytest.mark.parametrize("prefix", ["", "/api"])
def test_the_sandbox_knows_every_documented_call(sandbox: Sandbox, prefix: str) -> None:
    for method, path in V1:
        status, _ = ask(sandbox, method, prefix + path.replace("{}", NOWHERE))
        assert status != 501, (method, path)
    for method, path in (("GET", "/nothing"), ("POST", "/dict/categories"), ("GET", f"/goals/{NOWHERE}")):
        assert ask(sandbox, method, prefix + path)[0] == 501
    assert ask(sandbox, "PUT", f"{prefix}/campaign/{NOWHERE}")[0] == 405


def test_addresses_of_other_kinds_of_keys_are_refused_to_a_networks(sandbox: Sandbox) -> None:
    for method, path in (
        ("GET", "/affiliate/campaigns"),
        ("PATCH", "/affiliate/account"),
        ("GET", "/advertiser/report"),
    ):
        status, told = ask(sandbox, method, path)
        assert (status, told["error"]["code"]) == (403, 5)


def test_goals_and_their_payouts_answer_in_four_shapes(sandbox: Sandbox) -> None:
    campaign = next(iter(sandbox.trackier.network.campaigns))
    payout = {"payout": 1, "revenue": 2, "coverage": ["ALL"]}
    goal = {"title": "Shirt", "value": "shirt", "type": "public", "ad_id": campaign, "model": "fixed"}
    _, made = ask(sandbox, "POST", "/goal", {"goal": goal, "payouts": [payout]})
    name = made["data"]["goal"]["_id"]
    _, listed = ask(sandbox, "GET", f"/goal/campaign/{campaign}")
    assert set(listed) == {"success", "currency", "goals"}
    assert listed["goals"][-1]["goal"]["_id"] == name
    _, added = ask(sandbox, "POST", f"/goal/payout/{name}", payout)
    assert set(added) == {"success", "payouts"}
    second = added["payouts"][-1]["_id"]
    _, changed = ask(sandbox, "POST", f"/goal/payout/{name}/{second}", payout | {"payout": 5})
    assert [each["payout"] for each in changed["data"]["payout"]] == [5]
    assert ask(sandbox, "DELETE", f"/goal/payout/{name}/{second}")[1]["data"]["message"].startswith("Payout removed")
    _, lists = ask(sandbox, "POST", f"/goal/{name}", {"whitelist_pubs": [1], "blacklist_pubs": [2]})
    assert lists["data"]["goal"]["whitelist_pubs"] == [1]
    assert ask(sandbox, "GET", f"/goal/{name}")[1]["data"]["goal"]["title"] == "Shirt"
    ask(sandbox, "DELETE", f"/goal/{name}")
    assert ask(sandbox, "GET", f"/goal/{name}")[0] == 404
    assert ask(sandbox, "POST", "/goal", {"goal": goal})[0] == 400


def test_landing_pages_always_come_as_the_whole_list_with_the_message_at_the_root(sandbox: Sandbox) -> None:
    path = f"/campaign/lpages/{next(iter(sandbox.trackier.network.campaigns))}"
    assert ask(sandbox, "POST", path, {"title": "Early"})[0] == 400
    ask(sandbox, "POST", path, {"title": "Early", "url": "https://race.example/early"})
    _, made = ask(sandbox, "POST", path, {"title": "Late", "url": "https://race.example/late"})
    assert (made["message"], len(made["data"]["landing_pages"])) == ("Landing page added Successfully", 2)
    page = made["data"]["landing_pages"][0]
    _, changed = ask(sandbox, "POST", f"{path}/{page['_id']}", {"title": "Earlier"})
    assert changed["data"]["landing_pages"][0]["modified"]["timezone_type"] == 3
    _, left = ask(sandbox, "DELETE", f"{path}/{page['_id']}")
    assert [each["title"] for each in left["data"]["landing_pages"]] == ["Late"]
    assert ask(sandbox, "GET", path)[1]["data"] == left["data"]


def test_a_partners_own_payout_loses_its_revenue_and_its_deletion_its_data(sandbox: Sandbox) -> None:
    network = sandbox.trackier.network
    campaign, partner = next(iter(network.campaigns)), next(iter(network.affiliates))
    path = f"/campaign/pub-payout/{campaign}"
    body = {"goal_id": NOWHERE, "pids": [partner], "crev": 1, "payout": "30", "revenue": 40}
    assert ask(sandbox, "POST", path, body | {"revenue": None})[0] == 400
    _, made = ask(sandbox, "POST", path, body)
    [own] = made["data"]["payouts"]
    assert (own["rate"], "revenue" in own) == (30, False)
    assert ask(sandbox, "GET", f"{path}/{partner}")[1]["data"]["payouts"] == [own]
    assert ask(sandbox, "GET", f"{path}/{NOWHERE}")[1]["data"]["payouts"] == []
    _, gone = ask(sandbox, "DELETE", f"{path}/{own['_id']}")
    assert set(gone) == {"success", "message"}


def test_the_house_keeps_its_lists(sandbox: Sandbox) -> None:
    _, listed = ask(sandbox, "GET", "/dictionary/categories")
    assert [each["name"] for each in listed["data"]["categories"]] == ["Running", "Trail "]
    for body, kind in (({"name": "Fell"}, "application/json"), (b"name=Road", "application/x-www-form-urlencoded")):
        _, made = ask(sandbox, "POST", "/dictionary/categories", body, kind)
        ask(sandbox, "DELETE", f"/dictionary/categories/{made['data']['category']['_id']}")
    assert len(ask(sandbox, "GET", "/dictionary/categories")[1]["data"]["categories"]) == 2
    path = "/dictionary/customField/advertiser"
    _, saved = ask(sandbox, "POST", path, {"fname": "VAT number"})
    assert set(saved["data"]) == {"message"}
    [field] = ask(sandbox, "GET", path)[1]["data"]["fields"]
    assert (field["name"], field["required"], field["type"]) == ("vat_number", True, "text")
    ask(sandbox, "DELETE", f"{path}/{field['id']}")
    assert ask(sandbox, "GET", path)[1]["data"]["fields"] == []
    _, told = ask(sandbox, "PATCH", "/network/account", {"name": "Renamed", "support": "help@race.example"})
    assert (told["data"]["network"]["name"], told["data"]["network"]["appearance"]["support"]) == (
        "Renamed", "help@race.example",
    )  # fmt: skip


def test_advertisers_answer_as_users_under_the_word_for_partners(sandbox: Sandbox) -> None:
    new = {"name": "Payer", "email": "p@race.example", "password": "x"}
    _, made = ask(sandbox, "POST", "/advertiser", new)
    payer = made["data"]["user"]["_id"]
    assert (made["data"]["user"]["type"], made["data"]["message"]) == ("publisher", "Advertiser Added!!")
    assert ask(sandbox, "POST", f"/advertiser/{payer}", {"name": "Other"})[1]["data"]["user"]["name"] == "Other"
    _, single = ask(sandbox, "GET", f"/advertiser/{payer}")
    assert (set(single), single["data"]["advertiser"]["name"]) == ({"data"}, "Other")
    ask(sandbox, "DELETE", f"/advertiser/{payer}")
    assert len(ask(sandbox, "GET", "/advertiser")[1]["data"]["advertisers"]) == 1


def test_single_commissions_and_caps_are_read_and_removed(sandbox: Sandbox) -> None:
    campaign = next(iter(sandbox.trackier.network.campaigns.values()))
    path = f"/commissions/{campaign.id}/{campaign.commissions[0]['_id']}"
    assert ask(sandbox, "GET", path)[1]["data"]["commission"]["ad_id"] == campaign.id
    ask(sandbox, "DELETE", path)
    assert ask(sandbox, "GET", path)[0] == 404
    _, made = ask(sandbox, "POST", f"/caps/{campaign.id}", {"caps": [{"type": "click", "daily": 3}]})
    cap = made["data"]["caps"][0]["id"]
    assert len(ask(sandbox, "GET", f"/caps/{campaign.id}/{cap}")[1]["data"]["caps"]) == 1


def test_v2_knows_what_is_reported_of_it(sandbox: Sandbox) -> None:
    campaign = next(iter(sandbox.trackier.network.campaigns.values()))
    assert (
        ask(sandbox, "POST", "/v2/campaigns/status", {"campaignIds": [campaign.number], "status": "paused"})[0] == 200
    )
    assert campaign.status == "paused"
    assert ask(sandbox, "GET", f"/v2/campaigns/{campaign.number}/goals")[1]["goals"][0]["payouts"][0]["payout"]
    assert ask(sandbox, "GET", "/v2/advertisers?limit=1")[1]["pagination"]["totalCount"] == 1
    _, first = ask(sandbox, "GET", "/v2/reports/clicks?start=2027-02-01&end=2027-02-28&limit=2")
    assert (len(first["clicks"]), first["hasNextPage"]) == (2, True)
    _, second = ask(
        sandbox, "GET", f"/v2/reports/clicks?start=2027-02-01&end=2027-02-28&limit=2&pageToken={first['nextPageToken']}"
    )
    assert first["clicks"] != second["clicks"]
    status, told = ask(sandbox, "GET", "/v2/publishers/profile")
    assert (status, told["error"]["code"]) == (403, 5)
    assert ask(sandbox, "POST", "/v2/campaigns", {"title": "x"})[0] == 400
