"""Small worlds, in process, at a time that stands still."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from providers.sandbox import DEMO_KEYS, Sandbox

NOON = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(size="s", now=NOON)


@pytest.fixture
def bare() -> Sandbox:
    """Nothing in it but organisers and keys."""
    return Sandbox(size="empty", now=NOON)


def ev_client(sandbox: Sandbox, key: str = DEMO_KEYS["eventrac"]) -> httpx.Client:
    return sandbox.client("eventrac", Authorization=key)


def ldt_client(sandbox: Sandbox, key: str = DEMO_KEYS["letsdothis"]) -> httpx.Client:
    return sandbox.client("letsdothis", Authorization=f"Bearer {key}")


def walk(client: httpx.Client, path: str = "/participants", **params: Any) -> Iterator[dict[str, Any]]:
    """Every page, forwards, as long as there is a next one and it brings something."""
    asked = {name.replace("__", "[") + ("]" if "__" in name else ""): value for name, value in params.items()}
    while True:
        page = client.get(path, params=asked).json()
        yield page
        if not page["data"] or not page["page"]["next"]:
            return
        asked["page[after]"] = page["page"]["next"]


def new_runner(**more: Any) -> dict[str, Any]:
    return {"external_reference": "ref-1", "email": "mina@mail.example", "first_name": "Mina", **more}
