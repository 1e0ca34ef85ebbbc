"""What a page says of sources that have stopped, and stops saying once they are well again."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import SLOW, Demo, Open, ask_now, comes_with_time, look_at
from tests.journeys.elsewhere import fails, works_again

pytestmark = pytest.mark.journey

PARKED = (1, 2, 3)  # connections whose keys are refused


def fetched(page: Page) -> Locator:
    return page.locator("[id^=sync-progress]").first


@pytest.fixture
def refused(synced: Demo, open_page: Open) -> Iterator[Page]:
    """A page of somebody whose first three sources refuse the key; afterwards they take it."""
    fails(synced, "eventrac:revoke;letsdothis:revoke;ticketing:revoke")
    page = open_page("/o/fellgate/connections/")
    for pk in PARKED:
        ask_now(page, synced, pk)
        comes_with_time(page, page.locator("main").get_by_text("Needs attention"))
    yield page
    works_again(synced)
    for pk in PARKED:
        page.goto(f"{synced.url}/o/fellgate/connections/{pk}/")
        page.get_by_role("button", name="Test again").click()
        expect(page.get_by_text(re.compile("^Tested just now"))).to_be_visible()


def test_a_phone_shows_every_source_in_one_line_and_a_passed_test_clears_what_failed(
    refused: Page, synced: Demo, open_page: Open
) -> None:
    """One story, since getting three keys refused and taken again is most of it."""
    fit_one_line(open_page("/o/fellgate/connections/", phone=True))
    page, said = refused, "eventrac does not accept the key"
    page.goto(f"{synced.url}/o/fellgate/connections/1/")
    expect(fetched(page)).to_contain_text(said)
    works_again(synced)
    page.get_by_role("button", name="Test again").click()
    expect(page.get_by_text(re.compile("^Tested just now"))).to_be_visible()
    expect(fetched(page)).not_to_contain_text(said)
    expect(fetched(page)).to_contain_text("Complete", timeout=SLOW)
    expect(page.get_by_text(re.compile("^Tested just now"))).to_be_visible()  # not swept away by what came later
    look_at(page)

    without = open_page("/o/fellgate/connections/2/", script=False)
    without.get_by_role("button", name="Test again").click()
    without.get_by_role("link", name="What is being fetched now").click()
    expect(fetched(without)).to_contain_text("Entries")
    expect(fetched(without)).not_to_contain_text("does not accept the key")


def fit_one_line(page: Page) -> None:
    sources = page.locator("#freshness .fresh")
    expect(sources).to_have_count(4)
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        tops = {round(box["y"]) for source in sources.all() if (box := source.bounding_box())}
        brand = page.locator(".top > a").first.bounding_box()
        assert brand is not None
        assert len(tops) == 1, width
        assert brand["y"] <= tops.pop() <= brand["y"] + brand["height"], "beside the sign of the house"
    expect(page.get_by_role("link", name=re.compile("eventrac.*(min|now)"))).to_be_visible()  # said, if not seen
    look_at(page)
