"""Everything goes wrong at once, for a while; then it is calm, and nothing is lost, doubled or invented.

``make torture`` for as long as one likes: TORTURE_SEED repeats what befalls, TORTURE_ROUNDS and TORTURE_SECONDS say
for how long.
"""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random

import pytest
from django.db.models import Max
from django.utils import timezone

from organiser_portal.connections.models import Connection, OutboundChange, SyncState
from organiser_portal.events.models import EventListing
from organiser_portal.participants.models import Entry
from organiser_portal.sync.listings import resource_of
from organiser_portal.sync.models import SyncRun
from organiser_portal.sync.outbox import UNDER_WAY
from tests.torture import rules, truth
from tests.torture.processes import Installation
from tests.torture.town import PACE, Town
from tests.torture.trouble import Trouble

ROUNDS = int(os.environ.get("TORTURE_ROUNDS", "1"))
SECONDS = float(os.environ.get("TORTURE_SECONDS", "6"))
PATIENCE = 240.0  # seconds until it must be calm

pytestmark = [pytest.mark.torture, pytest.mark.django_db(transaction=True)]


def test_nothing_is_lost_doubled_or_invented(installation: Installation, town: Town, chance: Random) -> None:
    installation.begin()
    trouble = Trouble(town, installation, chance)
    for number in range(1, ROUNDS + 1):
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            trouble.strike()
            time.sleep(chance.uniform(0.02, 0.4))
        took = settle_down(town)
        assert list(against_the_rules(town, trouble)) == []  # before we call ourselves, at no pace at all
        assert list(amiss(town)) == [], f"round {number}: {trouble.struck}"
        print(
            f"round {number}: {sum(trouble.struck.values())} blows {dict(trouble.struck)}, calm after {took:.1f} s; "
            f"{SyncRun.objects.count()} runs, {Entry.objects.count()} entries, "
            f"{OutboundChange.objects.count()} changes"
        )
        town.sandbox.log.clear()


def settle_down(town: Town) -> float:
    """No more trouble: everything is walked whole once more and everything sent. Seconds until then."""
    town.sandbox.faults.clear()
    began, started = timezone.now(), time.monotonic()
    while any(unsettled(began)):
        assert time.monotonic() - started < PATIENCE, "\n".join([*unsettled(began), *recent()])
        # Who asks again for what is being walked has it walked for ever, before all others.
        late = [state.pk for state in SyncState.objects.filter(lease="") if not is_whole(state, began)]
        if not SyncState.objects.exclude(lease="").exists():
            SyncState.objects.filter(pk__in=late).update(full_due=True)
        town.time_passes(only=late)
        time.sleep(0.5)
    return time.monotonic() - started


def unsettled(began: datetime) -> Iterator[str]:
    for state in SyncState.objects.select_related("connection"):
        if not is_whole(state, began):
            last = SyncRun.objects.filter(connection=state.connection, resource=state.resource).first()
            said = f"{last.outcome} {last.error_kind} {last.error_detail} {last.error_sentence}" if last else "no run"
            yield f"{state.connection.provider} {state.resource}: lease {state.lease or 'none'}, {said}"
    for change in OutboundChange.objects.filter(state__in=UNDER_WAY)[:3]:
        yield f"change {change.pk} {change.state}: {change.message}"


def recent() -> Iterator[str]:
    """The last runs, for whoever has to find out."""
    for run in SyncRun.objects.select_related("connection")[:25]:
        took = ((run.finished_at or timezone.now()) - run.started_at).total_seconds()
        asked = f"full={run.full} resumed={run.resumed}"
        said = f"{run.outcome} {asked} {run.pages} pages {run.requests} calls {run.error_kind} {run.error_detail}"
        yield f"run {run.pk} {run.connection.provider} {run.resource}: {took:.1f} s, {said}"


def is_whole(state: SyncState, began: datetime) -> bool:
    """Walked from its beginning to its end since then, since the last change arrived, which a race counts, and since
    the last event was heard of where it is asked for event by event; and nobody is at it.
    """
    since = max(began, last_arrived(state))
    if resource_of(state.connection, state.resource).of_each:
        since = max(since, last_heard_of(state))
    runs = SyncRun.objects.filter(connection=state.connection_id, resource=state.resource, started_at__gt=since)
    return not state.lease and runs.filter(outcome="succeeded", full=True, resumed=False).exists()


def last_arrived(state: SyncState) -> datetime:
    """When the last change of its connection was settled."""
    settled = OutboundChange.objects.filter(connection=state.connection_id).aggregate(Max("settled_at"))
    return settled["settled_at__max"] or datetime.min.replace(tzinfo=UTC)


def last_heard_of(state: SyncState) -> datetime:
    """When the newest event of its connection was first told of."""
    events = EventListing.objects.filter(connection=state.connection_id).order_by("-first_seen")
    return next(iter(events.values_list("first_seen", flat=True)[:1]), datetime.min.replace(tzinfo=UTC))


def amiss(town: Town) -> Iterator[str]:
    for connection in Connection.objects.all():
        yield from (f"{connection.provider}: {each}" for each in truth.differences(connection, town.sandbox))
    if "letsdothis" in town.keys:
        yield from truth.participants_amiss(town.connections["letsdothis"], town.sandbox)
    yield from truth.promises_broken(town.eventrac, town.sandbox)
    yield from truth.unrecorded()


def against_the_rules(town: Town, trouble: Trouble) -> Iterator[str]:
    yield from too_fast(town)
    for key in town.keys:
        yield from rules.broken(town.sandbox, key, excused=trouble.kills)


def too_fast(town: Town) -> Iterator[str]:
    """The pace of a key, over all workers, in every second of the log."""
    for key in town.keys:
        at = sorted(call.at.timestamp() for call in town.sandbox.calls(key))
        for first, last in zip(at, at[PACE + 2 :], strict=False):
            if last - first < 1.0:
                yield f"{key}: more than {PACE} calls within a second"
                break
