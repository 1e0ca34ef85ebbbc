"""``make screenshots``: the pictures of docs/, taken of a demo that is started for them."""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tools.run_tests import chromium
from tools.running_demo import ROOT, running_demo, sign_in

DOCS = ROOT / "docs"
LARGEST = 250_000  # bytes: the README is read on phones too
FIRST_LOAD = 90  # seconds until the demo's entries are there


def _nothing_more(_page: Page) -> None:
    """The page as it opens."""


def _panel(page: Page) -> None:
    page.locator("#entry-table a.person").nth(1).click()
    page.wait_for_selector("#panel article, #panel section")


def _its_race(page: Page) -> None:
    _panel(page)
    page.locator("#panel a[href*='/races/']").first.click()
    page.wait_for_url("**/races/*/")


PICTURES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "home": ("", _nothing_more),
    "entries": ("entries/?sort=-entered", _panel),
    "race": ("entries/?sort=-entered", _its_race),
    "entry-add": ("entries/add/?race=2", _nothing_more),
    "partners": ("partners/", _nothing_more),
}


def main() -> int:
    browser_path = chromium()
    if not browser_path:
        print("No Chromium on this machine: install it or set CHROMIUM.", file=sys.stderr)
        return 1
    with (
        tempfile.TemporaryDirectory() as folder,
        running_demo(Path(folder)) as demo,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"]) as browser,
    ):
        page = browser.new_page(
            storage_state=sign_in(browser, demo),
            viewport={"width": 1440, "height": 900},
            color_scheme="light",
            reduced_motion="reduce",
            locale="en-GB",
        )
        home = f"{demo.url}/o/fellgate/"
        _wait_for_entries(page, f"{home}entries/")
        return max([_take(page, home, name) for name in PICTURES])


def _wait_for_entries(page: Page, address: str) -> None:
    deadline = time.monotonic() + FIRST_LOAD
    while time.monotonic() < deadline:
        page.goto(address)
        if page.get_by_role("link", name="Next").count():
            return
        time.sleep(1)
    raise RuntimeError("No entries arrived.")


def _take(page: Page, home: str, name: str) -> int:
    """Take one picture and say how large it is. Returns 1 if that is too large."""
    path, prepare = PICTURES[name]
    page.goto(home + path)
    prepare(page)
    page.wait_for_load_state("networkidle")
    size = len(page.screenshot(path=DOCS / f"{name}.png"))
    print(f"docs/{name}.png  {size / 1000:.0f} KB{'  too large' if size > LARGEST else ''}", flush=True)
    return int(size > LARGEST)


if __name__ == "__main__":
    sys.exit(main())
