"""A whole walk that takes many turns, while everything goes wrong: it ends, and says what is gone, and nothing else.

At each provider that goes on in the middle of one, where somebody is cut off there again and again. For
``make torture`` alone: TORTURE_LISTING=m, which is 50,000 participants, 6,000 tickets, nearly as many who are let in,
and 100 races; or s. TORTURE_SEED, TORTURE_ROUNDS and TORTURE_SECONDS as elsewhere.
"""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from organiser_portal.organisations.models import Organisation
from organiser_portal.sync.models import Owed, SyncRun
from providers.sandbox import Sandbox, Size
from tests.torture.listings import LISTINGS
from tests.torture.long_listing import LongListing, ended
from tests.torture.on_the_way import TroubleOnTheWay
from tests.torture.processes import Installation

SIZE: Size = "m" if os.environ.get("TORTURE_LISTING") == "m" else "s"
ROUNDS = (int(os.environ.get("TORTURE_ROUNDS", "1")) + 1) // 2  # each ends with two whole walks
SECONDS = float(os.environ.get("TORTURE_SECONDS", "6"))
PATIENCE = 240.0  # seconds in which something has to be stored, on however slow a machine
AGAIN = 6  # whole walks must do

pytestmark = [
    pytest.mark.torture,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("TORTURE_LISTING" not in os.environ, reason="takes its time: make torture"),
]


@pytest.fixture(params=LISTINGS)
def kind(request: pytest.FixtureRequest) -> type[LongListing]:
    return LISTINGS[request.param]


@pytest.fixture
def turn(kind: type[LongListing], seed: int) -> float:
    some = kind.turns[SIZE]
    return some[seed % len(some)]


@pytest.fixture
def hurried(transactional_db: None, tmp_path: Path, turn: float) -> Iterator[Installation]:
    """Its walks give their turn back very soon."""
    running = Installation(tmp_path, turn=turn)
    try:
        yield running
    finally:
        running.end()


@pytest.fixture
def listing(organisation: Organisation, kind: type[LongListing], seed: int) -> Iterator[LongListing]:
    sandbox = Sandbox(size=SIZE, seed=seed % 7 + 1)
    sandbox.clock.advance(Random(seed).randint(-180, 180))  # their clock is minutes off ours
    with sandbox.serve():
        yield kind(organisation, sandbox)


def test_what_is_gone_is_known_after_two_whole_walks_and_nothing_else_goes(
    hurried: Installation, listing: LongListing, chance: Random, turn: float
) -> None:
    hurried.begin()
    trouble = TroubleOnTheWay(listing, hurried, chance, turn=turn)
    for number in range(1, ROUNDS + 1):
        trouble.deadly = chance.choice((0, 2, 6))
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            trouble.strike()
            time.sleep(chance.uniform(0.05, 1.0))
        listing.sandbox.faults.clear()
        wait_until(listing, listing.is_at_rest)  # one that began under fire may have lost its memory
        went = listing.people_come_and_go(chance)
        first = whole_walk(listing)
        assert not went & listing.gone(), "one walk is not enough"
        second = whole_walk(listing)
        print(f"round {number}: turns of {turn} s, {dict(trouble.struck)}, {summed_up(listing)}")
        assert min(len(first), len(second)) > 1, "there were no turns"
        assert [listing.named(walk) for walk in (first, second)] == [len(listing.there())] * 2, "all, and each once"
        assert [(walk[-1].outcome, walk[-1].owes) for walk in (first, second)] == list(listing.endings)
        assert went <= listing.gone()
        assert [*listing.amiss(), *trouble.amiss()] == []


def whole_walk(listing: LongListing) -> list[SyncRun]:
    """Asked for, and awaited: its turns in order."""
    before = listing.runs()[0].pk
    listing.ask_for_a_whole_walk()
    wait_until(listing, lambda: listing.runs()[0].pk > before and listing.is_at_rest())
    runs = [run for run in reversed(listing.runs()) if run.pk > before]
    return runs[: next(number for number, run in enumerate(runs, 1) if ended(run))]


def wait_until(listing: LongListing, done: Callable[[], bool]) -> None:
    """It has to come without anybody's help but the clock's: walks get on, and do not begin again for ever."""
    began, since = listing.progress(), time.monotonic()
    reached = began
    while not done():
        now = listing.progress()
        since = time.monotonic() if now != reached else since
        reached = now
        is_stuck = time.monotonic() - since > PATIENCE or reached["seen"] - began["seen"] > AGAIN * len(listing.there())
        assert not is_stuck, "\n".join(map(told, listing.runs()[:40]))
        time.sleep(0.3)
        if not ((last := listing.last) and ended(last)):  # else what has changed would be walked again and again
            listing.time_passes()


def told(run: SyncRun) -> str:
    asked = f"full={run.full} resumed={run.resumed} pages={run.pages} seen={run.seen} before={run.named_before}"
    return f"run {run.pk} {run.outcome} {run.owes} {asked} of {run.promised}, gone={run.gone}: {run.error_sentence}"


def summed_up(listing: LongListing) -> str:
    runs = listing.runs()
    back = [run for run in runs if run.owes == Owed.REST]
    knowing = sum(run.named_before > 0 for run in back)
    walks = Counter(f"{run.outcome} {run.owes}".strip() for run in runs if ended(run))
    cut = Counter(run.outcome for run in runs if not ended(run) and run not in back)
    turns = f"{len(back)} gave their turn back ({knowing} knew what was named before)"
    return (
        f"{len(listing.there())} rows, {len(runs)} runs: {turns}, cut short {dict(cut)}; the walks ended {dict(walks)}"
    )
