"""The pace is that of a key: whoever calls with it, from whichever instance or thread, takes a turn."""

import time
from collections.abc import Callable
from itertools import pairwise
from threading import Thread
from typing import Any

import httpx
import pytest

from providers import turns
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
    for number in range(9):
        opened(headers={"Authorization": f"key-of-gold-{number}"}).close()
    assert len(turns._turns) == 3
    assert "gold" not in repr(turns._turns)
