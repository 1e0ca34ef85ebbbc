"""What staff and a provider changed both: found on home, settled by key and by thumb, alone and together."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Demo, Open, ask_now, comes_with_time, faults_found_by_axe
from tests.journeys.elsewhere import happens

pytestmark = pytest.mark.journey
LIST = "/o/fellgate/conflicts/"
LETSDOTHIS = 2  # its connection
FIELDS = [
    {"id": "f1", "slug": "first-name", "label": "First name", "value": "Zenobia"},
    {"id": "f2", "slug": "last-name", "label": "Surname", "value": "CLASH"},
]


@pytest.fixture
def disputed(synced: Demo, open_page: Open) -> Page:
    """Somebody whose name we wrote one way and the provider, since, another; the page is the list."""
    page = open_page("/o/fellgate/")
    (row,) = happens(synced, "letsdothis", "sell", count=1)
    happens(synced, "letsdothis", "change", row_id=row, fields=FIELDS)
    ask_now(page, synced, LETSDOTHIS)
    page.goto(f"{synced.url}/o/fellgate/entries/?q=zenobia")
    comes_with_time(page, page.get_by_text("Zenobia"))
    page.locator("#entry-table tbody a.person").click()
    page.get_by_role("link", name="Edit", exact=True).click()
    panel = page.locator("#panel")
    panel.get_by_label("Last name").fill("Klash")
    panel.get_by_role("button", name="Save").first.click()
    expect(panel.get_by_role("heading", name="Zenobia Klash")).to_be_visible()
    happens(synced, "letsdothis", "change", row_id=row, fields=[FIELDS[0], {**FIELDS[1], "value": "KLASH"}])
    ask_now(page, synced, LETSDOTHIS)
    page.goto(f"{synced.url}{LIST}?q=zenobia")
    comes_with_time(page, page.get_by_text("KLASH"))
    return page


def test_a_conflict_is_settled_undone_and_settled_by_a_third_value(disputed: Page, open_page: Open) -> None:
    page = disputed
    assert faults_found_by_axe(page) == []
    entry = open_page(page.locator("#main a.person").first.get_attribute("href"), dark=True)
    assert faults_found_by_axe(entry) == []
    phone = open_page(f"{LIST}?q=zenobia", phone=True, dark=True, script=False)
    phone.get_by_role("link", name=re.compile("^Take theirs ?: Last name, only letter case differs")).click()
    expect(phone.get_by_role("heading", name="Take theirs in 1 conflict?")).to_be_visible()
    phone.get_by_role("button", name="Take theirs in 1").click()
    expect(phone.get_by_role("heading", name="Take theirs: 1 settled")).to_be_visible()
    phone.get_by_role("button", name="Undo all of it").click()
    expect(phone.get_by_role("heading", name="Undone: 1 of 1 opened again")).to_be_visible()

    page.get_by_role("link", name=re.compile("^Another ?value: Last name of Zenobia")).press("Enter")
    page.wait_for_url("**/conflicts/last_name/**")
    assert faults_found_by_axe(page) == []
    page.get_by_role("textbox", name="Last name").fill("Clash-Klash")
    expect(page.get_by_role("radio", name="Another value")).to_be_checked()  # who types it chooses it
    page.get_by_role("button", name="Settle it").press("Enter")
    expect(page.get_by_text("No conflict matches")).to_be_visible()
