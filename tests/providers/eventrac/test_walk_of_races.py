"""Races: lists of those to come, then each known one that no list named; what is remembered in between."""

from datetime import UTC, datetime

import httpx
import pytest

from providers.errors import AccessDenied, ProviderUnavailable, UnexpectedReply
from providers.eventrac.client import Eventrac
from providers.port import Page
from providers.records import Kind
from tests.providers.conftest import HandClock
from tests.providers.eventrac.conftest import ORGANISER, event, gone, ids, knowing, pull, race
from tests.providers.wire import Routes, turns


def test_only_events_with_races_to_come_are_listed(eventrac: Eventrac, listed: Routes) -> None:
    pages = pull(eventrac)
    assert ids(pages) == ["11", "12"]
    assert listed.asked() == [f"GET {ORGANISER}", "GET /events/1/races"]
    assert [page.last for page in pages] == [False, True]
    assert sum(page.requests for page in pages) == 2


def test_a_walk_over_races_never_claims_to_be_complete(eventrac: Eventrac, listed: Routes) -> None:
    assert not any(page.complete for page in pull(eventrac) + pull(eventrac, full=True))


def test_an_event_that_does_not_say_is_asked(eventrac: Eventrac, far: Routes) -> None:
    far.on(f"GET {ORGANISER}", [{"id": 1}])
    far.on("GET /events/1/races", [race(11)])
    assert ids(pull(eventrac)) == ["11"]


def test_an_event_is_listed_once_more_after_its_last_race(eventrac: Eventrac, listed: Routes) -> None:
    cursor = pull(eventrac)[-1].cursor
    listed.on(f"GET {ORGANISER}", [event(1, has_future_races=False)])
    listed.on("GET /events/1/races", [])
    cursor = pull(eventrac, cursor)[-1].cursor
    assert listed.asked().count("GET /events/1/races") == 2
    pull(eventrac, cursor)
    assert listed.asked().count("GET /events/1/races") == 2


def test_a_known_race_that_no_list_names_is_asked_for(eventrac: Eventrac, listed: Routes) -> None:
    listed.on("GET /races/13", race(13))
    assert ids(pull(eventrac, known=("11", "12", "13"))) == ["11", "12", "13"]


def test_a_race_is_asked_for_until_sixty_days_after_its_date(
    eventrac: Eventrac, listed: Routes, clock: HandClock
) -> None:
    known = ("11", "12", "13")
    listed.on("GET /races/13", race(13, date="2027-02-20T09:00:00+00:00"))
    cursor = pull(eventrac, known=known)[-1].cursor
    clock.now = datetime(2027, 4, 20, tzinfo=UTC)
    cursor = pull(eventrac, cursor, known)[-1].cursor
    assert listed.asked().count("GET /races/13") == 2
    clock.now = datetime(2027, 4, 22, tzinfo=UTC)
    cursor = pull(eventrac, cursor, known)[-1].cursor
    assert listed.asked().count("GET /races/13") == 2
    pull(eventrac, cursor, known, full=True)
    assert listed.asked().count("GET /races/13") == 3


def test_a_walk_that_broke_off_goes_on_where_it_was(eventrac: Eventrac, far: Routes, clock: HandClock) -> None:
    far.on(f"GET {ORGANISER}", [event(1), event(2)])
    far.on("GET /events/1/races", [race(11)])
    far.on("GET /events/2/races", turns(httpx.Response(500), [race(21)]))
    walk = eventrac.pull("races", known=knowing())
    first = next(walk)
    with pytest.raises(ProviderUnavailable):
        list(walk)
    clock.forward(minutes=10)
    assert ids(pull(eventrac, first.cursor, ("11",))) == ["21"]
    assert far.asked().count("GET /events/1/races") == 1
    assert "GET /races/11" not in far.asked()


def test_a_whole_walk_goes_on_as_long_as_it_gets_on(eventrac: Eventrac, far: Routes, clock: HandClock) -> None:
    numbers = range(1, 6)
    far.on(f"GET {ORGANISER}", [event(number) for number in numbers])
    for number in numbers:
        far.on(f"GET /events/{number}/races", [race(number * 10)])
    cursor, found = "", list[str]()
    for _ in range(4):
        page = next(eventrac.pull("races", cursor, full=True, known=knowing()))
        cursor, found = page.cursor, found + ids([page])
        clock.forward(minutes=40)
    assert found + ids(pull(eventrac, cursor, full=True)) == ["10", "20", "30", "40", "50"]


