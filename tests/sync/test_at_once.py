"""An edit goes out as soon as it is saved; what was not saved, never. What a passed test frees is read at once."""

import pytest
import time_machine
from celery.signals import before_task_publish
from django.db import transaction

from organiser_portal.connections import services
from organiser_portal.connections.models import Connection, OutboundChange, PushState, Standing
from organiser_portal.connections.signals import change_waits
from organiser_portal.participants.services import EntryValues, edit_entry
from organiser_portal.sync.lanes import Lane
from tests.conftest import NOW
from tests.factories import make_entry, make_listing


@pytest.fixture
def queues(handed_out):
    """The queue of every task that was handed out."""
    used: list[str] = []

    def note(routing_key: str = "", **_: object) -> None:
        used.append(routing_key)

    before_task_publish.connect(note, weak=False)
    yield used
    before_task_publish.disconnect(note)


def test_a_saved_edit_is_handed_out_on_its_own_queue(
    connection, editor, handed_out, queues, django_capture_on_commit_callbacks
) -> None:
    entry = make_entry(make_listing(connection), external_id="7")
    with django_capture_on_commit_callbacks(execute=True):
        edit_entry(entry=entry, values=EntryValues(person={"first_name": "Ada"}), by=editor, now=NOW)
        assert handed_out == []
    assert OutboundChange.objects.get().state == PushState.QUEUED
    assert handed_out == [{"connection_id": connection.pk}]
    assert queues == [Lane.PUSH]


def test_a_thousand_edits_in_one_go_are_one_job(connection, handed_out, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        for _ in range(1_000):
            change_waits.send(sender=OutboundChange, connection_id=connection.pk)
    assert handed_out == [{"connection_id": connection.pk}]


def test_what_is_rolled_back_is_not_handed_out(connection, handed_out, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        change_waits.send(sender=OutboundChange, connection_id=connection.pk)
        transaction.set_rollback(True)
    assert handed_out == []


def test_what_a_passed_test_makes_due_is_read_at_once(
    connection, handed_out, django_capture_on_commit_callbacks
) -> None:
    Connection.objects.update(standing=Standing.NEEDS_ATTENTION)
    connection.refresh_from_db()
    with time_machine.travel(NOW, tick=False), django_capture_on_commit_callbacks(execute=True):
        assert services.test_connection(connection=connection, actor=None, now=NOW).accepted
    assert {each["connection_id"] for each in handed_out if "state_id" in each} == {connection.pk}


def test_a_passed_test_that_changes_nothing_hands_out_nothing(
    connection, handed_out, django_capture_on_commit_callbacks
) -> None:
    with time_machine.travel(NOW, tick=False), django_capture_on_commit_callbacks(execute=True):
        assert services.test_connection(connection=connection, actor=None, now=NOW).accepted
    assert handed_out == []
