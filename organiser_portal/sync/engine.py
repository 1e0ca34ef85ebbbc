"""The pull engine: a claim, a walk, and a record, whatever happens.

One attempt at one listing of one connection. Every claimed attempt leaves a `SyncRun`; what the error table in `faults`
says decides when the next one is due and who is told.
"""

import logging
from datetime import datetime, timedelta
from secrets import SystemRandom
from typing import Any, Literal

import httpx
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from organiser_portal.connections import gateway
from organiser_portal.connections.models import SyncState
from organiser_portal.core.insist import insist
from organiser_portal.core.logs import binding, scrubbed
from organiser_portal.sync import faults, handed_over
from organiser_portal.sync.calendar import wait_for
from organiser_portal.sync.claim import GONE_AWAY, Claim, LeaseLost, claim, close_abandoned, renew, settle
from organiser_portal.sync.following import have_denied_due, have_followers_due
from organiser_portal.sync.let_go import lets_go
from organiser_portal.sync.limits import REPLAY
from organiser_portal.sync.listings import cadence_of, resource_of
from organiser_portal.sync.models import Outcome, Owed, SyncRun
from organiser_portal.sync.quiet import keep_quiet, park
from organiser_portal.sync.replay import replay
from organiser_portal.sync.retire import held
from organiser_portal.sync.schedule import Due, Ending, full_walk_due, next_due
from organiser_portal.sync.walk import Clock, OnPage, Walk

log = logging.getLogger(__name__)

AGAIN_AT_MOST = timedelta(hours=1)  # how often a whole walk that settled nothing is repeated without being asked
OWED = {
    Owed.REST: "Stopped so that others get their turn, and goes on from here.",
    Owed.GONE: "Everything was read, but not in one go, so what is gone is looked for by the next whole walk.",
}
chance = SystemRandom().random


def run_state(
    state_id: int,
    *,
    clock: Clock = timezone.now,
    transport: httpx.BaseTransport | None = None,
    on_page: OnPage | None = None,
    full: bool = False,
    by_hand: bool = False,
    budget: timedelta | None = None,
    raises: bool = True,
) -> SyncRun | None:
    """One attempt. None: there was nothing to claim (not due, held by another worker, connection not at work).

    ``full``: walk everything. ``by_hand``: whether it is due or not. ``budget``: give the turn back after so long.
    Errors of the provider end up on the run; any other is recorded, logged by its class, and raised if it ``raises``.
    """
    started = clock()
    with transaction.atomic():
        mine = claim(state_id, now=started, whatever_the_hour=by_hand)
        if mine is None:
            return None
        run, begun = _begin(mine, now=started, full=full, by_hand=by_hand)
    attempt = Walk(mine=mine, run=run, clock=clock, on_page=on_page, budget=budget, begun=begun)
    with binding(run_id=run.pk, connection_id=run.connection_id, organisation_id=run.organisation_id):
        mistake = _carry_out(attempt, transport)
    if mistake is not None and raises:
        raise mistake from None
    return run


def _carry_out(attempt: Walk, transport: httpx.BaseTransport | None) -> Exception | None:
    """Pull, and record how it ended, whatever happens. Returns a mistake of ours, fit for a log."""
    run = attempt.run
    try:
        _finish(attempt, _pull(attempt, transport))
    except LeaseLost:
        _leave(attempt)
        close_abandoned(run.connection_id, run.resource, now=attempt.clock(), run_id=run.pk)
        run.refresh_from_db()
    except Exception as error:
        fault = faults.read(error)
        with lets_go(attempt.mine, attempt.clock, run_id=run.pk):
            insist(lambda: _fail(attempt, fault))
        if run.error_kind == faults.INTERNAL:
            log.error("run %s: %s", run.pk, type(error).__name__)
            return scrubbed(error)
    except BaseException:
        insist(lambda: _abandon(attempt))
        raise
    return None


