"""No browser keeps a page of ours, and yet the way back leads to what was there."""

import re

import pytest
from playwright.sync_api import Response, expect

from tests.journeys.conftest import Demo, Open

pytestmark = pytest.mark.journey

ENTRIES = "/o/fellgate/entries/"


def test_back_leads_to_the_list_as_it_was_and_forward_again(synced: Demo, open_page: Open) -> None:
    page = open_page(f"{ENTRIES}?q=adeyemi")
    kept: list[str] = []

    def note(answer: Response) -> None:
        if "/static/" not in answer.url and "no-store" not in answer.headers.get("cache-control", ""):
            kept.append(answer.url)

    page.on("response", note)
    headings = page.locator("#entry-table thead")
    headings.get_by_role("link", name="Name").first.click()
    expect(page).to_have_url(re.compile("sort="))
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Races").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Races")
    page.go_back()
    expect(page).to_have_url(re.compile("q=adeyemi.*sort=|sort=.*q=adeyemi"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Entries")
    expect(page.locator("#entry-table tbody tr").first).to_be_visible()
    page.go_back()
    expect(page).not_to_have_url(re.compile("sort="))
    expect(page.get_by_role("heading", level=1)).to_have_text("Entries")
    expect(page.locator("#entry-table tbody tr").first).to_contain_text(re.compile("adeyemi", re.IGNORECASE))
    page.go_forward()
    expect(page).to_have_url(re.compile("sort="))
    expect(page.locator("#entry-table tbody tr").first).to_be_visible()
    assert not kept
