"""A day's work without a mouse: find somebody, go through a list, arrange and keep it, change many and take it back."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Demo, Open, faults_found_by_axe

pytestmark = pytest.mark.journey
ENTRIES = "/o/fellgate/entries/"


def _names(page: Page) -> list[str]:
    return page.locator("#entry-table tbody a.person").all_inner_texts()


def _headings(page: Page) -> list[str]:
    return [text for text in page.locator("#entry-table thead th").all_inner_texts() if text.strip()]


def test_somebody_is_found_from_anywhere(synced: Demo, open_page: Open) -> None:
    page = open_page("/o/fellgate/connections/")
    page.keyboard.press("Control+K")
    expect(page.locator("#palette-q")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    page.keyboard.press("/")  # there is no list here, so anything is looked for
    expect(page.locator("#palette-q")).to_be_focused()
    with page.expect_response(re.compile("q=kowalcz$")):  # what comes for the letters before it is replaced by this
        page.keyboard.type("kowalcz")
    expect(page.locator(".htmx-request")).to_have_count(0)
    first = page.locator("#palette [role=option]").first
    expect(first).to_contain_text("Kowalczyk")
    expect(first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "false")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kowalczyk")


def test_a_list_is_gone_through_beside_its_entries(synced: Demo, open_page: Open) -> None:
    page = open_page(ENTRIES)
    rows = page.locator("#entry-table a.person")
    rows.first.press("Enter")
    expect(rows.first).to_have_attribute("aria-current", "true")
    page.keyboard.press("j")
    expect(rows.nth(1)).to_have_attribute("aria-current", "true")
    page.keyboard.press("k")
    expect(rows.first).to_have_attribute("aria-current", "true")
    page.keyboard.press("j")
    page.keyboard.press("Escape")  # before the answer is there
    expect(page.locator(".htmx-request")).to_have_count(0)
    expect(page.locator("#panel")).to_be_empty()
    expect(rows.first).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#entry-search")).to_be_focused()


def test_single_keys_can_be_switched_off_and_ctrl_k_stays(synced: Demo, open_page: Open) -> None:
    page = open_page("/o/fellgate/keys/")
    page.get_by_role("radio", name="On", exact=True).press("ArrowRight")
    page.goto(f"{synced.url}{ENTRIES}")
    page.keyboard.press("/")
    expect(page.locator("#entry-search")).not_to_be_focused()
    page.keyboard.press("Control+K")
    expect(page.locator("#palette-q")).to_be_focused()


def test_columns_in_an_order_of_ones_own_are_kept_under_a_name_and_an_address(synced: Demo, open_page: Open) -> None:
    page = open_page(f"{ENTRIES}?q=an&sort=-name")
    before = _headings(page)
    page.locator("#entry-column-menu").press("Enter")
    page.get_by_role("button", name=f"{before[-1]} further to the front").press("Enter")
    expect(page.locator("#live")).to_have_text(re.compile("^Column "))
    page.keyboard.press("Enter")  # the button keeps the focus: once more
    page.locator(".dropdown-menu button[type=submit]", has_text="Apply").last.press("Enter")
    expect(page.locator("#entry-table thead th").last).not_to_have_text(before[-1])
    expect(page.locator(".htmx-request")).to_have_count(0)
    after, names = _headings(page), _names(page)
    assert sorted(after) == sorted(before)
    page.locator("#views-menu-entries").press("Enter")
    page.locator("#keep-name").fill("Ann and others")
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation", name="Saved views").locator("[aria-current]")).to_have_text(
        re.compile("Ann and others")
    )
    address = page.get_by_role("link", name=re.compile("Ann and others")).get_attribute("href")
    other = open_page(address)
    assert (_headings(other), _names(other)) == (after, names)


def test_many_are_changed_at_once_and_changed_back(synced: Demo, open_page: Open) -> None:
    page = open_page(f"{ENTRIES}?q=adeyemi")
    for box in page.locator("#entry-table .pick").all()[:2]:
        box.press(" ")
    expect(page.locator("[data-picked]")).to_have_text("2 chosen")
    page.keyboard.press("b")  # from the last box, without the way back through every row
    expect(page.get_by_role("button", name="Set wave", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Set wave for 2 entries")
    expect(page.locator("#effect li").first).to_be_visible()
    page.get_by_role("combobox", name="Wave").fill("Q")
    expect(page.locator("#effect").get_by_text("2 will change")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#batch")).to_contain_text("2 of 2 changed")
    assert faults_found_by_axe(page) == []
    page.get_by_role("button", name="Undo all of it").press("Enter")
    expect(page.locator("#batch")).to_contain_text("2 of 2 are as before")
