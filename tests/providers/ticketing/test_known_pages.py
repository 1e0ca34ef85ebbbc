"""Tickets and admissions whose pages are as they were: their rows are not read again."""

from typing import Any

import pytest

from providers.pages import PageMemory
from providers.port import Page
from providers.sandbox import Sandbox
from providers.ticketing.client import TickeTing
from tests.providers.ticketing.conftest import Build, event_ids
from tests.providers.ticketing.test_walks import walk, way

__all__ = ["way"]  # a fixture: the ways in which the sandbox may answer


def again(ticketing: TickeTing) -> None:
    """The next walk remembers this one, if there is anything new to remember."""
    assert ticketing.pages is not None
    pages = ticketing.pages.kept(())
    ticketing.pages = PageMemory(list(ticketing.pages) if pages is None else pages)


def read(pages: list[Page]) -> list[str]:
    return [item.external_id for page in pages for item in page.items]


@pytest.mark.parametrize("resource", ["entries", "admissions"])
def test_pages_that_are_as_they_were_are_known_again(
    sandbox: Sandbox, sandboxed: Build, way: dict[str, Any], resource: str
):
    def whole() -> list[Page]:
        return walk(ticketing, resource, event_ids(sandbox), full=True)

    ticketing = sandboxed(settings={"records": "5"})
    ticketing.pages = PageMemory()
    before = whole()
    for _ in range(2):
        again(ticketing)
        known = whole()
        assert read(known) == []
        assert [len(page) for each in known for page in each.known] == [
            len(page.items) for page in before if page.items
        ]
        assert [(page.last, page.complete, page.promised) for page in known] == [
            (page.last, page.complete, page.promised) for page in before
        ]
    again(ticketing)
    event = next(each for each in sandbox.ticketing.state.events.values() if each.admissions)
    event.tickets[7].status, event.admissions = "Cancelled", event.admissions[1:]
    assert 0 < len(read(whole())) <= len(read(before))


def test_a_walk_over_what_has_changed_knows_no_page(sandbox: Sandbox, sandboxed: Build):
    ticketing, events = sandboxed(), event_ids(sandbox)
    ticketing.pages = PageMemory()
    cursor = walk(ticketing, "admissions", events)[-1].cursor
    again(ticketing)
    assert not any(page.known for page in walk(ticketing, "admissions", events, cursor))
