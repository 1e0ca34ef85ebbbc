"""What a Celery worker is given."""

import pytest
import time_machine

from organiser_portal.connections.models import SyncState
from organiser_portal.sync import tasks
from organiser_portal.sync.models import SyncRun
from tests.conftest import NOW
from tests.sync.world import Script, last_page


@pytest.fixture(autouse=True)
def at_nine():
    with time_machine.travel(NOW, tick=False):
        yield


def test_once_a_minute_what_is_due_is_handed_out(connection, races, handed_out) -> None:
    tasks.dispatch_due()
    assert handed_out == [{"state_id": races.pk, "connection_id": connection.pk}]


def test_a_second_beat_does_no_harm(connection, races, script: Script, handed_out) -> None:
    tasks.dispatch_due()
    tasks.dispatch_due()
    script.acts = [last_page([]), last_page([])]
    for job in list(handed_out):
        tasks.pull_state(**job)
    assert SyncRun.objects.filter(resource="races").count() == 1


def test_the_next_listing_of_the_connection_follows_at_once(
    connection,
    races,
    entries,
    script: Script,
    handed_out,
) -> None:
    script.acts = [last_page([])]
    tasks.pull_state(state_id=races.pk, connection_id=connection.pk)
    assert handed_out == [{"state_id": entries.pk, "connection_id": connection.pk}]


def test_a_task_of_another_version_may_say_more(connection, races, script: Script) -> None:
    script.acts = [last_page([])]
    tasks.pull_state(state_id=races.pk, connection_id=connection.pk, colour="blue")
    tasks.push_connection(connection_id=connection.pk, colour="blue")
    assert SyncRun.objects.get(resource="races").outcome == "succeeded"


def test_a_state_that_is_gone_is_nothing_to_do(connection) -> None:
    SyncState.objects.all().delete()
    tasks.pull_state(state_id=404, connection_id=connection.pk)
    assert not SyncRun.objects.exists()
