"""A whole walk that takes many turns, while everything goes wrong: it ends, and says what is gone, and nothing else.

For ``make torture`` alone, which walks 50,000 rows: TORTURE_LISTING=m, or s for 1,500. TORTURE_SEED, TORTURE_ROUNDS and
TORTURE_SECONDS as elsewhere.
"""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from organiser_portal.organisations.models import Organisation
from organiser_portal.sync.models import Outcome, Owed, SyncRun
from providers.sandbox import Sandbox, Size
from tests.torture.long_listing import LongListing, TroubleOnTheWay, ended
from tests.torture.processes import Installation

SIZE: Size = "m" if os.environ.get("TORTURE_LISTING") == "m" else "s"
PAGE = {"s": 50, "m": 500}[SIZE]
# Seconds. In the shortest there is time for a page or two, and the longest is no tenth of a walk.
TURNS = {"s": (0.0, 0.02), "m": (0.5, 1.0, 2.0)}[SIZE]
ROUNDS = (int(os.environ.get("TORTURE_ROUNDS", "1")) + 1) // 2  # each ends with two whole walks
SECONDS = float(os.environ.get("TORTURE_SECONDS", "6"))
PATIENCE = 600.0  # seconds until a walk must have ended

pytestmark = [
    pytest.mark.torture,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("TORTURE_LISTING" not in os.environ, reason="takes its time: make torture"),
]


@pytest.fixture
def turn(seed: int) -> float:
    return TURNS[seed % len(TURNS)]


@pytest.fixture
def hurried(transactional_db: None, tmp_path: Path, turn: float) -> Iterator[Installation]:
    """Its walks give their turn back very soon."""
    running = Installation(tmp_path, turn=turn)
    try:
        yield running
    finally:
        running.end()


@pytest.fixture
def listing(organisation: Organisation, seed: int) -> Iterator[LongListing]:
    sandbox = Sandbox(size=SIZE, seed=seed % 7 + 1)
    sandbox.clock.advance(Random(seed).randint(-180, 180))  # their clock is minutes off ours
    with sandbox.serve():
        yield LongListing(organisation, sandbox, page_size=PAGE)


def test_what_is_gone_is_known_after_two_whole_walks_and_nothing_else_goes(
    hurried: Installation, listing: LongListing, chance: Random, turn: float
) -> None:
    hurried.begin()
    trouble = TroubleOnTheWay(listing, hurried, chance)
    for number in range(1, ROUNDS + 1):
        trouble.deadly = chance.choice((0, 2, 6))
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            trouble.strike()
            time.sleep(chance.uniform(0.05, 1.0))
        listing.sandbox.faults.clear()
        wait_until(listing, listing.is_at_rest)  # one that began under fire may have lost its memory
        went = listing.somebody_vanishes(chance)
        first, second = whole_walk(listing), whole_walk(listing)
        print(f"round {number}: turns of {turn} s, {dict(trouble.struck)}, {summed_up(listing)}")
        assert min(len(first), len(second)) > 1, "there were no turns"
        assert (first[-1].owes, first[-1].resumed) == (Owed.GONE, False), f"all was named once: {told(first[-1])}"
        assert (second[-1].outcome, second[-1].owes) == (Outcome.SUCCEEDED, ""), f"and once more: {told(second[-1])}"
        assert second[-1].gone >= went, told(second[-1])
        assert list(listing.amiss()) == []


def whole_walk(listing: LongListing) -> list[SyncRun]:
    """Asked for, and awaited: its turns in order."""
    before = listing.runs()[0].pk
    listing.ask_for_a_whole_walk()
    wait_until(listing, lambda: listing.runs()[0].pk > before and listing.is_at_rest())
    runs = [run for run in reversed(listing.runs()) if run.pk > before]
    return runs[: next(number for number, run in enumerate(runs, 1) if ended(run))]


def wait_until(listing: LongListing, done: Callable[[], bool]) -> None:
    """It has to come without anybody's help but the clock's."""
    started = time.monotonic()
    while not done():
        assert time.monotonic() - started < PATIENCE, "\n".join(map(told, listing.runs()[:40]))
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
    return f"{len(listing)} rows, {len(runs)} runs: {turns}, cut short {dict(cut)}; the walks ended {dict(walks)}"
