"""An event or a race that eventrac chokes on, run after run: all others are read all the same."""

import httpx
import pytest

from providers.errors import ProviderError
from providers.eventrac.client import Eventrac
from providers.port import Page
from tests.providers.conftest import HandClock
from tests.providers.eventrac.conftest import ORGANISER, event, ids, knowing, race
from tests.providers.wire import Routes, turns


def runs(eventrac: Eventrac, clock: HandClock, number: int, known: tuple[str, ...] = ()) -> list[list[str]]:
    """What each of so many runs reads, ten minutes apart; each fails in the end."""
    cursor, read = "", []
    for _ in range(number):
        pages: list[Page] = []
        with pytest.raises(ProviderError):
            pages.extend(eventrac.pull("races", cursor, known=knowing(races=known)))
        cursor = pages[-1].cursor if pages else cursor
        read.append(ids(pages))
        clock.forward(minutes=10)
    return read


def test_what_fails_once_more_does_not_keep_the_others_from_being_read_again(
    eventrac: Eventrac, far: Routes, clock: HandClock
) -> None:
    """The walk went on with that one alone, for an hour, whoever asked for it."""
    far.on(f"GET {ORGANISER}", [event(1), event(2)])
    far.on("GET /events/1/races", httpx.Response(500))
    far.on("GET /events/2/races", [race(21)])
    assert runs(eventrac, clock, 4) == [["21"], [], ["21"], []]


def test_a_race_that_fails_once_more_does_neither(eventrac: Eventrac, listed: Routes, clock: HandClock) -> None:
    listed.on("GET /races/13", httpx.Response(500))
    assert runs(eventrac, clock, 3, known=("11", "12", "13")) == [["11", "12"], [], ["11", "12"]]


def test_two_events_that_always_fail_come_behind_all_others(eventrac: Eventrac, far: Routes, clock: HandClock) -> None:
    """They came first, and nothing behind them was ever read."""
    far.on(f"GET {ORGANISER}", [event(1), event(2), event(3), event(4)])
    far.on("GET /events/1/races", httpx.Response(500))
    far.on("GET /events/2/races", httpx.Response(500))
    far.on("GET /events/3/races", turns([race(31)], [race(31, name="Other")]))
    far.on("GET /events/4/races", [race(41)])
    assert runs(eventrac, clock, 5) == [[], ["31", "41"], [], [], ["31", "41"]]


def test_one_event_that_never_answers_comes_behind_all_others(
    eventrac: Eventrac, far: Routes, clock: HandClock
) -> None:
    far.on(f"GET {ORGANISER}", [event(1), event(2)])
    far.on("GET /events/1/races", httpx.ReadTimeout("nothing"))
    far.on("GET /events/2/races", [race(21)])
    assert runs(eventrac, clock, 5) == [[], ["21"], [], [], ["21"]]


def test_an_outage_costs_no_more_than_what_is_left(eventrac: Eventrac, far: Routes, clock: HandClock) -> None:
    """As long as there is something that has not failed, what was read is not read again."""
    far.on(f"GET {ORGANISER}", [event(number) for number in range(1, 7)])
    far.on("GET /events/1/races", [race(11)])
    for number in range(2, 7):
        far.on(f"GET /events/{number}/races", httpx.Response(500))
    assert runs(eventrac, clock, 2) == [["11"], []]
    assert far.asked().count("GET /events/1/races") == 1


def test_two_races_that_always_fail_come_behind_all_others(
    eventrac: Eventrac, listed: Routes, clock: HandClock
) -> None:
    for number in (13, 14):
        listed.on(f"GET /races/{number}", httpx.Response(500))
    for number in (15, 16):
        listed.on(f"GET /races/{number}", race(number))
    found = runs(eventrac, clock, 3, known=("11", "12", "13", "14", "15", "16"))
    assert found == [["11", "12"], ["15", "16"], []]


def test_what_was_read_before_the_second_failed_is_kept(eventrac: Eventrac, listed: Routes, clock: HandClock) -> None:
    listed.on("GET /races/13", race(13))
    for number in (14, 15):
        listed.on(f"GET /races/{number}", httpx.Response(500))
    assert runs(eventrac, clock, 1, known=("13", "14", "15")) == [["11", "12", "13"]]
