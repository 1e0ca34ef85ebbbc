"""The page of a connection tells the truth, whenever its sync ends."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.journeys.conftest import SLOW, Demo, Open, ask_now, comes_true
from tests.journeys.elsewhere import fails

pytestmark = pytest.mark.journey

EVENTRAC = "/o/fellgate/connections/1/"


def standing(page: Page) -> Locator:
    return page.get_by_role("region", name="How it stands")


def is_syncing(page: Page) -> bool:
    """Whether it comes to say so; it is loaded again until it does."""
    return comes_true(page, lambda: "Syncing" in standing(page).inner_text() or not page.reload(), SLOW / 1000)


def test_a_sync_that_ends_while_its_page_loads_does_not_go_on_there(
    synced: Demo, open_page: Open, mended_afterwards: None
) -> None:
    """What is fetched is asked for by a request of its own, and by then nothing may be fetched any more."""
    fails(synced, "eventrac:slow=2,times=4")
    page = open_page(EVENTRAC)
    ask_now(page, synced, 1)
    assert is_syncing(page)
    held: list[Route] = []
    ended = False
    page.route(re.compile("/progress/"), lambda route: route.continue_() if ended else held.append(route))
    page.reload()
    expect(standing(page)).to_contain_text("Syncing")
    expect(open_page(EVENTRAC).get_by_role("heading", name="What is fetched")).to_be_visible(timeout=SLOW)
    assert comes_true(page, lambda: bool(held))
    ended = True
    for route in held:
        route.continue_()
    expect(standing(page)).to_contain_text("Working", timeout=SLOW)


def test_a_connection_that_was_tested_follows_what_the_test_set_going(
    synced: Demo, open_page: Open, mended_afterwards: None
) -> None:
    """The sentence of the test stays, and the state beside it moves."""
    fails(synced, "eventrac:slow=2,times=4")
    page = open_page(EVENTRAC)
    ask_now(page, synced, 1)
    assert is_syncing(page)
    page.get_by_role("button", name="Test again").click()
    expect(standing(page)).to_contain_text("Tested just now", timeout=SLOW)
    expect(standing(page)).to_contain_text("Working", timeout=SLOW)
    expect(standing(page)).to_contain_text("Tested just now")
