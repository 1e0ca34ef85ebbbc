"""A demo of its own, with invented data and nothing of this checkout's: for journeys and for pictures."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.sync_api import Browser, StorageState

ROOT = Path(__file__).resolve().parent.parent
EMAIL, PASSWORD = "demo@fellgate.example", "run-the-fells"
DATABASE = "demo.sqlite3"  # in the folder; one that is there already is gone on with
LONGEST = 240  # seconds to start or to end, on a machine that has other things to do


@dataclass(frozen=True, slots=True)
class Demo:
    """Its address, and that of its providers' sandbox, for making things happen there."""

    url: str
    sandbox: str


@contextmanager
def running_demo(folder: Path) -> Iterator[Demo]:
    """Web server, worker, beat and sandbox on free ports, data in ``folder``. RuntimeError if it does not start."""
    port, sandbox_port = _free_ports()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "organiser_portal.settings",
        "SECRET_KEY": "for-one-run-only",
        "CREDENTIAL_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        "DATABASE_URL": f"sqlite:///{folder}/{DATABASE}",
        "STATIC_ROOT": str(folder / "static"),  # another demo may be writing its own
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
    try:
        demo = Demo(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{sandbox_port}")
        _wait_until_up(demo, child, folder / "demo.log")
        yield demo
    finally:
        child.terminate()
        child.wait(timeout=LONGEST)


def sign_in(browser: Browser, demo: Demo) -> StorageState:
    """The cookies of somebody who signed in through the form."""
    page = browser.new_page()
    page.goto(f"{demo.url}/accounts/login/")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/o/fellgate/")
    state = page.context.storage_state()
    page.close()
    return state


def _wait_until_up(demo: Demo, child: subprocess.Popen[str], log: Path) -> None:
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline and child.poll() is None:
        try:
            if httpx.get(f"{demo.url}/accounts/login/").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise RuntimeError(f"The demo did not start.\n{log.read_text()}")


def _free_ports() -> tuple[int, int]:
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        second.bind(("127.0.0.1", 0))
        return first.getsockname()[1], second.getsockname()[1]
