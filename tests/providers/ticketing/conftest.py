"""The client over a programmable far end, and over the sandbox."""

from collections.abc import Callable, Iterable
from typing import Any

import httpx
import pytest

from providers.port import Page
from providers.records import Kind
from providers.sandbox import DEMO_KEYS, DEMO_SETTINGS, Sandbox
from providers.sandbox.ticketing.objects import Event
from providers.ticketing.client import TickeTing
from tests.providers.conftest import HandClock

type Build = Callable[..., TickeTing]


@pytest.fixture
def build(clock: HandClock, naps: list[float]) -> Build:
    """Over any transport."""

    def make(transport: httpx.BaseTransport, **options: Any) -> TickeTing:
        settings = {"pace": "0", "records": "10", "currency": "GBP"} | options.pop("settings", {})
        credentials = {"api_key": options.pop("api_key", "k" * 32), "password": options.pop("password", "")}
        return TickeTing(
            settings=settings,
            credentials=credentials,
            transport=transport,
            clock=clock,
            sleep=naps.append,
            **options,
        )

    return make


@pytest.fixture
def sandbox(clock: HandClock) -> Sandbox:
    return Sandbox(size="s", now=clock())


@pytest.fixture
def sandboxed(sandbox: Sandbox, build: Build) -> Build:
    """The client over the sandbox, with the administrator's key."""

    def make(**options: Any) -> TickeTing:
        settings = DEMO_SETTINGS["ticketing"] | {"records": "50"} | options.pop("settings", {})
        key = options.pop("api_key", DEMO_KEYS["ticketing"])
        transport = options.pop("transport", None) or sandbox.transport()
        return build(transport, settings=settings, api_key=key, **options)

    return make


def first(sandbox: Sandbox) -> Event:
    return next(iter(sandbox.ticketing.state.events.values()))


def event_ids(sandbox: Sandbox) -> list[str]:
    return [event.id for event in sandbox.ticketing.state.events.values() if event.host.about["name"] != "Rival Races"]


def knowing(events: Iterable[str] = (), races: Iterable[str] = ()) -> Callable[[Kind], Iterable[str]]:
    held = {Kind.EVENT: list(events), Kind.RACE: list(races)}
    return lambda kind: held.get(kind, [])


def ids(pages: Iterable[Page]) -> list[str]:
    return [item.external_id for page in pages for item in page.items]


def walk(ticketing: TickeTing, resource: str, events: list[str], cursor: str = "", **how: Any) -> list[Page]:
    return list(ticketing.pull(resource, cursor, known=knowing(events), **how))
