"""The list of events: whole each time, and not believed at once when it is empty."""

import httpx
import pytest

from providers.errors import ProviderUnavailable, UnexpectedReply
from providers.eventrac.client import Eventrac
from providers.port import Page
from tests.providers.eventrac.conftest import ORGANISER, event, ids, knowing
from tests.providers.wire import Routes


def pull(eventrac: Eventrac, cursor: str = "", *, known: list[str] | None = None, full: bool = False) -> Page:
    [page] = eventrac.pull("events", cursor, known=knowing(events=known or []), full=full)
    return page


def test_the_whole_list_is_one_complete_page(eventrac: Eventrac, far: Routes) -> None:
    far.on(f"GET {ORGANISER}", [event(1), event(2, has_future_races=False)])
    page = pull(eventrac)
    assert ids([page]) == ["1", "2"]
    assert (page.last, page.complete, page.requests) == (True, True, 1)
    assert page.bytes > 50


def test_an_empty_list_is_told_as_it_came(eventrac: Eventrac, far: Routes) -> None:
    """Once may be a mistake: the engine doubts it, says so, and believes the second (tests/sync)."""
    far.on(f"GET {ORGANISER}", [])
    page = pull(eventrac, known=["1"])
    assert (page.items, page.last, page.complete, page.requests) == ((), True, True, 1)


def test_a_cursor_of_before_that_remembers_an_empty_list_is_read(eventrac: Eventrac, far: Routes) -> None:
    far.on(f"GET {ORGANISER}", [event(1)])
    page = pull(eventrac, '{"empty":true,"denied":["2"]}', known=["1", "2"])
    assert (ids([page]), page.complete, page.requests) == (["1"], True, 1)


def test_an_event_left_out_of_the_list_is_asked_for_by_itself(eventrac: Eventrac, far: Routes) -> None:
    far.on(f"GET {ORGANISER}", [event(1)])
    far.on("GET /events/2", event(2))
    assert ids([pull(eventrac, known=["1", "2"])]) == ["1", "2"]


@pytest.mark.parametrize("status", [403, 404, 405, 501])
def test_a_call_that_was_never_built_leaves_the_list_to_decide(eventrac: Eventrac, far: Routes, status: int) -> None:
    far.on(f"GET {ORGANISER}", [event(1)])
    far.on("GET /events/2", httpx.Response(status))
    page = pull(eventrac, known=["1", "2"])
    assert ids([page]) == ["1"]
    assert page.complete


@pytest.mark.parametrize("body", [b"{}", b"[]", b"null", b'{"status": "success", "data": []}'])
def test_so_does_one_that_shows_nothing_as_in_its_documentation(eventrac: Eventrac, far: Routes, body: bytes) -> None:
    far.on(f"GET {ORGANISER}", [event(1)])
    far.on("GET /events/2", httpx.Response(200, content=body))
    page = pull(eventrac, known=["1", "2"])
    assert (ids([page]), page.complete, page.rejected) == (["1"], True, ())


@pytest.mark.parametrize(
    "answer", [httpx.Response(500), httpx.Response(200, html="<h1>Oh</h1>"), httpx.ReadTimeout("")]
)
def test_one_that_fails_keeps_no_listed_event_from_being_read(
    eventrac: Eventrac, far: Routes, answer: httpx.Response | Exception
) -> None:
    """The whole list was thrown away, run after run."""
    far.on(f"GET {ORGANISER}", [event(1)])
    far.on("GET /events/2", answer)
    walk = eventrac.pull("events", known=knowing(events=["1", "2"]))
    page = next(walk)
    assert (ids([page]), page.last, page.complete) == (["1"], False, False)
    with pytest.raises((ProviderUnavailable, UnexpectedReply)):
        next(walk)
    far.on("GET /events/2", httpx.Response(404))
    assert pull(eventrac, page.cursor, known=["1", "2"]).complete


def test_an_event_that_is_gone_is_asked_for_only_once(eventrac: Eventrac, far: Routes) -> None:
    far.on(f"GET {ORGANISER}", [event(1)])
    cursor = pull(eventrac, known=["1", "2"]).cursor
    pull(eventrac, cursor, known=["1", "2"])
    assert far.asked().count("GET /events/2") == 1
    pull(eventrac, cursor, known=["1", "2"], full=True)
    assert far.asked().count("GET /events/2") == 2


def test_many_events_missing_at_once_are_not_asked_for_one_by_one(eventrac: Eventrac, far: Routes) -> None:
    far.on(f"GET {ORGANISER}", [event(1)])
    pull(eventrac, known=[str(number) for number in range(1, 50)])
    assert len(far.requests) == 1


def test_one_bad_event_is_one_bad_event(eventrac: Eventrac, far: Routes) -> None:
    far.on(f"GET {ORGANISER}", [event(1), {"name": "no id"}, event(3)])
    page = pull(eventrac)
    assert ids([page]) == ["1", "3"]
    assert len(page.rejected) == 1
    assert not page.complete  # whose absence would that be?


@pytest.mark.parametrize("body", [{"hello": 1}, {"data": 5}, "text", {"status": "success", "data": None}])
def test_a_list_that_is_none_is_unexpected(eventrac: Eventrac, far: Routes, body: object) -> None:
    far.on(f"GET {ORGANISER}", body if isinstance(body, dict) else httpx.Response(200, json=body))
    with pytest.raises(UnexpectedReply):
        pull(eventrac)


def test_a_cursor_that_cannot_be_read_is_no_cursor(eventrac: Eventrac, far: Routes) -> None:
    far.on(f"GET {ORGANISER}", [event(1)])
    assert pull(eventrac, "{broken").complete


def test_maintenance_is_not_an_answer(eventrac: Eventrac, far: Routes) -> None:
    far.on(f"GET {ORGANISER}", httpx.Response(503, html="<h1>Back soon</h1>"))
    with pytest.raises(ProviderUnavailable):
        pull(eventrac, known=["1"])