def test_a_whole_walk_does_not_go_on_with_one_over_what_is_ahead(eventrac: Eventrac, far: Routes) -> None:
    far.on(f"GET {ORGANISER}", [event(1), event(2)])
    far.on("GET /events/1/races", [race(11)])
    far.on("GET /events/2/races", [race(21)])
    first = next(eventrac.pull("races", known=knowing()))
    assert ids(pull(eventrac, first.cursor, full=True)) == ["11", "21"]


def test_a_walk_that_broke_off_long_ago_starts_again(eventrac: Eventrac, far: Routes, clock: HandClock) -> None:
    far.on(f"GET {ORGANISER}", [event(1), event(2)])
    far.on("GET /events/1/races", [race(11)])
    far.on("GET /events/2/races", [race(21)])
    first = next(eventrac.pull("races", known=knowing()))
    clock.forward(hours=3)
    assert ids(pull(eventrac, first.cursor, ("11",))) == ["11", "21"]


def test_one_event_that_eventrac_chokes_on_holds_up_no_other(eventrac: Eventrac, far: Routes, clock: HandClock) -> None:
    far.on(f"GET {ORGANISER}", [event(1), event(2), event(3)])
    far.on("GET /events/1/races", turns(httpx.Response(500), [race(11)]))
    far.on("GET /events/2/races", [race(21)])
    far.on("GET /events/3/races", [race(31)])
    walk = eventrac.pull("races", known=knowing())
    pages = [next(walk), next(walk), next(walk)]
    with pytest.raises(ProviderUnavailable):
        next(walk)
    assert ids(pages) == ["21", "31"]
    clock.forward(minutes=10)
    assert ids(pull(eventrac, pages[-1].cursor, ("21", "31"))) == ["11"]


def test_two_events_that_fail_end_the_walk(eventrac: Eventrac, far: Routes) -> None:
    far.on(f"GET {ORGANISER}", [event(1), event(2), event(3)])
    far.on("GET /events/1/races", httpx.Response(500))
    far.on("GET /events/2/races", httpx.Response(500))
    with pytest.raises(ProviderUnavailable):
        pull(eventrac)
    assert "GET /events/3/races" not in far.asked()


@pytest.mark.parametrize("answer", [httpx.Response(500), httpx.Response(200, content=b'{"id": 13, "price": NaN}')])
def test_one_race_that_eventrac_chokes_on_holds_up_no_other(
    eventrac: Eventrac, listed: Routes, clock: HandClock, answer: httpx.Response
) -> None:
    listed.on("GET /races/13", turns(answer, race(13)))
    listed.on("GET /races/14", race(14))
    known = ("11", "12", "13", "14")
    pages: list[Page] = []
    with pytest.raises((ProviderUnavailable, UnexpectedReply)):
        pages.extend(eventrac.pull("races", known=knowing(races=known)))
    assert ids(pages) == ["11", "12", "14"]
    clock.forward(minutes=10)
    assert ids(pull(eventrac, pages[-1].cursor, known)) == ["13"]


def test_two_races_that_fail_end_the_walk(eventrac: Eventrac, listed: Routes) -> None:
    listed.on("GET /races/13", httpx.Response(500))
    listed.on("GET /races/14", httpx.Response(500))
    with pytest.raises(ProviderUnavailable):
        pull(eventrac, known=("13", "14", "15"))
    assert "GET /races/15" not in listed.asked()


def test_an_event_that_went_between_two_calls_is_passed_over(eventrac: Eventrac, far: Routes) -> None:
    far.on(f"GET {ORGANISER}", [event(1), event(2), event(3)])
    far.on("GET /events/2/races", [race(21)])
    far.on("GET /events/3/races", httpx.Response(403))
    assert ids(pull(eventrac)) == ["21"]


def test_events_that_are_all_refused_are_a_refusal(eventrac: Eventrac, far: Routes) -> None:
    far.on(f"GET {ORGANISER}", [event(1), event(2)])
    far.on("GET /events/1/races", httpx.Response(403))
    far.on("GET /events/2/races", httpx.Response(403))
    with pytest.raises(AccessDenied):
        pull(eventrac)


