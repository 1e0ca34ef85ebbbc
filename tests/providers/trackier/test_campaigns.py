"""Campaigns: two passes, commissions in two forms and explained backwards, caps."""

from decimal import Decimal
from typing import Any

import httpx
import pytest

from providers.errors import AccessDenied, UnexpectedReply
from providers.operations import Verb
from providers.partner_records import CampaignRecord, CapRecord
from providers.sandbox import Sandbox
from providers.trackier import mapping
from providers.trackier.client import Trackier
from providers.trackier.v1 import V1
from tests.providers.trackier.conftest import Build, account, ids, records, replying, walk

HOW = mapping.sense({"zone": "Europe/London", "currency": "GBP"}, V1)
ID = "65b0000000000000000000c1"


def campaign(**said: Any) -> CampaignRecord:
    return mapping.campaign(ID, {"_id": ID, "title": "Harbour Half"} | said, HOW)


def test_both_passes_are_made_and_the_pass_is_the_state(trackier: Trackier, sandbox: Sandbox) -> None:
    pages = walk(trackier, "campaigns")
    theirs = sandbox.trackier.network.campaigns
    found = {record.external_id: record for record in records(trackier, pages) if isinstance(record, CampaignRecord)}
    assert sorted(found) == sorted(theirs)
    assert pages[-1].complete
    for each in theirs.values():
        assert found[each.id].active is (each.status == "active")
        assert (found[each.id].payout, found[each.id].revenue) == (each.payout, each.revenue)
        assert found[each.id].currency == "GBP"
        assert len(found[each.id].caps) == len(each.caps)
    asked = [dict(call.query) for call in sandbox.calls("trackier") if call.path == "/api/campaign"]
    assert [each["active"] for each in asked] == ["1", "0"]
    assert all(each["limit"] and each["page"] for each in asked)


def test_how_many_there_are_is_told_over_both_passes(trackier: Trackier, sandbox: Sandbox) -> None:
    assert walk(trackier, "campaigns")[-1].promised == len(sandbox.trackier.network.campaigns)


def test_one_that_was_in_both_passes_is_promised_once_and_a_pass_that_says_nothing_promises_nothing(
    build: Build,
) -> None:
    def told(numbers: tuple[int, ...], **total: int) -> dict[str, Any]:
        return {"campaigns": some(*numbers), "page": 1, "limit": 20, **total}

    moved = serving({("1", "1"): told((1, 2), total=2), ("0", "1"): told((2, 3), total=2)})
    assert walk(build(moved), "campaigns")[-1].promised == 3
    silent = serving({("1", "1"): told((1, 2), total=2), ("0", "1"): told((2, 3))})
    assert walk(build(silent), "campaigns")[-1].promised is None


def test_short_ids_come_from_the_report(trackier: Trackier, sandbox: Sandbox) -> None:
    theirs = sandbox.trackier.network.campaigns
    found = [each for each in records(trackier, walk(trackier, "campaigns")) if isinstance(each, CampaignRecord)]
    assert any(each.short_id for each in found)
    assert all(each.short_id in ("", str(theirs[each.external_id].number)) for each in found)


def test_the_rate_is_the_partners_and_the_revenue_the_organisers_whatever_two_pages_say() -> None:
    commission = {"_id": "d1", "rate": Decimal("2.5"), "revenue": 3, "coverage": ["ALL"]}
    record = campaign(commissions=[commission])
    assert (record.payout, record.revenue) == (Decimal("2.5"), Decimal(3))
    upside_down = campaign(commissions={"d1": {"rate": "1", "revenue": "0.15"}})
    assert (upside_down.payout, upside_down.revenue) == (Decimal(1), Decimal("0.15"))


@pytest.mark.parametrize(
    "commissions",
    [
        {"d0": {"rate": 9, "revenue": 9, "coverage": ["IE"]}, "d1": {"rate": 2, "revenue": 3, "coverage": ["ALL"]}},
        [{"_id": "d0", "rate": 9, "revenue": 9, "coverage": ["IE"]}, {"_id": "d1", "rate": "2", "revenue": "3"}],
    ],
)
def test_commissions_are_a_map_or_a_list_and_the_one_for_everywhere_counts(commissions: object) -> None:
    record = campaign(commissions=commissions)
    assert (record.payout, record.revenue) == (Decimal(2), Decimal(3))


@pytest.mark.parametrize("nothing", [[], {}, None])
def test_without_commissions_there_is_no_amount(nothing: object) -> None:
    assert campaign(commissions=nothing).payout is None


def test_a_percentage_is_no_amount() -> None:
    assert campaign(commissions=[{"rate": "50 %", "revenue": "43.12K"}]).payout is None


def test_a_title_is_shown_as_meant_and_an_address_that_is_none_is_left_out() -> None:
    assert campaign(title="Trail &amp; Fell ").name == "Trail & Fell"
    assert campaign(url="javascript:alert(1)").url == ""
    assert campaign(url=None).url == ""


def test_a_cap_has_its_own_names() -> None:
    cap: dict[str, Any] = {
        "id": "e1",
        "type": "conversion",
        "daily": None,
        "monthly": "500",
        "lifetime": [],
        "pause_campaign": 1,
    }
    assert campaign(caps=[cap]).caps == (CapRecord(external_id="e1", what="conversion", monthly=500, pauses=True),)
    assert campaign(caps=[cap | {"pause_campaign": 0}]).caps[0].pauses is False


