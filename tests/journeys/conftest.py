"""Real browsers against the real thing: one demo (web server, worker, beat, sandbox) serves all journeys of a run.

Needs a Chromium; without one the journeys are left out, and ``make test`` says so.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tools.run_tests import chromium

ROOT = Path(__file__).resolve().parent.parent.parent
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
EMAIL, PASSWORD = "demo@fellgate.example", "run-the-fells"
DESKTOP, PHONE = {"width": 1440, "height": 1000}, {"width": 390, "height": 844}


def _free_ports() -> tuple[int, int]:
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        second.bind(("127.0.0.1", 0))
        return first.getsockname()[1], second.getsockname()[1]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if not path:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


class Demo:
    """A running demo. ``sandbox`` is the address of its providers, for making things happen there."""

    def __init__(self, url: str, sandbox: str) -> None:
        self.url = url
        self.sandbox = sandbox

    def wait_until_up(self, child: subprocess.Popen[str]) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and child.poll() is None:
            try:
                if httpx.get(f"{self.url}/accounts/login/").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.2)
        pytest.fail("the demo did not start")


@pytest.fixture(scope="session")
def demo(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    port, sandbox_port = _free_ports()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "organiser_portal.settings",
        "SECRET_KEY": "journeys-only",
        "CREDENTIAL_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        "DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3",
        "CELERY_BROKER_URL": "memory://localhost//",
        "INSECURE_HTTP": "on",
        "DEBUG": "off",
        "PROVIDER_SANDBOX": "on",
        "LOG_LEVEL": "WARNING",
    }
    ports = ["--port", str(port), "--sandbox-port", str(sandbox_port)]
    command = [sys.executable, "manage.py", "demo", *ports, "--journal", str(folder / "sandbox.jsonl")]
    with (folder / "demo.log").open("w") as log:
        child = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log, text=True)
    running = Demo(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{sandbox_port}")
    try:
        running.wait_until_up(child)
        yield running
    finally:
        child.terminate()
        child.wait(timeout=20)


@pytest.fixture(scope="session")
def signed_in(browser: Browser, demo: Demo) -> dict[str, object]:
    """The cookies of somebody who signed in through the form."""
    page = browser.new_page()
    page.goto(f"{demo.url}/accounts/login/")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/o/fellgate/")
    state = page.context.storage_state()
    page.close()
    return dict(state)


type Open = Callable[..., Page]
UNDER_AXE: set[Page] = set()  # axe itself tries what the content policy forbids


def _note(errors: list[str], page: Page, message: ConsoleMessage) -> None:
    refused = "status of 422" in message.text  # how a form with a mistake comes back
    if message.type == "error" and page not in UNDER_AXE and not refused:
        errors.append(message.text)


@pytest.fixture
def open_page(browser: Browser, demo: Demo, signed_in: dict[str, object]) -> Iterator[Open]:
    """``open_page("/o/fellgate/entries/", phone=True, dark=True)``: fails on any script error of the page."""
    contexts = []
    errors: list[str] = []

    def opened(path: str, *, phone: bool = False, dark: bool = False, script: bool = True) -> Page:
        context = browser.new_context(
            storage_state=signed_in,  # type: ignore[arg-type]
            viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            locale="en-GB",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: _note(errors, page, message))
        page.goto(f"{demo.url}{path}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not errors, errors


def faults_found_by_axe(page: Page) -> list[str]:
    """What axe objects to, by WCAG 2.2 AA: "rule: element"."""
    UNDER_AXE.add(page)
    page.evaluate(AXE.read_text())
    found = page.evaluate(
        "() => axe.run(document, {runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']})"
    )
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found["violations"] for node in rule["nodes"]]


@pytest.fixture(scope="session")
def synced(demo: Demo, browser: Browser, signed_in: dict[str, object]) -> Demo:
    """The demo once its first sync is through."""
    context = browser.new_context(storage_state=signed_in)  # type: ignore[arg-type]
    page = context.new_page()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        page.goto(f"{demo.url}/o/fellgate/entries/")
        if page.locator("#entry-table tbody tr").count() >= 25:
            break
        time.sleep(0.5)
    else:
        pytest.fail("no entries arrived")
    context.close()
    return demo