def test_events_that_are_all_refused_are_one_as_long_as_they_are(eventrac: Eventrac, far: Routes) -> None:
    """The next run went on behind them, asked for each race by itself, and was content that none is there."""
    far.on(f"GET {ORGANISER}", [event(1), event(2)])
    far.on("GET /events/1/races", turns(httpx.Response(403), httpx.Response(403), [race(11)]))
    far.on("GET /events/2/races", httpx.Response(403))
    cursor, known = "", ("11", "21")
    for _ in range(2):
        pages: list[Page] = []
        with pytest.raises(AccessDenied):
            pages.extend(eventrac.pull("races", cursor, known=knowing(races=known)))
        cursor = pages[-1].cursor
    assert "GET /races/11" not in far.asked()
    assert ids(pull(eventrac, cursor, known)) == ["11"]


def test_an_event_that_is_refused_after_a_walk_broke_off_is_one_among_others(eventrac: Eventrac, far: Routes) -> None:
    far.on(f"GET {ORGANISER}", [event(1), event(2)])
    far.on("GET /events/1/races", [race(11)])
    far.on("GET /events/2/races", httpx.Response(403))
    first = next(eventrac.pull("races", known=knowing()))
    assert pull(eventrac, first.cursor, ("11",))[-1].last


def test_a_race_that_does_not_name_its_event_belongs_to_the_one_it_was_listed_under(
    eventrac: Eventrac, listed: Routes
) -> None:
    bare = race(11)
    del bare["event"]
    listed.on("GET /events/1/races", turns([bare], []))
    listed.on("GET /races/11", bare)
    first = pull(eventrac)
    again = pull(eventrac, first[-1].cursor, ("11",))
    [one], [other] = [page.items for page in first + again if page.items]
    assert eventrac.decode(one)[0].event_id == eventrac.decode(other)[0].event_id == "1"


def test_one_bad_race_is_one_bad_race(eventrac: Eventrac, listed: Routes) -> None:
    listed.on("GET /events/1/races", [race(11), {"name": "no id"}, race(12)])
    pages = pull(eventrac)
    assert ids(pages) == ["11", "12"]
    assert [len(page.rejected) for page in pages] == [1, 0]


def test_a_race_without_an_id_is_gone_when_no_list_has_it_any_more(
    eventrac: Eventrac, far: Routes, clock: HandClock
) -> None:
    """It waited to be read for ever: no walk over races names everything."""
    far.on(f"GET {ORGANISER}", [event(1)])
    nameless = {"name": "no id"}
    far.on("GET /events/1/races", turns([race(11), nameless], [race(11), nameless], [race(11)], [race(11)]))
    cursor, found = "", []
    for _ in range(4):
        pages = pull(eventrac, cursor, ("11",))
        cursor = pages[-1].cursor
        found.append(gone(pages))
        clock.forward(minutes=10)
    assert found == [[], [], [(Kind.RACE, "")], []]


@pytest.mark.parametrize("shown", [{"name": "no id"}, {}, {"status": "success", "data": {}}])
def test_an_answer_without_an_id_is_not_the_race_that_was_asked_for(
    eventrac: Eventrac, listed: Routes, shown: dict[str, object]
) -> None:
    """It stood among what cannot be read, for ever: the race itself came back as we hold it."""
    listed.on("GET /races/13", turns(shown, race(13)))
    known = ("11", "12", "13")
    pages: list[Page] = []
    with pytest.raises(UnexpectedReply):
        pages.extend(eventrac.pull("races", known=knowing(races=known)))
    assert [each for page in pages for each in page.rejected] == []
    assert ids(pull(eventrac, pages[-1].cursor, known)) == ["13"]


def test_an_organiser_without_events_is_walked_in_one_empty_page(eventrac: Eventrac, far: Routes) -> None:
    far.on(f"GET {ORGANISER}", [])
    [page] = pull(eventrac)
    assert page.last
    assert page.items == ()


def test_an_event_that_cannot_be_read_does_not_stop_the_walk(eventrac: Eventrac, listed: Routes) -> None:
    listed.on(f"GET {ORGANISER}", [5, {"name": "no id"}, event(1)])
    assert ids(pull(eventrac)) == ["11", "12"]


@pytest.mark.parametrize("cursor", ["{broken", "[]", '{"races": 5}'])
def test_a_cursor_that_cannot_be_read_is_no_cursor(eventrac: Eventrac, listed: Routes, cursor: str) -> None:
    assert ids(pull(eventrac, cursor)) == ["11", "12"]