def test_campaigns_are_read_without_caps_where_caps_are_not_allowed(trackier: Trackier, sandbox: Sandbox) -> None:
    sandbox.trackier.switch({"denied": "/caps/"})
    pages = walk(trackier, "campaigns")
    assert pages[-1].complete
    assert len([call for call in sandbox.calls("trackier") if "/caps/" in call.path]) == 1


def serving(pages: dict[tuple[str, str], dict[str, Any]]) -> httpx.MockTransport:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/campaign"):
            asked = request.url.params
            empty = {"campaigns": [], "total": 0, "page": 1, "limit": 20}
            return httpx.Response(200, json={"data": pages.get((asked["active"], asked["page"]), empty)})
        known = account() if request.url.path.endswith("/account") else {"success": True, "data": {"caps": []}}
        return httpx.Response(200, json=known)

    return httpx.MockTransport(answer)


def some(*numbers: int) -> list[dict[str, str]]:
    return [{"_id": f"{number:024x}", "title": f"Race {number}"} for number in numbers]


def test_the_page_and_limit_of_the_answer_decide_where_the_list_ends(build: Build) -> None:
    capped = {"total": 5, "limit": 2}
    far = serving(
        {
            ("1", "1"): {"campaigns": some(1, 2), "page": 1, **capped},
            ("1", "2"): {"campaigns": some(3, 4), "page": 2, **capped},
            ("1", "3"): {"campaigns": some(5), "page": "3", "total": "5", "limit": "2"},
        }
    )
    assert len(ids(walk(build(far), "campaigns"))) == 5


def test_a_list_that_ignores_the_page_is_a_fault(build: Build) -> None:
    same = {"campaigns": some(1, 2), "page": 1, "limit": 2, "total": 5}
    with pytest.raises(UnexpectedReply, match="same page"):
        walk(build(serving({("1", "1"): same, ("1", "2"): same})), "campaigns")


def test_a_walk_that_was_cut_short_goes_on_where_it_was_and_claims_less(build: Build) -> None:
    full = {"total": 4, "limit": 2}
    far = serving(
        {
            ("1", "1"): {"campaigns": some(1, 2), "page": 1, **full},
            ("1", "2"): {"campaigns": some(3, 4), "page": 2, **full},
            ("0", "1"): {"campaigns": some(9), "page": 1, "total": 1, "limit": 2},
        }
    )
    first = walk(build(far), "campaigns")
    rest = walk(build(far), "campaigns", first[0].cursor)
    assert ids(rest) == [f"{number:024x}" for number in (3, 4, 9)]
    assert (first[-1].complete, first[-1].promised) == (True, 5)
    assert (rest[-1].complete, rest[-1].promised) == (False, None)
    assert ids(walk(build(far), "campaigns", first[1].cursor)) == [f"{9:024x}"]
    assert walk(build(far), "campaigns", first[0].cursor, full=True)[-1].complete


def test_a_page_that_is_empty_by_mistake_is_no_end(build: Build) -> None:
    def page(numbers: range, total: int) -> dict[str, Any]:
        campaigns = [{"_id": f"{number:024x}", "title": "Half"} for number in numbers]
        return {"data": {"campaigns": campaigns, "total": total, "page": 1, "limit": 5}}

    pages = walk(build(replying({}, page(range(5), 10), page(range(0), 0))), "campaigns", full=True)
    assert (pages[-1].complete, pages[-1].short) == (False, True)


@pytest.mark.parametrize("path", ["/caps/", "/network/customReport$"])
@pytest.mark.parametrize("way", ["html", "broken"])
def test_an_answer_that_cannot_be_read_is_not_taken_for_nothing(
    trackier: Trackier, sandbox: Sandbox, path: str, way: str
) -> None:
    sandbox.faults.add(f"trackier:{way},path={path}")
    with pytest.raises(UnexpectedReply):
        walk(trackier, "campaigns")


def test_nor_are_the_caps_of_one_that_was_just_changed(trackier: Trackier, sandbox: Sandbox) -> None:
    campaign = next(each for each in sandbox.trackier.network.campaigns.values() if each.caps)
    sandbox.faults.add("trackier:html,path=/caps/")
    done = trackier.perform(Verb.PAUSE_CAMPAIGN, subject=campaign.id, values={})
    assert not done.refreshed, "better the old row than half a new one"


def test_a_limit_that_comes_with_a_point_is_a_limit(trackier: Trackier) -> None:
    cap = {"id": "c", "type": "conversion", "daily": Decimal("500.0"), "monthly": Decimal("1E+1000000")}
    record = mapping.campaign("a" * 24, {"caps": [cap]}, mapping.sense({}, V1))
    assert [(each.daily, each.monthly) for each in record.caps] == [(500, None)]


@pytest.mark.parametrize("code", [41, 42])
def test_whoever_is_shut_out_among_the_caps_does_not_take_them_for_gone(
    build: Build, sandbox: Sandbox, code: int
) -> None:
    inner = sandbox.transport()

    def answer(request: httpx.Request) -> httpx.Response:
        if "/caps/" in request.url.path:
            return httpx.Response(403, json={"success": False, "error": {"code": code, "message": "No"}})
        return inner.handle_request(request)

    with pytest.raises(AccessDenied):
        walk(build(httpx.MockTransport(answer)), "campaigns")
