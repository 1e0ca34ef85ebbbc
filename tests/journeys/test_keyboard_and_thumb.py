"""What is pressed by key keeps the focus; what a phone is for lies at the thumb."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Demo, Open, comes_true

pytestmark = pytest.mark.journey

NAVIGATION = 60  # px at the bottom of a phone


def test_a_sort_and_a_filter_leave_the_focus_where_it_was(synced: Demo, open_page: Open) -> None:
    page = open_page("/o/fellgate/entries/")
    page.locator("#sort-entered").press("Enter")
    expect(page.locator("th[aria-sort]")).to_contain_text("Entered")
    expect(page.locator("#sort-entered")).to_be_focused()
    page.locator("#entry-filter-menu").press("Enter")
    page.get_by_role("combobox", name="Status").select_option("cancelled")
    page.get_by_role("button", name="Apply").first.press("Enter")
    expect(page.locator("#entry-filter-menu")).to_be_focused()
    page.get_by_role("link", name="Remove filter Status: Cancelled").press("Enter")
    expect(page.locator("#entry-filter-menu")).to_be_focused()


def test_a_turned_page_begins_at_its_rows_and_says_how_many(synced: Demo, open_page: Open) -> None:
    page = open_page("/o/fellgate/entries/")
    page.get_by_role("link", name="Next").press("Enter")
    expect(page.get_by_role("region", name=re.compile("^Entries, 51–"))).to_be_focused()
    expect(page.locator("#live")).to_have_text(re.compile(r"^(More than )?[\d,]+ entries$"))


def test_a_test_of_a_key_gives_the_focus_back(synced: Demo, open_page: Open) -> None:
    page = open_page("/o/fellgate/connections/")
    page.get_by_role("button", name="Test again").first.press("Enter")
    expect(page.get_by_text(re.compile("^Tested just now"))).to_be_visible()
    expect(page.get_by_role("button", name="Test again").first).to_be_focused()


def _at_the_thumb(page: Page, selector: str) -> bool:
    box, size = page.locator(selector).bounding_box(), page.viewport_size
    assert box is not None
    assert size is not None
    below, beside = box["y"] + box["height"], box["x"] + box["width"]
    return size["height"] * 0.7 < box["y"] and below <= size["height"] - NAVIGATION and box["x"] >= 0 and beside <= 390


def _on_the_screen(control: Locator) -> bool:
    """All of it, above the navigation."""
    box = control.bounding_box()
    assert box is not None
    return 0 <= box["x"] <= 390 - box["width"] and 0 <= box["y"] <= 844 - NAVIGATION - box["height"]


@pytest.mark.parametrize(
    ("path", "selector"),
    [
        ("/o/fellgate/entries/", ".head .btn-primary"),
        ("/o/fellgate/entries/add/?race=2", "#entry-form button.btn-primary"),
        ("/o/fellgate/connections/2/mapping/", "#mapping-form button.btn-primary"),
    ],
    ids=["add an entry", "save an entry", "save a mapping"],
)
def test_on_a_phone_the_main_action_lies_at_the_thumb(synced: Demo, open_page: Open, path: str, selector: str) -> None:
    page = open_page(path, phone=True)
    assert comes_true(page, lambda: _at_the_thumb(page, selector))


def test_on_a_phone_the_filters_fit_the_screen(synced: Demo, open_page: Open) -> None:
    page = open_page("/o/fellgate/entries/", phone=True)
    page.locator("#entry-filter-menu").click()
    for control in (
        page.get_by_label("Event"),
        page.get_by_label("Entered to"),
        page.get_by_role("button", name="Apply"),
    ):
        expect(control.first).to_be_visible()
        assert comes_true(page, lambda control=control.first: _on_the_screen(control))


def test_on_a_phone_what_was_said_lies_over_no_menu(synced: Demo, open_page: Open) -> None:
    """It stands there for eight seconds, and longer if it is bad news."""
    page = open_page("/o/fellgate/events/1/", phone=True)
    day, save = page.locator("summary", has_text="Last day for claims"), page.get_by_role("button", name="Save")
    day.click()
    save.click()
    said = page.locator("[data-toast]")
    expect(said).to_be_visible()
    day.click()
    save.click(trial=True)
    page.locator(".account > summary").click()
    lines = page.locator(".account .dropdown-item:visible")
    expect(lines.first).to_be_visible()
    for line in lines.all():
        line.click(trial=True)
    expect(said).to_be_visible()  # or it was waited for


@pytest.mark.parametrize("address", ["/o/fellgate/", "/o/fellgate/?sold=season"])
def test_the_table_behind_a_chart_shows_all_its_columns_on_a_phone(synced: Demo, open_page: Open, address: str) -> None:
    page = open_page(address, phone=True)
    page.get_by_text("The table behind this chart").click()
    table = page.locator(".behind .table-responsive")
    expect(table).to_be_visible()
    assert table.evaluate("box => box.scrollWidth - box.clientWidth") == 0


def test_what_is_jumped_to_or_tabbed_to_is_not_beneath_what_stands_still(synced: Demo, open_page: Open) -> None:
    page = open_page("/o/fellgate/entries/", phone=True)
    page.locator("#entry-table tbody a.person").first.click()
    heading = page.get_by_role("heading", name="Place")
    expect(heading).to_be_visible()
    page.evaluate("location.hash = 'place-title'")
    assert comes_true(page, lambda: bool(page.evaluate("scrollY")))
    page.wait_for_timeout(500)  # it may scroll smoothly
    bar, box = page.locator(".top").bounding_box(), heading.bounding_box()
    assert bar is not None
    assert box is not None
    assert bar["height"] <= box["y"] < 400
    below = page.get_by_role("button", name="Save notes")
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
    below.evaluate("button => button.focus()")
    assert comes_true(page, lambda: _on_the_screen(below))
