"""A list is gone through with its records beside it: with the keyboard, on a phone as pages, and without a script."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Demo, Open, look_at_by_day_and_night

pytestmark = pytest.mark.journey

LISTS = {"race": "races/?when=all", "partner": "partners/?sort=-name", "run": "sync/runs/"}


def links_in(page: Page, noun: str) -> Locator:
    return page.locator(f"#{noun}-table tbody a[data-panel]")


def rows(page: Page, noun: str) -> list[str]:
    return [str(row.get_attribute("href")) for row in links_in(page, noun).all()]


def path(address: str) -> str:
    return address.partition("?")[0]


@pytest.mark.parametrize("noun", LISTS)
def test_a_list_is_gone_through_beside_its_records(synced: Demo, open_page: Open, noun: str) -> None:
    page = open_page(f"/o/fellgate/{LISTS[noun]}")
    links = links_in(page, noun)
    panel = page.locator("#panel")
    links.first.press("Enter")
    expect(links.first).to_have_attribute("aria-current", "true")
    expect(panel.locator("article")).to_be_visible()
    look_at_by_day_and_night(page)
    page.keyboard.press("j")
    expect(links.nth(1)).to_have_attribute("aria-current", "true")
    expect(page).to_have_url(re.compile(f"open={path(rows(page, noun)[1]).split('/')[-2]}(&|$)"))
    page.keyboard.press("k")
    expect(links.first).to_have_attribute("aria-current", "true")
    page.keyboard.press("j")
    expect(links.nth(1)).to_have_attribute("aria-current", "true")
    page.reload()  # what is beside the list is in its address
    expect(panel.locator("article")).to_be_visible()
    expect(links.nth(1)).to_have_attribute("aria-current", "true")
    panel.get_by_label("Close").press("Enter")
    expect(panel).to_be_empty()
    expect(page).not_to_have_url(re.compile("open="))


CUT = "e => e.scrollWidth > e.clientWidth"


@pytest.mark.parametrize(("noun", "address"), [*LISTS.items(), ("entry", "entries/"), ("event", "events/?when=all")])
def test_beside_a_record_no_column_is_cut_and_all_come_back(
    synced: Demo, open_page: Open, noun: str, address: str
) -> None:
    page = open_page(f"/o/fellgate/{address}")
    headings, sheet = page.locator(f"#{noun}-table thead th:visible"), page.locator(f"#{noun}-table .sheet")
    expect(headings.first).to_be_visible()
    before = headings.all_inner_texts()
    for place in (0, 1):
        links_in(page, noun).nth(place).click()
        expect(links_in(page, noun).nth(place)).to_have_attribute("aria-current", "true")
        assert not sheet.evaluate(CUT)
        left = headings.all_inner_texts()
        assert left
        assert left == [text for text in before if text in left]
    page.locator("#panel").get_by_label("Close").click()
    expect(headings).to_have_text(before)


@pytest.mark.parametrize("noun", LISTS)
def test_on_a_phone_a_row_is_a_page_with_the_next_one_at_hand(synced: Demo, open_page: Open, noun: str) -> None:
    page = open_page(f"/o/fellgate/{LISTS[noun]}", phone=True)
    addresses = rows(page, noun)
    links_in(page, noun).first.click()
    page.wait_for_url(f"**{path(addresses[0])}*")
    look_at_by_day_and_night(page)
    page.get_by_role("navigation", name="In the list").get_by_label(f"Next {noun}").click()
    page.wait_for_url(f"**{path(addresses[1])}*")
    page.get_by_role("link", name="The list").click()
    for place in (0, 1):
        expect(links_in(page, noun).nth(place)).to_have_attribute("href", addresses[place])


@pytest.mark.parametrize("noun", LISTS)
def test_without_a_script_a_row_is_a_page_too(synced: Demo, open_page: Open, noun: str) -> None:
    page = open_page(f"/o/fellgate/{LISTS[noun]}", script=False)
    addresses = rows(page, noun)
    links_in(page, noun).first.click()
    page.locator("a[rel=next]").click()
    expect(page).to_have_url(re.compile(re.escape(path(addresses[1]))))
    expect(page.locator("h1")).to_have_count(1)


def test_who_did_what_is_asked_for_and_the_address_says_it(synced: Demo, open_page: Open) -> None:
    page = open_page("/o/fellgate/audit/")
    page.locator("#audit-filter-menu").press("Enter")
    page.locator("#audit-table").get_by_label("Who", exact=True).select_option("portal")
    page.locator("#audit-table").get_by_role("button", name="Apply").first.press("Enter")
    chip = page.get_by_role("link", name="Remove filter Who: The portal and its commands")
    expect(chip).to_be_visible()
    expect(page).to_have_url(re.compile("who=portal"))
    look_at_by_day_and_night(page)
    chip.press("Enter")
    expect(chip).to_have_count(0)


def test_those_let_in_at_a_gate_are_searched_while_it_looks_again_by_itself(synced: Demo, open_page: Open) -> None:
    page = open_page("/o/fellgate/admissions/?when=over")
    page.locator("#gate-rows a.name").first.click()
    table = page.locator("#admission-table")
    expect(table.locator("tbody tr").nth(1)).to_be_visible()
    ticket = table.locator("tbody tr").nth(1).locator("td").nth(3).inner_text()
    page.locator("#admission-search").fill(ticket)
    expect(table.locator("tbody tr")).to_have_count(1)
    expect(page.locator("#admission-count")).to_have_text("1 admission")
    expect(page.locator("#sections")).to_be_visible()  # what stands around the list stays
    look_at_by_day_and_night(page)


def test_an_entry_is_corrected_beside_its_list_and_its_row_follows(synced: Demo, open_page: Open) -> None:
    page = open_page("/o/fellgate/entries/?q=walcz&sort=name")
    rows_, panel = page.locator("#entry-table tbody tr"), page.locator("#panel")
    expect(rows_.first).to_contain_text("Kowalczyk")
    rows_.first.locator("a.person").click()
    expect(panel.locator("article")).to_be_visible()
    page.keyboard.press("e")
    expect(panel.locator("#entry-form")).to_be_visible()
    expect(panel.get_by_role("button", name=re.compile("^Save"))).to_be_in_viewport(ratio=1)  # before anybody scrolls
    look_at_by_day_and_night(page)
    panel.get_by_label(re.compile("^Bib")).fill("7117")
    panel.get_by_role("button", name=re.compile("^Save")).click()
    expect(panel.locator("article .bib")).to_have_text("7117")
    expect(rows_.first).to_contain_text("7117")
    expect(panel.get_by_role("navigation", name="In the list")).to_contain_text("1 of")
    expect(page).to_have_url(re.compile(r"/entries/\?.*open=\d+"))
    look_at_by_day_and_night(page)


def test_what_was_typed_beside_a_list_is_not_thrown_away_unasked(synced: Demo, open_page: Open) -> None:
    page = open_page("/o/fellgate/entries/?q=walcz&sort=name")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.locator("#entry-table tbody a.person").first.click()
    notes = page.locator("#panel").get_by_label(re.compile("^Only staff"))
    notes.fill("Rings back on Monday")
    page.locator("#entry-table tbody a.person").nth(1).click()
    expect(notes).to_have_value("Rings back on Monday")
    assert asked == ["Leave without saving what you typed?"]
    page.locator("#panel").get_by_role("button", name="Save notes").click()
    expect(page.get_by_text("Notes saved.")).to_be_visible()
    page.locator("#entry-table tbody a.person").nth(1).click()
    expect(page.locator("#entry-table tbody a.person").nth(1)).to_have_attribute("aria-current", "true")
