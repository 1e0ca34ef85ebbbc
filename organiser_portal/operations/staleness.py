"""Whether a source is stale enough to tell its owners, and what to tell them. Pure: facts in, findings out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from organiser_portal.operations.models import Fault

STARTING = timedelta(minutes=15)  # after a pause of our own everything is old, and most of it mends at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One connection. ``at``: as of when its data are, None: never seen in full. ``limit``: how old they may become.

    ``parked_since`` and ``parked_because``: it needs its owner. ``denied``: why a listing is held. ``failing``: the
    last attempts at what counts failed, ``error`` is the sentence of the last one, ``our_mistake`` whether it was ours.
    ``due_at``: when it is asked next. ``quiet_until``: the provider asked us to wait. ``steady_since``: our clock.
    """

    label: str
    at: datetime | None
    limit: timedelta
    parked_since: datetime | None = None
    parked_because: str = ""
    denied: str = ""
    failing: bool = False
    error: str = ""
    our_mistake: bool = False
    due_at: datetime | None = None
    quiet_until: datetime | None = None
    steady_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """``since``: as of when the data are. ``sentence``: what was found."""

    since: datetime
    fault: Fault
    sentence: str


def is_old(facts: Facts, *, now: datetime) -> bool:
    """Older than twice the wait between two looks and a little."""
    return facts.at is not None and now - facts.at > facts.limit


def judge(facts: Facts, *, now: datetime) -> Stale | None:
    """None: fresh enough, never yet seen, or soon to be asked again.

    What is parked mends only by its owner, so it is told as soon as it has been so for a few minutes.
    """
    if facts.at is None:
        return None
    if facts.parked_since is not None:
        lately = now - facts.parked_since <= min(facts.limit, STARTING)
        return None if lately else _stale(facts, Fault.ACCESS, facts.parked_because)
    if not is_old(facts, now=now):
        return None
    if facts.denied:
        return _stale(facts, Fault.ACCESS, facts.denied)
    if facts.quiet_until is not None and facts.quiet_until > now:
        return _stale(facts, Fault.RESTING, f"{facts.label} has asked us not to call for now.")
    if facts.failing and not facts.our_mistake:
        return _stale(facts, Fault.PROVIDER, facts.error or f"{facts.label} does not answer.")
    if _not_yet_our_turn(facts, now):
        return None
    return _stale(facts, Fault.OURS, facts.error if facts.failing else "This portal is behind with its work.")


def _not_yet_our_turn(facts: Facts, now: datetime) -> bool:
    """We have just begun again, or a race came near and its next look has only to come round."""
    starting = facts.steady_since is None or now - facts.steady_since < STARTING
    waits = not facts.failing and facts.due_at is not None and facts.due_at > now
    return starting or waits


def _stale(facts: Facts, fault: Fault, sentence: str) -> Stale:
    assert facts.at is not None
    return Stale(since=facts.at, fault=fault, sentence=sentence[:500])