def _begin(mine: Claim, *, now: datetime, full: bool, by_hand: bool) -> tuple[SyncRun, datetime | None]:
    """The run; and when the whole walk began that it goes on with, if all that was named since is known."""
    state = mine.state
    close_abandoned(state.connection_id, state.resource, now=now)
    by_hand = by_hand or state.asked_by_hand
    stopped = _stopped(mine)
    begun = handed_over.begun(state, now=now) if stopped else None
    full = state.resource != REPLAY and (full or begun is not None or _full_due(mine, now, by_hand=by_hand))
    if full:
        renew(mine, now=now, full_due=True)  # until a whole walk has ended, whoever ends it
    run = SyncRun.objects.create(
        organisation_id=state.connection.organisation_id,
        connection_id=state.connection_id,
        resource=state.resource,
        full=full,
        resumed=begun is not None or (stopped is not None and _goes_on(state, stopped, full=full)),
        by_hand=by_hand,
        started_at=now,
        progressed_at=now,
    )
    return run, begun


def _full_due(mine: Claim, now: datetime, *, by_hand: bool) -> bool:
    state = mine.state
    try:
        every_hours = resource_of(state.connection, state.resource).full_every_hours
    except LookupError:
        return False
    if not full_walk_due(asked=state.full_due, every_hours=every_hours, last_full_at=state.last_full_at, now=now):
        return False
    return by_hand or every_hours is None or not _settled_nothing(mine, since=now - AGAIN_AT_MOST)


def _settled_nothing(mine: Claim, *, since: datetime) -> bool:
    """Whether a whole walk ended lately without an answer that could be believed: meanwhile, what has changed will do.

    One that was empty is not meant: whether it is so again should be known soon.
    """
    ended = _runs_of(mine).filter(full=True, finished_at__gt=since)
    doubted = Q(outcome=Outcome.IMPLAUSIBLE, seen__gt=0) | Q(owes=Owed.GONE)
    return ended.filter(doubted).exists()


def _runs_of(mine: Claim) -> QuerySet[SyncRun]:
    return SyncRun.objects.filter(connection_id=mine.state.connection_id, resource=mine.state.resource)


def _stopped(mine: Claim) -> SyncRun | None:
    """The last attempt, if it did not come to its end."""
    last = _runs_of(mine).first()
    ended = last is None or (last.owes != Owed.REST and last.outcome not in (Outcome.ABANDONED, Outcome.FAILED))
    return None if ended else last


def _goes_on(state: SyncState, stopped: SyncRun, *, full: bool) -> bool:
    """Whether after an attempt that stopped on its way another will hardly see the listing from its start."""
    return bool(state.cursor and stopped.pages) and (stopped.full or not full)


def _pull(attempt: Walk, transport: httpx.BaseTransport | None) -> Ending:
    state = attempt.state
    with gateway.open_provider(state.connection, transport=transport) as provider:
        attempt.provider = provider
        if state.resource != REPLAY:
            return attempt.go(provider, resource_of(state.connection, state.resource))
        replay(
            connection=state.connection,
            provider=provider,
            now=attempt.clock,
            run_id=attempt.run.pk,
            progress=attempt.counted,
        )
    return Ending.DONE


def _finish(attempt: Walk, ending: Ending) -> None:
    """The walk came back without an error."""
    now, run = attempt.clock(), attempt.run
    run.owes = _owes(attempt, ending)
    run.outcome, run.error_sentence = _outcome(attempt, ending)
    # A whole walk that was short twice will be no longer the next time; what is missing stands in the coverage.
    hopeless = attempt.whole and not run.resumed and _was_short_before(attempt)
    again = Ending.DONE if ending is Ending.SHORT and hopeless else ending
    _settle(attempt, _due(attempt, again, now=now), now=now, held_reason="", **_bookkeeping(attempt, again, now=now))
    if attempt.state.held_reason:
        have_denied_due(run.connection, now=now)
    if run.new or run.changed:
        have_followers_due(run.connection, now=now)


def _was_short_before(attempt: Walk) -> bool:
    """Whether the last walk saw too little as well: then it is hardly for what changed meanwhile."""
    last = _runs_of(attempt.mine).exclude(pk=attempt.run.pk).first()
    return last is not None and last.outcome == Outcome.SHORT and not last.owes


def _owes(attempt: Walk, ending: Ending) -> Owed | Literal[""]:
    if ending is Ending.CONTINUES:
        return Owed.REST
    return Owed.GONE if ending is Ending.DONE and attempt.owes_the_gone else ""


def _outcome(attempt: Walk, ending: Ending) -> tuple[Outcome, str]:
    """With the sentence for the organiser."""
    if attempt.run.owes:
        return Outcome.SHORT, OWED[Owed(attempt.run.owes)]
    if attempt.verdict.implausible:
        return Outcome.IMPLAUSIBLE, attempt.verdict.implausible
    return (Outcome.SUCCEEDED, "") if ending is Ending.DONE else (Outcome.SHORT, _shortfall(attempt.run))


