"""What a run that stopped on its way owes the next one is kept as such; the sentence beside it is for people alone."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection as database

from organiser_portal.connections.models import Connection, SyncState
from organiser_portal.sync.engine import run_state
from organiser_portal.sync.models import Outcome, SyncRun
from tests.conftest import NOW
from tests.sync.world import Clock, Script, last_page, page, received

IN_OTHER_WORDS = "Ended before its end."
REST = "Stopped so that others get their turn, and goes on from here."
GONE = "Everything was read, but not in one go, so what is gone is looked for by the next whole walk."
MISSING = "3 of 3 promised did not come. All of it is read again."


@pytest.fixture
def stopped(entries: SyncState, script: Script, clock: Clock) -> SyncRun:
    """Its time was up after one page."""

    def slow() -> object:
        clock.now += timedelta(minutes=10)
        return page([received(1)], cursor="one")

    script.acts = [slow]  # type: ignore[list-item]
    return run(entries, clock, budget=timedelta(minutes=5))


def run(state: SyncState, clock: Clock, **options: object) -> SyncRun:
    done = run_state(state.pk, clock=clock, by_hand=True, **options)  # type: ignore[arg-type]
    assert done is not None
    state.refresh_from_db()
    return done


def reword(done: SyncRun) -> None:
    SyncRun.objects.filter(pk=done.pk).update(error_sentence=IN_OTHER_WORDS)


def test_a_walk_that_owes_the_rest_is_gone_on_with(entries, script, clock, stopped) -> None:
    assert stopped.error_sentence == REST
    reword(stopped)
    script.acts = [last_page([received(2)], complete=False)]
    assert run(entries, clock).resumed


def test_a_walk_that_stopped_does_not_count_as_one_that_came_short(entries, script, clock, stopped) -> None:
    script.acts = [last_page([received(2)], complete=False)]
    rested = run(entries, clock)
    assert rested.error_sentence == GONE
    reword(rested)
    script.acts = [last_page([received(1)], complete=False, short=True, promised=3)]
    assert run(entries, clock).error_sentence == "2 of 3 promised did not come. All of it is read again."
    assert entries.full_due, "it came short for the first time"


def test_a_walk_that_owes_what_is_gone_is_not_repeated_at_every_turn(entries, script, clock, stopped) -> None:
    script.acts = [last_page([received(2)], complete=False)]
    reword(run(entries, clock))
    clock.now += timedelta(minutes=30)
    SyncState.objects.filter(pk=entries.pk).update(due_at=clock.now)
    script.acts = [last_page([], complete=False)]
    done = run_state(entries.pk, clock=clock)
    assert done
    assert not done.full


def test_where_no_walk_can_tell_what_is_gone_none_is_owed_for_it(entries, script, clock) -> None:
    script.acts = [last_page([received(1)], complete=None)]
    done = run(entries, clock)
    assert (done.full, done.outcome, done.owes, done.error_sentence) == (True, Outcome.SUCCEEDED, "", "")
    assert not entries.full_due
    assert entries.last_full_at == clock.now
    script.acts = [last_page([received(2)], complete=None)]
    again = run(entries, clock)
    assert (again.full, again.gone) == (False, 0)


@pytest.mark.parametrize(
    ("outcome", "sentence", "owed"),
    [
        (Outcome.SHORT, REST, "rest"),
        (Outcome.SHORT, GONE, "gone"),
        (Outcome.SHORT, MISSING, ""),
        (Outcome.SUCCEEDED, "", ""),
    ],
)
def test_of_runs_of_before_it_is_read_off_the_sentence(connection: Connection, outcome, sentence, owed) -> None:
    before = SyncRun.objects.create(
        organisation=connection.organisation,
        connection=connection,
        resource="entries",
        outcome=outcome,
        error_sentence=sentence,
        started_at=NOW,
        progressed_at=NOW,
    )
    migration = import_module("organiser_portal.sync.migrations.0004_what_a_run_owes")
    migration.read_off_the_sentence(apps, database.schema_editor())
    before.refresh_from_db()
    assert before.owes == owed
