"""A server that gives fewer rows at once than it was asked for."""

import pytest

from providers.sandbox import Sandbox
from tests.providers.ticketing.conftest import Build, first, ids
from tests.providers.ticketing.test_walks import walk


def test_where_the_server_gives_smaller_pages_than_asked_nothing_is_read_twice(
    sandbox: Sandbox, sandboxed: Build, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("providers.sandbox.ticketing.listing.LARGEST_SIZE", 3)
    ticketing, event = sandboxed(settings={"records": "5"}), first(sandbox)
    for ticket in event.tickets[:10]:
        sandbox.ticketing.admit(ticket.serial)
    cursor = walk(ticketing, "admissions", [event.id])[-1].cursor
    sandbox.log.clear()
    pages = walk(ticketing, "admissions", [event.id], cursor)
    assert [dict(call.query).get("page") for call in sandbox.calls("ticketing")] == ["4"]
    assert len(ids(pages)) == 1, "those of the last page, which may get more"
    monkeypatch.setattr("providers.sandbox.ticketing.listing.LARGEST_SIZE", 100)
    new = sandbox.ticketing.admit(event.tickets[10].serial)
    again = walk(ticketing, "admissions", [event.id], pages[-1].cursor)
    assert new in ids(again), "nor missed once it gives larger ones"
