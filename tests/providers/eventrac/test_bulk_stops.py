"""Many adds in one call: when nothing more is sent or asked, and what is left open then."""

import httpx
import pytest

from providers.errors import (
    CredentialsRejected,
    OutcomeUnknown,
    ProviderUnavailable,
    RateLimited,
)
from providers.eventrac.client import Eventrac
from providers.port import Receipt
from tests.providers.eventrac.bulk_answers import FIRST, answer, read_back, remote_ids
from tests.providers.eventrac.people import add, edit, several
from tests.providers.wire import Routes, turns


def test_a_rejected_key_ends_the_batch(eventrac: Eventrac, far: Routes) -> None:
    changes = several(150)
    far.on(FIRST, turns(answer(changes[:100]), httpx.Response(401)))
    outcomes = eventrac.push_many([*changes, edit("phone")])
    assert all(isinstance(outcome, Receipt) for outcome in outcomes[:100])
    assert all(isinstance(outcome, CredentialsRejected) for outcome in outcomes[100:])
    assert len(far.requests) == 2


@pytest.mark.parametrize(("headers", "wait"), [({"Retry-After": "30"}, 30.0), ({}, 60.0)])
def test_asking_stops_where_eventrac_asks_us_to_wait(
    eventrac: Eventrac, far: Routes, headers: dict[str, str], wait: float
) -> None:
    changes = [add(reference=f"{number:032x}") for number in range(150)]
    far.on(FIRST, answer(changes[:100]))
    far.on(f"GET /participants/{changes[0].reference}", read_back(changes[0], 7))
    far.on(f"GET /participants/{changes[1].reference}", httpx.Response(429, headers=headers))
    outcomes = eventrac.push_many(changes)
    assert far.asked() == [FIRST, *(f"GET /participants/{each.reference}" for each in changes[:2])]
    assert isinstance(outcomes[0], Receipt)
    for outcome in outcomes[1:100]:
        assert isinstance(outcome, OutcomeUnknown)
        assert outcome.retry_after == wait
    assert all(isinstance(outcome, RateLimited) for outcome in outcomes[100:])


def test_a_batch_without_an_answer_is_open_and_what_follows_is_not_sent(eventrac: Eventrac, far: Routes) -> None:
    outcomes_of = several(150)
    far.on(FIRST, httpx.Response(502))
    outcomes = eventrac.push_many(outcomes_of)
    assert all(isinstance(outcome, OutcomeUnknown) for outcome in outcomes[:100])
    assert all(isinstance(outcome, ProviderUnavailable) for outcome in outcomes[100:])
    assert len(far.requests) == 1


@pytest.mark.parametrize(
    "body",
    [b"<html>", b'{"hasErrors": fal', b'{"hello": 1}', b"7", b'{"participants": 5}', b'{"participants": [1, 2]}'],
)
def test_an_answer_that_is_none_leaves_all_open(eventrac: Eventrac, far: Routes, body: bytes) -> None:
    far.on(FIRST, httpx.Response(200, content=body))
    assert remote_ids(eventrac.push_many(several(2))) == ["OutcomeUnknown"] * 2
