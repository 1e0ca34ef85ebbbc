"""The days of a charity manager and of an affiliate manager: by hand, in a browser, against providers over HTTP."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Demo, Open, ask_now, comes_with_time, look_at
from tests.journeys.elsewhere import happens, posted

pytestmark = pytest.mark.journey

LETSDOTHIS = 2  # its connection


def look_at_it_on_a_phone(page: Page) -> None:
    page.set_viewport_size(PHONE)
    look_at(page)


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
    (mail,) = [each for each in posted(synced, "/claim-link") if "kestrel" in str(each)]
    assert mail["status"] == 200

    where = page.url
    happens(synced, "letsdothis", "claim", group_id=json.loads(mail["body"])["reservedEntryId"], count=12)
    ask_now(page, synced, LETSDOTHIS)
    page.goto(where)
    comes_with_time(page, page.get_by_role("heading", name="18 of 30 places left"))
    comes_with_time(page, page.get_by_role("heading", name="12 runners"))
    assert len([each for each in posted(synced, "/claim-link") if "kestrel" in str(each)]) == 1
    look_at_it_on_a_phone(page)


def test_an_affiliate_manager_copies_a_link_makes_an_affiliate_and_pauses_a_campaign(
    synced: Demo, open_page: Open
) -> None:
    page = open_page("/o/fellgate/partners/?kind=affiliate&sort=-results")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    row = page.locator("#partner-table tbody tr").first
    comes_with_time(page, row.filter(has_text="£"))
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
    comes_with_time(page, page.get_by_role("link", name="Resume campaign"))
    look_at_it_on_a_phone(page)
