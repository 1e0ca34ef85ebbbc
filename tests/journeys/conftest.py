"""Real browsers against the real thing: one demo (web server, worker, beat, sandbox) serves all journeys of a process.

Needs a Chromium; without one the journeys are left out, and ``make test`` says so.
"""

import re
import shutil
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, ViewportSize, expect, sync_playwright

from tests.journeys.elsewhere import works_again
from tests.migrated import sqlite_template
from tools.run_tests import chromium
from tools.running_demo import DATABASE, LONGEST, ROOT, running_demo, sign_in
from tools.running_demo import Demo as Demo  # the journeys name it

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
expect.set_options(timeout=15_000)  # milliseconds: the machine may have other things to do
SLOW = 20_000  # milliseconds: a worker has to pick it up, and the page has to look again
DESKTOP, PHONE = ViewportSize(width=1440, height=1000), ViewportSize(width=390, height=844)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if not path:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    shutil.copy(sqlite_template(), folder / DATABASE)  # migrating would take longer than all the rest of its start
    with running_demo(folder) as demo:
        yield demo


@pytest.fixture(scope="session")
def signed_in(browser: Browser, demo: Demo) -> dict[str, object]:
    return dict(sign_in(browser, demo))


# What sticks out of a page that is wider than the window; nothing where it fits.
TOO_WIDE = """() => {
    const { scrollWidth } = document.documentElement;
    const beyond = (each) => each.getBoundingClientRect().right > innerWidth;
    const all = [...document.body.querySelectorAll("*")];
    return scrollWidth > innerWidth ? ["page", ...all.filter(beyond).map((each) => each.outerHTML.slice(0, 120))] : [];
}"""

type Open = Callable[..., Page]
ABORTED = ("htmx:sendAbort", "htmx:afterRequest")  # an answer that is a failure is told as one besides


def note_errors(page: Page) -> list[str]:
    """A list that fills with what goes wrong in the scripts and on the console of this page."""
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        refused = "status of 422" in message.text  # how a form with a mistake comes back
        left = message.text.startswith(ABORTED)  # who goes elsewhere does not wait for what was asked here
        if message.type == "error" and not (refused or left):
            errors.append(message.text)

    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", note)
    return errors


@pytest.fixture
def open_page(browser: Browser, demo: Demo, signed_in: dict[str, object]) -> Iterator[Open]:
    """``open_page("/o/fellgate/entries/", phone=True, dark=True)``: fails on any script error of the page."""
    contexts = []
    noted: list[list[str]] = []

    def opened(path: str, *, phone: bool = False, dark: bool = False, script: bool = True) -> Page:
        context = browser.new_context(
            storage_state=signed_in,  # type: ignore[arg-type]
            viewport=PHONE if phone else DESKTOP,
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            locale="en-GB",
        )
        contexts.append(context)
        page = context.new_page()
        noted.append(note_errors(page))
        page.goto(f"{demo.url}{path}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not any(noted), noted


ALL_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]


def faults_found_by_axe(page: Page, rules: list[str] = ALL_RULES) -> list[str]:
    """What axe objects to, by WCAG 2.2 AA: "rule: element". Rows after the twentieth are like those before."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text())
    found = page.evaluate(
        """rules => axe.run(
            {exclude: [['tbody tr:nth-child(n+21)']]}, {runOnly: rules, resultTypes: ['violations'], preload: false},
        )""",
        rules,
    )
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found["violations"] for node in rule["nodes"]]


def look_at(page: Page) -> None:
    """What is on the screen now has come to rest, fits, and axe has nothing against it.

    From the top: further down it is chance what the bars stand over half of, which axe takes for a target too small.
    """
    expect(page.locator(".htmx-request")).to_have_count(0)
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
    assert page.evaluate(TOO_WIDE) == [], f"too wide: {page.url}"
    assert faults_found_by_axe(page) == []


def look_at_by_day_and_night(page: Page) -> None:
    """The same, in a page that was opened in the light; then that the colours of the dark can be told apart too."""
    look_at(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")  # so that no colour is on its way to another
    assert faults_found_by_axe(page, COLOURS) == []
    page.emulate_media(color_scheme="light", reduced_motion="null")


def comes_true(page: Page, seen: Callable[[], bool], seconds: float = 5) -> bool:
    """Whether it is so within so many seconds: for what no ``expect`` can wait for."""
    deadline = time.monotonic() + seconds
    while not seen():
        if time.monotonic() > deadline:
            return False
        page.wait_for_timeout(50)
    return True


def comes_with_time(page: Page, wanted: Locator) -> None:
    """It is on the page once a worker has been there; until then the page is loaded again."""
    assert comes_true(page, lambda: bool(wanted.count() or (page.reload() and wanted.count())), SLOW / 1000), page.url


def ask_now(page: Page, demo: Demo, connection: int) -> None:
    """Have everything of a connection read, and do not go on before that has been taken in."""
    page.goto(f"{demo.url}/o/fellgate/connections/{connection}/")
    with page.expect_response(lambda answer: answer.request.method == "POST"):  # going on would take it back
        page.get_by_role("button", name="Sync now").first.click()


UNREAD = re.compile("Reading it for the first time|Not yet read in full")


@pytest.fixture(scope="session")
def synced(demo: Demo, browser: Browser, signed_in: dict[str, object]) -> Demo:
    """The demo once every source has been read from end to end: no journey meets a list that is still filling."""
    context = browser.new_context(storage_state=signed_in)  # type: ignore[arg-type]
    page = context.new_page()
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        page.goto(f"{demo.url}/o/fellgate/")
        sources = page.locator("#freshness-strip li")
        if sources.count() and not sources.filter(has_text=UNREAD).count():
            break
        time.sleep(0.5)
    else:
        pytest.fail(f"not all was read: {sources.all_inner_texts()}")
    context.close()
    return demo


@pytest.fixture
def mended_afterwards(synced: Demo) -> Iterator[None]:
    """Whatever becomes of this journey, the others find providers that answer."""
    yield
    works_again(synced)
