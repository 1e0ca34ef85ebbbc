"""Trackier by hand: a client over the sandbox, and one over programmed answers."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import httpx
import pytest

from providers.port import Page
from providers.records import Kind, Record
from providers.sandbox import DEMO_KEYS, DEMO_SETTINGS, Sandbox
from providers.trackier.client import Trackier
from tests.providers.conftest import HandClock

type Build = Callable[..., Trackier]


@pytest.fixture
def sandbox(clock: HandClock) -> Sandbox:
    return Sandbox(size="s", now=clock())


@pytest.fixture
def build(sandbox: Sandbox, clock: HandClock) -> Build:
    def make(transport: httpx.BaseTransport | None = None, **options: Any) -> Trackier:
        return Trackier(
            settings={**DEMO_SETTINGS["trackier"], "pace": "0"} | options.pop("settings", {}),
            credentials={"api_key": options.pop("api_key", DEMO_KEYS["trackier"])},
            transport=transport or sandbox.transport(),
            clock=clock,
            sleep=lambda seconds: None,
            **options,
        )

    return make


@pytest.fixture
def trackier(build: Build) -> Trackier:
    return build()


@pytest.fixture
def v2(build: Build) -> Trackier:
    return build(settings={"version": "v2", "currency": "GBP", "zone": "Europe/Paris"})


def replying(*replies: httpx.Response | dict[str, Any]) -> httpx.MockTransport:
    """The network's account first where it is asked for, else these answers in turn, the last for ever."""
    left = list(replies)

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/network/account"):
            return httpx.Response(200, json=account())
        reply = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(reply, dict):
            return httpx.Response(200, json=reply)
        return httpx.Response(reply.status_code, headers=reply.headers, content=reply.content)

    return httpx.MockTransport(answer)


def account(**region: str) -> dict[str, Any]:
    network = {
        "name": "Harbour Events",
        "domain": "harbour",
        "created": "2027-02-01",
        "region": {"currency": "GBP", "zone": "Asia/Kolkata"} | region,
    }
    return {"success": True, "data": {"network": network}}


def knowing(*partners: str) -> Callable[[Kind], Iterable[str]]:
    return lambda kind: partners if kind is Kind.PARTNER else ()


def walk(provider: Trackier, resource: str, cursor: str = "", *, full: bool = False, known: Any = None) -> list[Page]:
    return list(provider.pull(resource, cursor, full=full, known=known or knowing()))


def records(provider: Trackier, pages: Iterable[Page]) -> list[Record]:
    return [record for page in pages for item in page.items for record in provider.decode(item)]


def ids(pages: Iterable[Page]) -> list[str]:
    return [item.external_id for page in pages for item in page.items]


def body(content: bytes) -> Any:
    return json.loads(content)
