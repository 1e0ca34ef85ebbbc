"""Somebody stops what is being fetched: what is stored stays, nothing more is written, the next goes on from there."""

from datetime import timedelta

from django.utils import timezone

from organiser_portal.connections.models import SyncState
from organiser_portal.participants.models import Entry
from organiser_portal.sync.engine import run_state
from organiser_portal.sync.models import Outcome, SyncRun
from organiser_portal.sync.stopping import stop_sync
from tests.sync.world import last_page, page, received


def url(connection) -> str:
    return f"/o/fellgate/sync/connections/{connection.pk}/stop/"


def test_a_walk_under_way_writes_nothing_more_and_is_told_as_stopped(
    connection, entries, script, clock, editor
) -> None:
    script.acts = [page([received(1)], cursor="2"), last_page([received(2)])]
    run_state(entries.pk, clock=clock, on_page=lambda *_: stop_sync(connection, by=editor, now=clock()))
    run = SyncRun.objects.get()
    entries.refresh_from_db()
    assert run.outcome == Outcome.ABANDONED
    assert run.error_sentence.startswith(f"Stopped by {editor}")
    assert (entries.lease, entries.asked_by_hand) == ("", False)
    assert entries.due_at > clock()
    assert not Entry.objects.filter(external_id="2").exists()


def test_what_waits_its_turn_is_taken_off_the_list(sign_in, editor, connection, entries) -> None:
    SyncState.objects.update(asked_by_hand=True, due_at=timezone.now())
    page = sign_in(editor).post(url(connection), headers={"HX-Request": "true"}).text
    entries.refresh_from_db()
    assert not entries.asked_by_hand
    assert entries.due_at > timezone.now() + timedelta(seconds=30)
    assert "Waits its turn" not in page


def test_it_is_offered_while_something_is_on_and_only_then(sign_in, editor, viewer, connection, entries) -> None:
    progress = f"/o/fellgate/sync/connections/{connection.pk}/progress/"
    assert url(connection) not in sign_in(editor).get(progress).text
    SyncState.objects.update(asked_by_hand=True, due_at=timezone.now())
    assert url(connection) in sign_in(editor).get(progress).text
    assert url(connection) not in sign_in(viewer).get(progress).text
