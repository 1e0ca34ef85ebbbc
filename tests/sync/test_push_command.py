"""``manage.py push``."""

import pytest
import time_machine
from django.db import IntegrityError

from organiser_portal.connections.models import Connection
from organiser_portal.sync.engine import run_state
from tests.conftest import NOW
from tests.sync.test_push import added, listing
from tests.sync.test_sync_command import call
from tests.sync.world import Programmed, Script

pytestmark = pytest.mark.portable

__all__ = ["listing"]


@pytest.fixture(autouse=True)
def at_nine():
    with time_machine.travel(NOW, tick=False):
        yield


def test_what_waits_is_sent(eventrac, listing) -> None:
    added(listing)
    answer, worked = call("push")
    assert worked
    assert (answer["ends"], answer["left"]) == ({"confirmed": 1}, 0)


def test_a_provider_that_asked_us_to_wait_is_not_called(eventrac, listing, sandbox) -> None:
    added(listing)
    sandbox.faults.add("eventrac:status=429,retry_after=97,times=1")
    run_state(eventrac.sync_states.get(resource="races").pk, by_hand=True)
    before = len(sandbox.calls("eventrac"))
    answer, worked = call("push")
    assert not worked
    assert answer["left"] == 1
    assert "asks us not to call before" in answer["connections"][0]["error"]
    assert len(sandbox.calls("eventrac")) == before


@pytest.mark.postgresql
def test_a_mistake_of_ours_is_a_sentence_and_the_next_connection_is_sent_for(
    eventrac: Connection, listing, script: Script, caplog: pytest.LogCaptureFixture
) -> None:
    added(listing)
    script.pushes = [IntegrityError("DETAIL: Key (email)=(ada@example.org) exists.")]
    Connection.objects.filter(pk=eventrac.pk).update(provider=Programmed.key, base_url="")
    answer, worked = call("push")
    assert not worked
    assert "on our side" in answer["connections"][0]["error"]
    assert "IntegrityError" in caplog.text
    assert "ada@" not in caplog.text + str(answer)
