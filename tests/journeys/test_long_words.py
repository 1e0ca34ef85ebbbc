"""What a provider says may be one word without end: it breaks, and the page stays as wide as the window."""

import pytest

from tests.journeys.conftest import TOO_WIDE, Demo, Open, comes_true

pytestmark = [pytest.mark.journey, pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])]

REFUSED = "/o/fellgate/sync/outbound/?state=rejected"
SAY = "(notes) => notes.forEach((note) => { note.textContent = 'x'.repeat(600); })"


def test_a_refusal_breaks_anywhere(synced: Demo, open_page: Open, phone: bool) -> None:
    page = open_page(REFUSED, phone=phone)
    row = page.locator("#change-table tbody a.person")
    assert comes_true(page, lambda: bool(page.reload() and row.count()), seconds=60)
    change = row.first.get_attribute("href") or ""
    page.goto(f"{synced.url}{change.split('?')[0]}")
    assert page.locator(".note.is-bad > div").count()
    page.locator(".note.is-bad > div").evaluate_all(SAY)
    assert page.evaluate(TOO_WIDE) == []


STALE = """(chip) => {
    chip.classList.add("is-late", "is-wait");
    chip.querySelector("b").textContent = "▲ stale 44 min";
}"""


def test_one_source_that_is_late_puts_none_on_a_second_line(synced: Demo, open_page: Open, phone: bool) -> None:
    page = open_page("/o/fellgate/conflicts/", phone=phone)
    chips = page.locator("#freshness .fresh")
    assert comes_true(page, lambda: chips.count() == 4, seconds=20)
    chips.nth(1).evaluate(STALE)
    assert len({round(chip.bounding_box()["y"]) for chip in chips.all()}) == 1  # type: ignore[index]  # it is shown
