"""One worker, no ghosts, and no slow worker over its successor."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from organiser_portal.connections.models import Connection, Standing, SyncState
from organiser_portal.sync import claim as claims
from organiser_portal.sync.claim import LeaseLost, claim, free_abandoned, renew, settle
from organiser_portal.sync.limits import BUDGET, HARD_LIMIT, LEASE, SOFT_LIMIT
from organiser_portal.sync.models import Outcome, SyncRun
from organiser_portal.sync.workers import is_dead, new_token
from tests.conftest import NOW


def running(state: SyncState, **values: object) -> SyncRun:
    values = {"started_at": NOW, "progressed_at": NOW, **values}
    return SyncRun.objects.create(
        organisation=state.connection.organisation, connection=state.connection, resource=state.resource, **values
    )


def test_whoever_comes_second_gets_nothing(entries: SyncState) -> None:
    first = claim(entries.pk, now=NOW)
    assert first is not None
    assert claim(entries.pk, now=NOW) is None
    assert claim(entries.pk, now=NOW, whatever_the_hour=True) is None
    entries.refresh_from_db()
    assert entries.lease == first.token


def test_a_claim_is_one_conditional_update_of_the_row_itself(entries: SyncState) -> None:
    with CaptureQueriesContext(
        database,
    ) as queries:
        claim(entries.pk, now=NOW)
    (update,) = [query["sql"] for query in queries if query["sql"].startswith("UPDATE")]
    where = update.split(" WHERE ", 1)[1]
    assert '"lease" = ' in where
    assert "NOT (EXISTS" in where or "NOT EXISTS" in where
    assert " IN (SELECT " not in where, "a condition inside a subselect is not checked again when two updates meet"


def test_a_sister_listing_of_the_same_key_waits(entries: SyncState, races: SyncState, new_connection) -> None:
    other = SyncState.objects.get(connection=new_connection(label="other"), resource="entries")
    assert claim(entries.pk, now=NOW)
    assert claim(races.pk, now=NOW) is None
    assert claim(other.pk, now=NOW), "another key has a pace of its own"


def test_two_connections_with_one_key_are_walked_one_after_the_other(new_connection, connection) -> None:
    one, other, apart = (new_connection(label=label) for label in ("one", "other", "apart"))
    for each, key in ((one, "k1"), (other, "k1"), (apart, "k2")):
        each.seal({"api_key": key})
        each.save()
    first, second, third = (SyncState.objects.get(connection=each, resource="entries") for each in (one, other, apart))
    mine = claim(first.pk, now=NOW)
    assert mine
    assert claim(second.pk, now=NOW) is None
    assert claim(second.pk, now=NOW, whatever_the_hour=True) is None
    assert claim(third.pk, now=NOW), "another key has a pace of its own"
    settle(mine, due_at=NOW + timedelta(hours=1))
    assert claim(second.pk, now=NOW)


def test_what_is_not_due_is_claimed_only_by_hand(entries: SyncState) -> None:
    SyncState.objects.filter(pk=entries.pk).update(due_at=NOW + timedelta(seconds=1))
    assert claim(entries.pk, now=NOW) is None
    assert claim(entries.pk, now=NOW, whatever_the_hour=True)


@pytest.mark.parametrize("standing", [Standing.UNTESTED, Standing.NEEDS_ATTENTION, Standing.PAUSED])
def test_a_connection_that_is_not_at_work_is_not_claimed(entries: SyncState, standing: Standing) -> None:
    Connection.objects.update(standing=standing)
    assert claim(entries.pk, now=NOW, whatever_the_hour=True) is None


def test_a_lease_expires_by_itself(entries: SyncState) -> None:
    first = claim(entries.pk, now=NOW)
    assert claim(entries.pk, now=NOW + LEASE - timedelta(seconds=1)) is None
    second = claim(entries.pk, now=NOW + LEASE)
    assert first
    assert second
    assert second.token != first.token


def test_every_limit_is_shorter_than_the_next() -> None:
    assert BUDGET.total_seconds() < SOFT_LIMIT < HARD_LIMIT < LEASE.total_seconds()


def test_a_slow_worker_can_neither_renew_nor_settle(entries: SyncState) -> None:
    slow = claim(entries.pk, now=NOW)
    quick = claim(entries.pk, now=NOW + LEASE)
    assert slow
    assert quick
    with pytest.raises(LeaseLost):
        renew(slow, now=NOW + LEASE, cursor="slow")
    with pytest.raises(LeaseLost):
        settle(slow, due_at=NOW, cursor="slow")
    renew(quick, now=NOW + LEASE, cursor="quick")
    entries.refresh_from_db()
    assert entries.cursor == "quick"


def test_a_run_left_behind_is_closed_as_abandoned(entries: SyncState) -> None:
    claim(entries.pk, now=NOW)
    left = running(entries)
    claim(entries.pk, now=NOW + LEASE)
    left.refresh_from_db()
    assert (left.outcome, left.finished_at) == (Outcome.ABANDONED, NOW + LEASE)
    assert left.error_sentence


def test_a_process_that_was_killed_gives_its_lease_back_at_once(entries: SyncState) -> None:
    dead = subprocess.run(
        [sys.executable, "-c", "from organiser_portal.sync.workers import new_token; print(new_token())"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    SyncState.objects.filter(pk=entries.pk).update(lease=dead, leased_until=NOW + LEASE)
    left = running(entries)
    assert free_abandoned(SyncState.objects.all(), now=NOW) == 1
    left.refresh_from_db()
    assert left.outcome == Outcome.ABANDONED
    assert claim(entries.pk, now=NOW)


def test_only_the_dead_of_this_machine_are_known_to_be_dead() -> None:
    assert not is_dead(new_token())
    assert not is_dead("f" * 32), "another machine's"
    assert not is_dead("")
    beyond = f"{new_token()[:8]}{'f' * 8}{'0' * 16}"
    assert isinstance(is_dead(beyond), bool)
    assert os.getpid() == int(new_token()[8:16], 16)


def test_a_living_lease_is_not_taken_back(entries: SyncState) -> None:
    mine = claim(entries.pk, now=NOW)
    assert mine
    assert claims.free_abandoned(SyncState.objects.all(), now=NOW) == 0
    renew(mine, now=NOW)
