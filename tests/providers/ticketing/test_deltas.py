"""Which instant a later walk asks from: TickeTing's own, and never past a row that may have slipped by."""

from datetime import timedelta

import httpx

from providers.sandbox import Sandbox
from tests.providers.conftest import HandClock
from tests.providers.ticketing.conftest import Build, event_ids, first, ids, knowing, walk


def test_where_our_clock_is_ahead_a_first_race_is_read_from_its_beginning(
    sandbox: Sandbox, sandboxed: Build, clock: HandClock
):
    event = first(sandbox)
    event.sections, sections = [], event.sections
    clock.forward(hours=1)
    cursor = walk(sandboxed(), "entries", [event.id])[-1].cursor
    event.sections = sections
    sold = sandbox.ticketing.sell(2, sections[0].id)
    assert set(sold) <= set(ids(walk(sandboxed(), "entries", [event.id], cursor)))


def test_a_server_without_a_clock_is_asked_for_everything(sandbox: Sandbox, sandboxed: Build, clock: HandClock):
    inner = sandbox.transport()

    def timeless(request: httpx.Request) -> httpx.Response:
        reply = inner.handle_request(request)
        reply.read()
        headers = {name: value for name, value in reply.headers.items() if name != "date"}
        return httpx.Response(reply.status_code, headers=headers, content=reply.content)

    clock.forward(hours=1)
    event = first(sandbox)
    ticketing = sandboxed(transport=httpx.MockTransport(timeless))
    cursor = walk(ticketing, "entries", [event.id])[-1].cursor
    sold = sandbox.ticketing.sell(1, event.sections[0].id)
    assert set(sold) <= set(ids(walk(ticketing, "entries", [event.id], cursor)))


def test_what_slips_forward_while_changes_are_read_is_asked_for_again(
    sandbox: Sandbox, sandboxed: Build, clock: HandClock
):
    event = max(
        (sandbox.ticketing.state.events[each] for each in event_ids(sandbox)), key=lambda each: len(each.tickets)
    )
    ticketing = sandboxed(settings={"records": "10"})
    cursor = walk(ticketing, "entries", [event.id])[-1].cursor
    clock.forward(hours=3)
    sandbox.clock.freeze(clock())
    changed = event.tickets[:30]
    for ticket in changed:
        ticket.changed = clock() - timedelta(hours=1)
    pages = []
    for page in ticketing.pull("entries", cursor, known=knowing([event.id])):
        pages.append(page)
        if len(pages) == 1:
            del event.tickets[:3]
    left = {ticket.serial for ticket in changed[3:]}
    assert len(left - set(ids(pages))) == 3
    clock.forward(hours=3)
    sandbox.clock.freeze(clock())
    again = walk(ticketing, "entries", [event.id], pages[-1].cursor)
    assert left <= set(ids(again))
    clock.forward(hours=3)
    sandbox.clock.freeze(clock())
    assert ids(walk(ticketing, "entries", [event.id], again[-1].cursor)) == []


def test_a_first_list_that_came_empty_by_mistake_is_not_the_end_of_it(
    sandbox: Sandbox, sandboxed: Build, clock: HandClock
):
    """Else all that was sold before would be missing until the next whole walk, a day later."""
    event = first(sandbox)
    sandbox.faults.add("ticketing:emptied,method=GET,path=/tickets$,times=1")
    pages = walk(sandboxed(), "entries", [event.id])
    assert ids(pages) == []
    clock.forward(hours=1)
    sandbox.clock.freeze(clock())
    again = walk(sandboxed(), "entries", [event.id], pages[-1].cursor)
    assert len(ids(again)) == len(event.tickets)
