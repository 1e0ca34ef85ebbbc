"""eventrac by hand: a client over programmed answers, and one over the sandbox."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import httpx
import pytest

from providers.eventrac.client import Eventrac
from providers.port import Page
from providers.records import Kind
from providers.sandbox import DEMO_KEYS, DEMO_SETTINGS, Sandbox
from tests.providers.conftest import HandClock
from tests.providers.wire import Routes

type Build = Callable[..., Eventrac]

ORGANISER = "/organisers/77/events"


@pytest.fixture
def far() -> Routes:
    """The far end, organiser 77's."""
    return Routes()


@pytest.fixture
def build(far: Routes, clock: HandClock, naps: list[float]) -> Build:
    def make(transport: httpx.BaseTransport | None = None, **options: Any) -> Eventrac:
        settings = {"organiser_id": "77", "pace": "0"} | options.pop("settings", {})
        return Eventrac(
            settings=settings,
            credentials={"api_key": options.pop("api_key", "the-key")},
            transport=transport or far,
            clock=clock,
            sleep=naps.append,
            **options,
        )

    return make


@pytest.fixture
def eventrac(build: Build) -> Eventrac:
    return build()


@pytest.fixture
def sandbox(clock: HandClock) -> Sandbox:
    return Sandbox(size="s", now=clock())


@pytest.fixture
def sandboxed(sandbox: Sandbox, build: Build) -> Build:
    """The client over the sandbox, as the demo organiser."""

    def make(**options: Any) -> Eventrac:
        settings = DEMO_SETTINGS["eventrac"] | options.pop("settings", {})
        return build(sandbox.transport(), settings=settings, api_key=DEMO_KEYS["eventrac"], **options)

    return make


def event(number: object = 9101, **more: object) -> dict[str, object]:
    return {"id": number, "name": "Harbour Loop", "has_future_races": True} | more


def race(number: object = 30551, **more: object) -> dict[str, object]:
    usual = {
        "id": number,
        "name": "Harbour 10 Mile",
        "capacity": 450,
        "participant_count": 448,
        "date": "2027-05-16T08:30:00+00:00",
        "closing_date": "2027-05-12T22:59:00+00:00",
        "status": "open",
        "has_capacity": True,
        "team_race": False,
        "event": {"id": 9101, "name": "Harbour Loop"},
    }
    return usual | more


def knowing(races: Iterable[str] = (), events: Iterable[str] = ()) -> Callable[[Kind], Iterable[str]]:
    held = {Kind.RACE: list(races), Kind.EVENT: list(events)}
    return lambda kind: held.get(kind, [])


def jsend(data: object) -> dict[str, object]:
    return {"status": "success", "data": data, "links": []}


def sent(far: Routes, index: int = -1) -> Any:
    return json.loads(far.requests[index].read())


def ids(pages: Iterable[Page]) -> list[str]:
    return [item.external_id for page in pages for item in page.items]


def pull(eventrac: Eventrac, cursor: str = "", known: tuple[str, ...] = (), *, full: bool = False) -> list[Page]:
    return list(eventrac.pull("races", cursor, known=knowing(races=known), full=full))


def gone(pages: list[Page]) -> list[tuple[Kind, str]]:
    return [each for page in pages for each in page.gone]


@pytest.fixture
def listed(far: Routes) -> Routes:
    """One event with two races to come, one that is over."""
    far.on(f"GET {ORGANISER}", [event(1), event(2, has_future_races=False)])
    far.on("GET /events/1/races", [race(11, event=event(1)), race(12, event=event(1))])
    return far
