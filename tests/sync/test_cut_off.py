"""The database is cut off in the middle: the attempt is recorded all the same, and the next one need not wait."""

import pytest
from django.db import InterfaceError, OperationalError, connections
from django.db import connection as database

from organiser_portal.connections.models import Connection, OutboundChange, SyncState
from organiser_portal.sync import push
from organiser_portal.sync.engine import run_state
from organiser_portal.sync.faults import CUT_OFF
from organiser_portal.sync.models import SyncRun
from providers.port import Page
from tests.conftest import NOW
from tests.sync.test_claim_race import queued
from tests.sync.world import Clock, Programmed, Script, last_page, page, received

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("database.vendor != 'postgresql'", reason="SQLite has no line to cut"),
]


def line() -> int:
    """The number of this thread's line to the database."""
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def cut(ours: int) -> None:
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [ours])
    other.close()


def test_a_walk_that_was_cut_off_is_over_and_goes_on_later(entries: SyncState, script: Script, clock: Clock) -> None:
    def second() -> Page:
        return last_page([received(2)])

    script.acts = [page([received(1)], cursor="one"), second]
    run_state(entries.pk, clock=clock, on_page=lambda run: cut(line()) if run.pages == 1 else None, raises=False)
    (run,) = SyncRun.objects.all()
    entries.refresh_from_db()
    assert (run.outcome, run.error_kind, entries.lease) == ("failed", "internal", "")
    assert run.error_sentence == CUT_OFF


def test_a_push_that_was_cut_off_is_looked_up(
    connection: Connection, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for change in queued(connection, 3):
        OutboundChange.objects.filter(pk=change.pk).update(values={"person": {"first_name": "Ada"}})
    send, ours = Programmed.push_many, line()

    def cut_off(provider: Programmed, changes: list) -> list:
        outcomes = send(provider, changes)
        cut(ours)
        return outcomes

    monkeypatch.setattr(Programmed, "push_many", cut_off)
    with pytest.raises((OperationalError, InterfaceError)):
        push.drain(connection.pk, clock=clock)
    assert set(OutboundChange.objects.values_list("state", "lease")) == {("unknown", "")}
    assert OutboundChange.objects.filter(due_at__gt=NOW).count() == 3
