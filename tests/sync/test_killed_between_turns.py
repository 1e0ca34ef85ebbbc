"""SIGKILL around the hand-over of a whole walk: what was written down is taken up, what was not leaves it owed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.db import connection as database

from organiser_portal.connections.models import SyncState
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants.models import Entry
from organiser_portal.sync.engine import run_state
from organiser_portal.sync.models import HandedOver, Outcome, Owed, SyncRun
from providers.sandbox import Sandbox
from tests.sync.conftest import connected
from tests.torture.processes import ROOT, database_url

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(database.vendor != "postgresql", reason="SQLite's database of a test is in one process"),
]

TURN = """
import os, signal, sys
from datetime import timedelta
import django
django.setup()
from django.utils import timezone
from organiser_portal.sync.engine import run_state
from organiser_portal.sync.models import HandedOver

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def clock():
    if sys.argv[2] == "handed over" and HandedOver.objects.exists():
        die()
    return timezone.now()

def on_page(run):
    if sys.argv[2] == "a page stored":
        die()

run_state(int(sys.argv[1]), clock=clock, on_page=on_page, by_hand=True, full=True, budget=timedelta())
"""


@pytest.fixture
def state(organisation: Organisation) -> Iterator[SyncState]:
    """Entries that a whole walk in one turn has found; the provider answers over real HTTP."""
    sandbox = Sandbox(size="s")
    with sandbox.serve():
        connection = connected(organisation, sandbox, "letsdothis")
        connection.settings |= {"page_size": "100"}
        connection.save()
        state = SyncState.objects.get(connection=connection, resource="entries")
        assert walked(state).outcome == Outcome.SUCCEEDED
        yield state


def walked(state: SyncState) -> SyncRun:
    done = run_state(state.pk, by_hand=True, full=True)
    assert done is not None
    state.refresh_from_db()
    return done


def killed(state: SyncState, when: str) -> None:
    """A turn that ends after its first pages, in a process that dies at this moment."""
    environment = {**os.environ, "SUITE_DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-c", TURN, str(state.pk), when]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=120)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()


def test_one_killed_right_after_it_handed_over_has_lost_nothing(state: SyncState) -> None:
    killed(state, "handed over")
    assert HandedOver.objects.exists()
    done = walked(state)
    assert (done.outcome, done.owes, done.gone) == (Outcome.SUCCEEDED, "", 0)
    assert done.named_before > 0
    assert done.seen + done.named_before == Entry.objects.filter(gone_at=None).count() == done.promised


def test_one_killed_before_it_handed_over_leaves_what_is_gone_owed(state: SyncState) -> None:
    killed(state, "a page stored")
    done = walked(state)
    assert (done.owes, done.gone, done.named_before) == (Owed.GONE, 0, 0)
    done = walked(state)
    assert (done.outcome, done.resumed, done.gone) == (Outcome.SUCCEEDED, False, 0)


def test_one_killed_further_on_has_the_earlier_turns_forgotten(state: SyncState) -> None:
    killed(state, "handed over")
    killed(state, "a page stored")
    done = walked(state)
    assert (done.owes, done.gone) == (Owed.GONE, 0)
    assert walked(state).outcome == Outcome.SUCCEEDED
    assert not HandedOver.objects.exists()