def _shortfall(run: SyncRun) -> str:
    """Why a walk is not taken for whole. As many may have come as were promised, and others than were there."""
    missing = (run.promised or 0) - run.seen
    if missing > 0 and not run.resumed:
        return f"{missing:,} of {run.promised:,} promised did not come. All of it is read again."
    return "Some may be missing: it changed while it was read, or a part came empty. All of it is read again."


def _bookkeeping(attempt: Walk, ending: Ending, *, now: datetime) -> dict[str, Any]:
    """What a state remembers of a walk: when all was well, when all was seen, how much there is."""
    if ending is Ending.CONTINUES or attempt.state.resource == REPLAY:
        return {}
    if ending is Ending.SHORT:
        return {"full_due": True}
    columns = {"last_success_at": now, "held": _count_held(attempt), "empty_once": attempt.verdict.came_empty}
    if attempt.run.owes == Owed.GONE:
        return columns | {"full_due": True}
    if attempt.whole:
        columns |= {"promised": attempt.run.promised, "full_due": bool(attempt.verdict.implausible)}
    if attempt.whole and not attempt.verdict.implausible:
        columns |= {"last_full_at": now}
    return columns


def _count_held(attempt: Walk) -> int:
    """Counting reads every row: after a walk over what has changed, the figure follows from what is new and gone."""
    state, run = attempt.state, attempt.run
    if attempt.verdict.held is not None:
        run.held = attempt.verdict.held
    elif attempt.whole or run.resumed or not attempt.adds_up:
        run.held = held(connection=state.connection, kind=resource_of(state.connection, state.resource).kind)
    else:
        run.held = state.held + run.new - run.gone
    return run.held


def _fail(attempt: Walk, fault: faults.Fault) -> None:
    now, run = attempt.clock(), attempt.run
    run.outcome = Outcome.FAILED
    run.error_kind, run.error_sentence = fault.kind, fault.sentence
    run.error_detail, run.request_id = fault.detail, fault.request_id
    if fault.ending is Ending.PARKED:
        park(attempt.state.connection, reason=fault.sentence, now=now)
    held_reason = fault.sentence if fault.ending is Ending.HELD else ""
    # One record that fails each time is no outage: the others are read no more seldom than if it did not.
    ending = Ending.SHORT if fault.ending is Ending.FAILED and run.seen else fault.ending
    due = _due(attempt, ending, now=now, retry_after=fault.retry_after)
    if fault.ending is Ending.LIMITED:
        keep_quiet(attempt.state.connection, until=due.at)
    try:
        _settle(attempt, due, now=now, held_reason=held_reason)
    except LeaseLost:
        _leave(attempt)


def _leave(attempt: Walk) -> None:
    """To whoever has taken over; what was spent stays on the run that spent it."""
    log.warning("run %s: another worker has taken over", attempt.run.pk)
    attempt.note_cost()
    attempt.run.save(update_fields=["requests", "bytes"])


def _abandon(attempt: Walk) -> None:
    """The process is told to stop: what is stored stays, and the next worker goes on at once."""
    now, run = attempt.clock(), attempt.run
    run.outcome, run.error_sentence = Outcome.ABANDONED, GONE_AWAY
    try:
        _settle(attempt, Due(at=now, failures=attempt.state.failures), now=now)
    except LeaseLost:
        _leave(attempt)


def _due(attempt: Walk, ending: Ending, *, now: datetime, retry_after: float | None = None) -> Due:
    state = attempt.state
    wait = wait_for(state.connection, cadence_of(state.connection, state.resource), now=now)
    return next_due(ending, now=now, interval=wait, failures=state.failures, jitter=chance(), retry_after=retry_after)


def _settle(attempt: Walk, due: Due, *, now: datetime, **columns: Any) -> None:
    """The run and the state, together or not at all."""
    run = attempt.run
    run.finished_at = run.progressed_at = now
    attempt.note_cost()
    over = attempt.state.resource == REPLAY and run.outcome == Outcome.SUCCEEDED
    with transaction.atomic():
        settle(attempt.mine, due_at=None if over else due.at, failures=due.failures, **columns)
        run.save()
