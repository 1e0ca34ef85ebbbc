"""What staff and a provider changed both: found on home, settled by key and by thumb, alone and together."""

import re
import time

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Demo, Open, faults_found_by_axe

pytestmark = pytest.mark.journey
LIST = "/o/fellgate/conflicts/"
FIELDS = [
    {"id": "f1", "slug": "first-name", "label": "First name", "value": "Zenobia"},
    {"id": "f2", "slug": "last-name", "label": "Surname", "value": "CLASH"},
]


def control(demo: Demo, action: str, **arguments: object) -> list[str]:
    """Make something happen at the provider's sandbox."""
    order = {"site": "letsdothis", "action": action, "arguments": arguments}
    answer = httpx.post(f"{demo.sandbox}/_control/do", json=order).raise_for_status()
    return list(answer.json()["result"] or [])


def sync_until(page: Page, demo: Demo, path: str, shown: str) -> None:
    """Ask the provider now, and look at the page until this can be read in it."""
    page.goto(f"{demo.url}/o/fellgate/connections/2/")
    with page.expect_response(lambda answer: answer.request.method == "POST"):  # going on would take it back
        page.get_by_role("button", name="Sync now").first.click()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        page.goto(f"{demo.url}{path}")
        if page.get_by_text(shown).count():
            return
        time.sleep(0.3)
    pytest.fail(f"{shown!r} did not come")


@pytest.fixture
def disputed(synced: Demo, open_page: Open) -> Page:
    """Somebody whose name we wrote one way and the provider, since, another; the page is the list."""
    page = open_page("/o/fellgate/")
    (row,) = control(synced, "sell", count=1)
    control(synced, "change", row_id=row, fields=FIELDS)
    sync_until(page, synced, "/o/fellgate/entries/?q=zenobia", "Zenobia")
    page.locator("#entry-table tbody a.person").click()
    page.get_by_role("link", name="Edit", exact=True).click()
    panel = page.locator("#panel")
    panel.get_by_label("Last name").fill("Klash")
    panel.get_by_role("button", name="Save").first.click()
    expect(panel.get_by_role("heading", name="Zenobia Klash")).to_be_visible()
    control(synced, "change", row_id=row, fields=[FIELDS[0], {**FIELDS[1], "value": "KLASH"}])
    sync_until(page, synced, f"{LIST}?q=zenobia", "KLASH")
    return page


def test_a_conflict_is_settled_undone_and_settled_by_a_third_value(disputed: Page, open_page: Open) -> None:
    page = disputed
    assert faults_found_by_axe(page) == []
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
    page.get_by_role("radio", name="Another value").press("Space")
    page.get_by_role("textbox", name="Last name").fill("Clash-Klash")
    page.get_by_role("button", name="Settle it").press("Enter")
    expect(page.get_by_text("No conflict matches")).to_be_visible()
