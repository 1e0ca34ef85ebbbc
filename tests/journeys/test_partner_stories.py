"""The days of a charity manager and of an affiliate manager: by hand, in a browser, against providers over HTTP."""

import json
import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Demo, Open, faults_found_by_axe

pytestmark = pytest.mark.journey

SLOW = 20_000  # milliseconds: a worker has to pick it up and read a listing


def happens(demo: Demo, site: str, action: str, **arguments: Any) -> Any:
    """Something happens at a provider, without the portal having a hand in it."""
    answer = httpx.post(
        f"{demo.sandbox}/_control/do", json={"site": site, "action": action, "arguments": arguments}
    ).raise_for_status()
    return answer.json()["result"]


def sent_to(demo: Demo, ending: str) -> list[dict[str, Any]]:
    """The writes of the portal to addresses that end like this."""
    calls: list[dict[str, Any]] = httpx.get(f"{demo.sandbox}/_control/log", params={"method": "POST"}).json()
    return [call for call in calls if call["path"].endswith(ending)]


def sync_now(page: Page, demo: Demo, provider: str) -> None:
    page.goto(f"{demo.url}/o/fellgate/connections/")
    page.get_by_role("link", name=provider, exact=True).first.click()
    with page.expect_response(lambda answer: answer.request.method == "POST"):  # going on would take it back
        page.get_by_role("button", name="Sync now").click()


def on_a_phone(page: Page) -> None:
    """The same page held in one hand: nothing too wide, nothing axe objects to."""
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert faults_found_by_axe(page) == []


def test_a_charity_manager_gives_thirty_places_sends_the_link_once_and_sees_them_used(
    synced: Demo, open_page: Open
) -> None:
    page = open_page("/o/fellgate/partners/")
    page.locator("#add-partner-menu").click()
    page.get_by_role("link", name="At Let's Do This").click()
    page.get_by_label("Name", exact=True).fill("Kestrel Air Ambulance")
    page.get_by_label("Type").select_option(label="Charity")
    page.get_by_label(re.compile("^Contact 1: first name")).fill("Lee")
    page.get_by_label(re.compile("^Contact 1: e-mail")).fill("Lee@kestrel.example")
    page.get_by_role("button", name="Add partner").click()
    expect(page.get_by_role("heading", level=1, name="Kestrel Air Ambulance")).to_be_visible()

    page.get_by_role("link", name="Give places").click()
    page.get_by_role("link", name="Saltwick Coast Marathon").click()
    expect(page.get_by_text("Nobody is told until you send a claim link")).to_be_visible()
    page.get_by_label("Name", exact=True).fill("Kestrel runners")
    page.get_by_label("Places", exact=True).fill("30")
    page.get_by_label("Saltwick Coast Marathon: Standard").check()
    page.get_by_role("button", name="Give places").click()
    expect(page.get_by_role("heading", name="30 of 30 places left")).to_be_visible()

    page.get_by_role("link", name="Send claim link").click()
    expect(page.get_by_label(re.compile("^Send to"))).to_have_value("Lee@kestrel.example")
    expect(page.get_by_text("None has been sent from here yet")).to_be_visible()
    page.get_by_label(re.compile("^Places")).select_option(label="Kestrel runners, 30 left")
    page.get_by_role("button", name="Send claim link").click()
    expect(page.get_by_text("Last claim link")).to_be_visible()
    (mail,) = [each for each in sent_to(synced, "/claim-link") if "kestrel" in str(each)]
    assert mail["status"] == 200

    where = page.url
    happens(synced, "letsdothis", "claim", group_id=json.loads(mail["body"])["reservedEntryId"], count=12)
    sync_now(page, synced, "Let's Do This")
    page.goto(where)
    after_a_sync(page, page.get_by_role("heading", name="18 of 30 places left"))
    after_a_sync(page, page.get_by_role("heading", name="12 runners"))
    assert len([each for each in sent_to(synced, "/claim-link") if "kestrel" in str(each)]) == 1
    on_a_phone(page)


def after_a_sync(page: Page, wanted: Locator) -> None:
    """The page is looked at again until the worker has been there."""
    for _ in range(SLOW // 500):
        if wanted.count():
            return
        page.wait_for_timeout(500)
        page.reload()
    expect(wanted).to_be_visible()


def test_an_affiliate_manager_copies_a_link_makes_an_affiliate_and_pauses_a_campaign(
    synced: Demo, open_page: Open
) -> None:
    page = open_page("/o/fellgate/partners/?kind=affiliate&sort=-results")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    row = page.locator("#partner-table tbody tr").first
    after_a_sync(page, row.filter(has_text="£"))
    row.get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Results", exact=True)).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^Approved"))).to_contain_text("£")
    page.get_by_role("link", name="Tracking link").first.click()
    page.get_by_role("button", name="Tracking link").click()
    expect(page.get_by_role("img", name="QR code of the tracking link")).to_be_visible()
    link = page.get_by_role("textbox", name="Link").input_value()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == link
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the QR code").click()
    assert download.value.path().read_text().startswith("<svg ")

    page.goto(f"{synced.url}/o/fellgate/partners/")
    page.locator("#add-partner-menu").click()
    page.get_by_role("link", name="At Trackier").click()
    page.get_by_label("Name", exact=True).fill("Moor & Mountain Weekly")
    page.get_by_label("E-mail", exact=True).fill("hello@moor.example")
    page.get_by_role("button", name="Create affiliate").click()
    expect(page.get_by_role("heading", level=1, name="Moor & Mountain Weekly")).to_be_visible()

    page.goto(f"{synced.url}/o/fellgate/partners/campaigns/?q=Saltwick")
    page.get_by_role("link", name="Saltwick Coast Marathon").click()
    page.get_by_role("link", name="Pause campaign").click()
    expect(page.get_by_text("partners' links earn nothing")).to_be_visible()
    page.get_by_role("button", name="Pause campaign").click()
    expect(page.get_by_role("listitem").filter(has_text="Campaign paused")).to_be_visible()
    after_a_sync(page, page.get_by_role("link", name="Resume campaign"))
    on_a_phone(page)
