"""Every page and what opens on it: no script error, nothing axe objects to, nothing too wide, down to 320 px.

Desktop in light and phone in dark; one browser tab goes from page to page.
"""

import re
from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.journeys.conftest import (
    DESKTOP,
    PHONE,
    Demo,
    faults_found_by_axe,
    note_errors,
)

pytestmark = pytest.mark.journey

ENTRIES = "entries/"
PAGES = {
    "home": "",
    "search": "search/?q=an",
    "keyboard and display": "keys/",
    "entries": ENTRIES,
    "an entry": "entries/1/",
    "edit an entry": "entries/1/edit/",
    "add an entry": "entries/add/",
    "add an entry to a race": "entries/add/?race=2",
    "bulk changes": "entries/batches/",
    "imports": "entries/imports/",
    "conflicts": "conflicts/",
    "rules for conflicts": "conflicts/rules/",
    "races": "races/",
    "a race in pictures": "races/2/",
    "events": "events/",
    "an event": "events/1/",
    "applications": "applications/",
    "partners": "partners/",
    "a partner": "partners/1/",
    "reserved places": "partners/places/",
    "campaigns": "partners/campaigns/",
    "remind": "partners/remind/",
    "gates": "admissions/",
    "connections": "connections/",
    "a connection": "connections/1/",
    "abilities": "connections/2/abilities/",
    "contract watch": "connections/1/contract/",
    "mapping": "connections/2/mapping/",
    "rejected records": "connections/2/rejected/",
    "add a connection": "connections/add/",
    "runs": "sync/runs/",
    "a run": "sync/runs/1/",
    "outbound changes": "sync/outbound/",
    "completeness": "sync/completeness/",
    "people": "people/",
    "audit trail": "audit/",
}


def settled(page: Page) -> None:
    """What the page asks for once it is there has come."""
    expect(page.locator(".htmx-request")).to_have_count(0)


def palette(page: Page) -> None:
    page.keyboard.press("Control+K")
    page.locator("#palette-q").fill("an")
    expect(page.locator("#palette [role=option]").first).to_be_visible()


def menu(selector: str) -> Callable[[Page], None]:
    return lambda page: page.locator(selector).click()


def mistakes(page: Page) -> None:
    page.get_by_role("button", name="Save the entry").click()
    expect(page.get_by_role("alert").first).to_be_visible()


def bulk(page: Page) -> None:
    page.locator("#entry-table .pick").first.check()
    page.get_by_role("button", name="Status", exact=False).first.click()
    page.wait_for_url(re.compile("/entries/bulk/"))


def gate(page: Page) -> None:
    page.locator("#gate-rows a.name").first.click()
    page.wait_for_url(re.compile(r"/admissions/\d+/$"))


def codes(page: Page) -> None:
    gate(page)
    page.goto(f"{page.url}tokens/")


STATES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "the palette": ("", palette),
    "filters": (ENTRIES, menu("#entry-filter-menu")),
    "downloads": (ENTRIES, menu("#entry-download-menu")),
    "nobody matches": (f"{ENTRIES}?q=qqqqqq", lambda _page: None),
    "a form with mistakes": ("entries/add/?race=2", mistakes),
    "many at once": (ENTRIES, bulk),
    "a gate": ("admissions/", gate),
    "a gate's codes": ("admissions/", codes),
}


LOOKS: dict[str, tuple[ViewportSize, Literal["light", "dark"]]] = {
    "desktop light": (DESKTOP, "light"),
    "phone dark": (PHONE, "dark"),
}


class Tab:
    """Goes from page to page; ``errors`` is what its scripts and its console complained of."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.errors = note_errors(page)

    def at(self, path: str) -> Page:
        answer = self.page.goto(f"{self.address}/o/fellgate/{path}")
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"
        settled(self.page)
        return self.page

    def take(self, look: str) -> None:
        size, light = LOOKS[look]
        self.page.set_viewport_size(size)
        self.page.emulate_media(color_scheme=light, reduced_motion="reduce")

    def faults(self) -> list[str]:
        """What is wrong with what is shown now. Then the page is as wide as before, and its errors are told."""
        found = faults_found_by_axe(self.page)
        size = self.page.viewport_size
        assert size is not None
        for width in dict.fromkeys((size["width"], size["width"] // 2 if size["width"] > 640 else 320, 320)):
            self.page.set_viewport_size({"width": width, "height": size["height"]})
            if self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                found.append(f"wider than {width} px")
        self.page.set_viewport_size(size)
        errors, self.errors[:] = list(self.errors), []
        return found + errors


@pytest.fixture(scope="module")
def tab(browser: Browser, synced: Demo, signed_in: dict[str, object]) -> Iterator[Tab]:
    context = browser.new_context(storage_state=signed_in, locale="en-GB")  # type: ignore[arg-type]
    yield Tab(context.new_page(), synced.url)
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_and_fits(tab: Tab, name: str) -> None:
    tab.take("desktop light")
    page = tab.at(PAGES[name])
    expect(page.locator("h1")).to_have_count(1)
    assert tab.faults() == []
    tab.take("phone dark")  # what the server sends is the same
    assert tab.faults() == []


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", STATES)
def test_what_opens_on_a_page_is_accessible_and_fits(tab: Tab, name: str, look: str) -> None:
    path, make = STATES[name]
    tab.take(look)
    make(tab.at(path))
    assert tab.faults() == []


def test_nothing_moves_for_whoever_asked_for_less_motion(tab: Tab) -> None:
    tab.take("desktop light")
    page = tab.at("")
    moving = (
        "e => { const s = getComputedStyle(e); return s.animationName !== 'none' || s.transitionProperty !== 'none' }"
    )
    assert (
        page.evaluate(f"[...document.querySelectorAll('*')].filter({moving}).map(e => e.outerHTML.slice(0, 80))") == []
    )
