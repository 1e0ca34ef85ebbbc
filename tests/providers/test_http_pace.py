"""The pace is that of a key: whoever calls with it, from whichever instance or thread, takes a turn."""

import time
from collections.abc import Callable
from itertools import pairwise
from threading import Thread
from typing import Any

import httpx
import pytest

from providers import turns
from providers.errors import RateLimited
from providers.http import Http
from tests.providers.conftest import HandClock
from tests.providers.wire import Wire


@pytest.fixture
def opened(clock: HandClock) -> Callable[..., Http]:
    def build(**options: Any) -> Http:
        given = {"base_url": "https://api.example", "headers": {"Authorization": "k-1"}, "clock": clock}
        wire = Wire(httpx.Response(200, json={}))
        return Http(label="Example", transport=wire, pace_per_second=4, **(given | options))

    return build


def test_a_second_instance_with_the_same_key_waits_for_the_first(opened, naps: list[float]) -> None:
    for _ in range(3):
        http = opened(sleep=naps.append)
        http.get("/x")
        http.close()
    assert naps == [0.25, 0.25]


@pytest.mark.parametrize(
    "other", [{"headers": {"Authorization": "k-2"}}, {"base_url": "https://elsewhere.example"}], ids=["key", "host"]
)
def test_another_key_or_host_has_a_pace_of_its_own(opened, naps: list[float], other: dict[str, Any]) -> None:
    opened(sleep=naps.append).get("/x")
    opened(sleep=naps.append, **other).get("/x")
    assert naps == []


def test_threads_with_the_same_key_stand_in_line() -> None:
    called: list[float] = []

    def answer(_: httpx.Request) -> httpx.Response:
        called.append(time.monotonic())
        return httpx.Response(200, json={})

    def walk() -> None:
        http = Http(
            label="Example",
            base_url="https://api.example",
            headers={"Authorization": "in-line"},
            transport=httpx.MockTransport(answer),
            pace_per_second=20,
        )
        http.get("/x")
        http.close()

    threads = [Thread(target=walk) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    called.sort()
    assert all(later - earlier > 0.04 for earlier, later in pairwise(called))


def test_only_so_many_keys_are_remembered_and_none_in_the_clear(opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "MOST_KEYS", 3)
    lines = turns.Lines()
    with turns.kept_by(lines):
        for number in range(9):
            opened(headers={"Authorization": f"key-of-gold-{number}"}).close()
    assert len(lines) == 3
    assert "gold" not in repr(lines)


def test_what_one_was_asked_to_wait_holds_for_all_with_the_key(naps: list[float]) -> None:
    wire = Wire(httpx.Response(429, headers={"Retry-After": "30"}))
    with turns.kept_by(turns.Lines(heeds_quiet=True)):
        given = {"label": "Example", "base_url": "https://api.example", "transport": wire, "sleep": naps.append}
        one, two = (Http(headers={"Authorization": "k-1"}, **given) for _ in range(2))
        other = Http(headers={"Authorization": "k-2"}, **given)
    with pytest.raises(RateLimited):
        one.get("/x")
    for call in (lambda: two.get("/x"), lambda: two.send("POST", "/x", json={})):
        with pytest.raises(RateLimited) as told:
            call()
        assert 25 < told.value.retry_after <= 30
    assert len(wire.requests) == 1
    with pytest.raises(RateLimited):
        other.get("/x")
    assert len(wire.requests) == 2, "another key is asked for itself"


def test_who_waits_for_a_turn_hears_that_nobody_is_to_call(clock: HandClock) -> None:
    line = turns.Turns(clock, heeds_quiet=True)
    line.wait(0.5)
    with pytest.raises(turns.Hushed) as told:
        line.wait(0.5, lambda _: line.hush(30))
    assert 25 < told.value.seconds <= 30
