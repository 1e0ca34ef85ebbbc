"""What somebody does who has never seen it: twelve runners moved and back, a refusal understood, a view shared.

Each at a desk by night and on a phone by day, and at each turn under axe. Finding by half a surname and importing a
club's file twice are in `test_stories` and `test_import`.
"""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import SLOW, Demo, Open, comes_true, look_at
from tests.journeys.test_stories import choose_race, fill_person

pytestmark = [pytest.mark.journey, pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])]

HOME, ENTRIES = "/o/fellgate/", "/o/fellgate/entries/"


def people(page: Page) -> Locator:
    return page.locator("#entry-table tbody a.person")


def every_entry_is_here(page: Page) -> bool:
    page.reload()
    line = page.locator("#freshness-line")
    expect(line).not_to_contain_text("How fresh")
    return re.search(r"Let's Do This and TickeTing .*all [\d,]+ entries seen", line.inner_text()) is not None


def test_twelve_are_moved_to_wave_b_and_back_where_one_was(synced: Demo, open_page: Open, phone: bool) -> None:
    page = open_page(f"{ENTRIES}?q=ade", phone=phone, dark=not phone)
    assert comes_true(page, lambda: every_entry_is_here(page), seconds=60)
    boxes = page.locator("#entry-table .pick")
    boxes.first.click()
    boxes.nth(11).click(modifiers=["Shift"])
    expect(page.locator("[data-picked]")).to_have_text("12 chosen")
    look_at(page)
    page.get_by_role("button", name="Set wave", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Set wave for 12 entries")
    page.get_by_role("button", name="Wave B", exact=True).click()  # as it is written there already
    act = page.get_by_role("button", name="Set wave to Wave B for 12 entries", exact=True)
    expect(act).to_be_visible()
    expect(page.locator("#effect")).to_contain_text("12 will change")
    look_at(page)
    act.click()
    expect(page.locator("#batch")).to_contain_text("12 of 12 changed", timeout=SLOW)
    look_at(page)
    page.get_by_role("button", name="Undo all of it").click()
    expect(page.locator("#batch")).to_contain_text("12 of 12 are as before", timeout=SLOW)
    page.get_by_role("link", name="Back to the entries").click()
    expect(page).to_have_url(re.compile(r"/entries/\?q=ade$"))
    expect(page.locator("[data-picked]")).not_to_be_visible()


def test_why_eventrac_refused_is_said_at_once_and_fixed_where_it_is(synced: Demo, open_page: Open, phone: bool) -> None:
    last = "Trevanion" if phone else "Tredinnick"
    page = open_page(f"{ENTRIES}add/", phone=phone, dark=not phone)
    choose_race(page, "Hexley 10K")
    fill_person(page, "Morgan", last, f"{last}@localhost")  # an address here, none there
    page.get_by_role("button", name="Save the entry").click()
    expect(page.locator("#entry-stands")).to_contain_text("The provided value is invalid", timeout=SLOW)

    page.goto(f"{synced.url}{HOME}")
    expect(page.locator("#inbox")).to_contain_text(f"Morgan {last}, e-mail: The provided value is invalid.")
    look_at(page)
    page.goto(f"{synced.url}{ENTRIES}")
    page.get_by_role("link", name=re.compile("refused or waiting for somebody$")).click()
    people(page).filter(has_text=last).click()
    expect(page.locator("#entry-refused")).to_contain_text("eventrac refused: e-mail: The provided value is invalid")
    look_at(page)
    page.get_by_role("link", name="Fix this entry").click()
    expect(page.get_by_text("eventrac says “The provided value is invalid”.").last).to_be_visible()
    page.get_by_role("textbox", name=re.compile("^Notes")).scroll_into_view_if_needed()  # where no button lies on it
    look_at(page)
    page.get_by_role("textbox", name="E-mail").fill(f"{last}@mail.example")
    page.get_by_role("button", name="Save and send again").click()
    expect(page.locator("#entry-stands").get_by_text("as number")).to_be_visible(timeout=SLOW)


def test_the_unpaid_charity_places_of_the_10k_are_shared(synced: Demo, open_page: Open, phone: bool) -> None:
    name = f"Unpaid charity places, {'phone' if phone else 'desk'}"
    page = open_page(ENTRIES, phone=phone, dark=not phone)
    assert comes_true(page, lambda: every_entry_is_here(page), seconds=60)
    page.locator("#entry-filter-menu").click()
    page.get_by_role("combobox", name="Race", exact=True).select_option(label="Hexley 10K, all 3 platforms")
    page.get_by_role("combobox", name="Place", exact=True).select_option("Charity place")
    page.get_by_role("combobox", name="Payment", exact=True).select_option("Unpaid (not marked as paid)")
    look_at(page)
    page.get_by_role("button", name="Apply").first.click()
    expect(page.get_by_role("link", name="Remove filter Payment: Unpaid (not marked as paid)")).to_be_visible()
    all_of_them = people(page).all_inner_texts()
    assert len(all_of_them) > 2

    page.locator("#entry-table .pick").first.click()
    page.get_by_role("button", name="Set payment", exact=True).click()
    act = page.get_by_role("button", name="Set payment to paid for 1 entry", exact=True)
    expect(act).to_be_visible()
    look_at(page)
    act.click()
    expect(page.locator("#batch")).to_contain_text("1 of 1 changed", timeout=SLOW)
    marked = page.url
    page.get_by_role("link", name="Back to the entries").click()
    expect(people(page)).to_have_text(all_of_them[1:])

    page.locator("#views-menu-entries").click()
    page.locator("#keep-name").fill(name)
    page.get_by_label("Share it with the team").check()
    look_at(page)
    page.get_by_role("button", name="Save view").click()
    tab = page.get_by_role("navigation", name="Saved views").get_by_role("link", name=name)
    expect(tab).to_have_attribute("aria-current", "page")
    page.locator("#views-menu-entries").click()
    link = page.get_by_role("button", name="Copy link")
    expect(link).to_be_visible()
    look_at(page)
    other = open_page((link.get_attribute("data-copy") or "").removeprefix(synced.url), phone=phone, dark=not phone)
    expect(people(other)).to_have_text(all_of_them[1:])

    page.get_by_role("button", name="Remove", exact=True).click()
    expect(tab).to_have_count(0)
    page.goto(marked)
    page.get_by_role("button", name="Undo all of it").click()
    expect(page.locator("#batch")).to_contain_text("1 of 1 is as before", timeout=SLOW)
