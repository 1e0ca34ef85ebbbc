"""What is printed: what one reads, whole and on white, and nothing that one presses."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import TOO_WIDE, Demo, Open

pytestmark = pytest.mark.journey

A4 = {"width": 718, "height": 1000}  # what is left between the margins, in CSS pixels
CUT = """() => [...document.querySelectorAll("main td")].filter(
    (cell) => cell.getBoundingClientRect().right > innerWidth + 1,
).length"""
PAGES = ["entries/", "races/2/", "admissions/?when=over", "sync/runs/", "partners/"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_the_paper_and_leaves_out_what_one_presses(synced: Demo, open_page: Open, path: str) -> None:
    page = open_page(f"/o/fellgate/{path}", dark=True)
    expect(page.locator(".htmx-request")).to_have_count(0)
    page.emulate_media(media="print", color_scheme="light")
    page.set_viewport_size(A4)  # type: ignore[arg-type]
    assert page.evaluate(TOO_WIDE) == []
    expect(page.locator("main :is(.btn, button, summary):visible")).to_have_count(0)
    assert page.evaluate(CUT) == 0
