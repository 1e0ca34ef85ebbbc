"""Races that eventrac denies: when one is gone, and how it comes back."""

from datetime import UTC, datetime

import httpx
import pytest

from providers.errors import ProviderUnavailable
from providers.eventrac.client import Eventrac
from providers.eventrac.memory import GONE_ASKED, RaceMemory
from providers.records import Kind
from tests.providers.conftest import HandClock
from tests.providers.eventrac.conftest import gone, ids, knowing, pull, race
from tests.providers.wire import Routes, turns


@pytest.mark.parametrize("status", [403, 404])
def test_a_race_denied_twice_an_hour_apart_is_gone(
    eventrac: Eventrac, listed: Routes, clock: HandClock, status: int
) -> None:
    listed.on("GET /races/13", turns(race(13), httpx.Response(status)))
    known = ("11", "12", "13")
    cursor = pull(eventrac, known=known)[-1].cursor
    found = []
    for minutes in (0, 20, 20, 30):
        clock.forward(minutes=minutes)
        pages = pull(eventrac, cursor, known)
        cursor = pages[-1].cursor
        found.append(gone(pages))
    assert found == [[], [], [], [(Kind.RACE, "13")]]


def test_a_race_that_is_gone_is_not_asked_for_again(eventrac: Eventrac, listed: Routes, clock: HandClock) -> None:
    cursor = pull(eventrac, known=("13",))[-1].cursor
    clock.forward(hours=2)
    cursor = pull(eventrac, cursor, ("13",))[-1].cursor
    clock.forward(hours=2)
    assert gone(pull(eventrac, cursor, ("13",))) == []
    assert listed.asked().count("GET /races/13") == 2


def test_a_denial_in_between_two_answers_is_forgotten(eventrac: Eventrac, listed: Routes, clock: HandClock) -> None:
    listed.on("GET /races/13", turns(httpx.Response(404), race(13), httpx.Response(404)))
    cursor = ""
    for _ in range(3):
        pages = pull(eventrac, cursor, ("13",))
        cursor = pages[-1].cursor
        clock.forward(hours=2)
    assert gone(pages) == []


def test_a_fault_is_not_a_denial(eventrac: Eventrac, listed: Routes) -> None:
    listed.on("GET /races/13", httpx.Response(500))
    with pytest.raises(ProviderUnavailable):
        pull(eventrac, known=("13",))


@pytest.mark.parametrize("hours", [-20, 20])
def test_nothing_is_inferred_within_a_day_of_the_race(
    eventrac: Eventrac, listed: Routes, clock: HandClock, hours: int
) -> None:
    listed.on("GET /races/13", turns(race(13, date="2027-03-10T09:00:00+00:00"), httpx.Response(404)))
    cursor = pull(eventrac, known=("13",))[-1].cursor
    clock.now = datetime(2027, 3, 10, 9, tzinfo=UTC)
    clock.forward(hours=hours)
    cursor = pull(eventrac, cursor, ("13",))[-1].cursor
    clock.forward(hours=2)
    assert gone(pull(eventrac, cursor, ("13",))) == []


def test_a_race_that_comes_back_is_there_again(eventrac: Eventrac, listed: Routes, clock: HandClock) -> None:
    cursor = pull(eventrac, known=("13",))[-1].cursor
    clock.forward(hours=2)
    pages = pull(eventrac, cursor, ("13",))
    assert gone(pages) == [(Kind.RACE, "13")]
    listed.on("GET /events/1/races", [race(13)])
    cursor = pull(eventrac, pages[-1].cursor, ("13",))[-1].cursor
    listed.on("GET /events/1/races", [])
    listed.on("GET /races/13", race(13))
    assert ids(pull(eventrac, cursor, ("13",))) == ["13"]


def test_a_race_that_was_gone_is_asked_for_when_everything_is_walked(
    eventrac: Eventrac, listed: Routes, clock: HandClock
) -> None:
    cursor = pull(eventrac, known=("13",))[-1].cursor
    clock.forward(hours=2)
    pages = pull(eventrac, cursor, ("13",))
    assert gone(pages) == [(Kind.RACE, "13")]
    listed.on("GET /races/13", race(13, date="2027-02-20T09:00:00+00:00"))  # over, so that no list names it
    cursor = pull(eventrac, pages[-1].cursor)[-1].cursor
    assert listed.asked().count("GET /races/13") == 2
    pages = pull(eventrac, cursor, full=True)
    assert ids(pages) == ["11", "12", "13"]
    assert ids(pull(eventrac, pages[-1].cursor, ("13",))) == ["11", "12", "13"]


def test_of_many_that_are_gone_each_whole_walk_asks_some_and_all_have_their_turn(
    eventrac: Eventrac, listed: Routes
) -> None:
    away = [str(number) for number in range(100, 100 + 2 * GONE_ASKED + 1)]
    cursor = RaceMemory(gone=away).cursor()
    listed.on(f"GET /races/{away[-1]}", race(away[-1], date="2027-02-20T09:00:00+00:00"))
    asked, found = [], []
    for _ in range(3):
        before = len(listed.asked())
        pages = pull(eventrac, cursor, full=True)
        cursor = pages[-1].cursor
        asked.append([call for call in listed.asked()[before:] if call.startswith("GET /races/")])
        found.append(ids(pages)[2:])
    assert [len(calls) for calls in asked] == [GONE_ASKED] * 3
    assert len({call for calls in asked for call in calls}) == len(away)
    assert found == [[], [], [away[-1]]]


def test_a_whole_walk_that_goes_on_asks_no_more_of_those_that_are_gone(
    eventrac: Eventrac, listed: Routes, clock: HandClock
) -> None:
    cursor = RaceMemory(gone=[str(number) for number in range(100, 400)]).cursor()
    walk = eventrac.pull("races", cursor, full=True, known=knowing())
    begun = [next(walk) for _ in range(4)]
    assert not begun[-1].last
    pull(eventrac, begun[-1].cursor, full=True)
    assert len([call for call in listed.asked() if call.startswith("GET /races/")]) == GONE_ASKED
