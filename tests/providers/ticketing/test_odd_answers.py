"""Answers that are JSON and yet not what was asked for, once: the walk stops with a word, and loses nothing by it."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from providers.errors import UnexpectedReply
from providers.sandbox import Sandbox
from providers.ticketing.client import TickeTing
from tests.providers.conftest import HandClock
from tests.providers.ticketing.conftest import Build, first, ids, walk


class Once(httpx.MockTransport):
    """The sandbox, but the first reading of a path that ends so is answered with this."""

    def __init__(self, sandbox: Sandbox, ending: str, answer: object) -> None:
        self._inner = sandbox.transport()
        self._ending = ending
        self._answers = [answer]
        super().__init__(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        reply = self._inner.handle_request(request)
        if self._answers and request.method == "GET" and request.url.path.endswith(self._ending):
            told = json.dumps(self._answers.pop())
            return httpx.Response(200, content=told, headers={"Date": reply.headers["Date"]})
        return reply


@pytest.mark.parametrize("answer", [None, [], "maintenance", 7])
@pytest.mark.parametrize("what", ["event", "token"])
def test_an_event_or_a_token_that_is_no_object_is_an_unreadable_answer(
    sandbox: Sandbox, sandboxed: Build, what: str, answer: Any
):
    """Not a mistake of ours, of which nobody would be told what it was."""
    event, ticketing = first(sandbox), sandboxed()
    walk(ticketing, "entries", [event.id])
    ending = event.uri if what == "event" else f"/tokens/{event.tokens[-1].id}"
    again = sandboxed(learned=ticketing.learned, transport=Once(sandbox, ending, answer))
    with pytest.raises(UnexpectedReply, match="cannot be read"):
        walk(again, "entries", [event.id])
    assert len(ids(walk(again, "entries", [event.id]))) == len(event.tickets)


def test_among_tokens_what_is_none_is_passed_over(sandbox: Sandbox, sandboxed: Build):
    event = first(sandbox)
    before = len(event.tokens)
    odd = {"total": 2, "page": 1, "records": 200, "entries": [None, []]}
    pages = walk(sandboxed(transport=Once(sandbox, f"{event.uri}/tokens", odd)), "entries", [event.id])
    assert len(ids(pages)) == len(event.tickets)
    assert len(event.tokens) == before + 1


@pytest.mark.parametrize("sections", [None, []])
def test_an_event_told_once_without_its_races_loses_no_change(
    sandbox: Sandbox, sandboxed: Build, clock: HandClock, sections: Any
):
    """Its tickets are asked for from where they were read last, not from then on."""
    event, ticketing = first(sandbox), sandboxed()
    cursor = walk(ticketing, "entries", [event.id])[-1].cursor
    clock.forward(hours=3)
    sandbox.clock.freeze(clock())
    changed = event.tickets[0]
    changed.changed = clock() - timedelta(hours=1)
    cursor = walk(_without_races(sandbox, sandboxed, sections), "entries", [event.id], cursor)[-1].cursor
    assert changed.serial in ids(walk(sandboxed(), "entries", [event.id], cursor))


def test_an_event_without_its_races_is_believed_to_have_no_tickets_when_it_is_told_again(
    sandbox: Sandbox, sandboxed: Build
):
    event = first(sandbox)
    cursor = walk(sandboxed(), "entries", [event.id])[-1].cursor
    for believed in (False, True):
        bare = _without_races(sandbox, sandboxed, [])
        last = walk(bare, "entries", [event.id], cursor, full=True)[-1]
        assert last.complete is believed
        cursor = last.cursor


def _without_races(sandbox: Sandbox, sandboxed: Build, sections: Any) -> TickeTing:
    event = first(sandbox)
    told = {"self": event.uri, "title": "Race day", "sections": sections}
    return sandboxed(transport=Once(sandbox, event.uri, told))
