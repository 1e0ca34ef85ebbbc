"""Events are counted off page by page: one that moves onto a page already read is not gone, nor are its races."""

import httpx

from providers.port import Page
from providers.records import Kind
from tests.providers.ticketing.conftest import Build, ids, knowing


def event(number: int) -> dict[str, object]:
    uri = f"/events/{number}"
    return {"self": uri, "title": f"Race {number}", "sections": [{"self": f"{uri}/sections/{number}0"}]}


class Moving:
    """A calendar whose first event vanishes, and another is appended, as soon as the first page has been read."""

    def __init__(self) -> None:
        self.events = [event(number) for number in range(1, 5)]
        self.asked = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        page = int(request.url.params.get("page", "1"))
        rows = self.events[page * 2 - 2 : page * 2]
        self.asked += 1
        if self.asked == 1:
            self.events = [*self.events[1:], event(5)]
        return httpx.Response(200, json={"total": len(self.events), "page": page, "records": 2, "entries": rows})


def walked(build: Build, far: Moving, *, events: str, races: str) -> list[Page]:
    known = knowing(events.split(), races.split())
    with build(httpx.MockTransport(far), settings={"records": "2"}) as ticketing:
        return list(ticketing.pull("events", known=known))


def test_an_event_that_slipped_by_unseen_is_read_after_all(build: Build):
    pages = walked(build, Moving(), events="1 2 3 4", races="10 20 30 40")
    assert sorted(ids(pages)) == ["1", "2", "3", "4", "5"]
    assert pages[-1].complete
    assert pages[-1].gone == ()


def test_a_race_that_is_nowhere_is_gone_after_the_second_look(build: Build):
    pages = walked(build, Moving(), events="1 2 3 4", races="10 20 30 40 99")
    assert pages[-1].gone == ((Kind.RACE, "99"),)


def test_where_all_were_met_the_calendar_is_read_once(build: Build):
    far = Moving()
    walked(build, far, events="1 2", races="10 20")
    assert far.asked == 2
