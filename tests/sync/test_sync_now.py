"""Somebody presses "Sync now"."""

from datetime import timedelta

from django.utils import timezone

from organiser_portal.connections.models import Connection, Standing, SyncState


def url(connection: Connection) -> str:
    return f"/o/fellgate/sync/connections/{connection.pk}/now/"


def test_everything_falls_due_at_once_and_a_worker_is_told(
    sign_in, editor, connection, handed_out, django_capture_on_commit_callbacks
) -> None:
    SyncState.objects.update(due_at=timezone.now() + timedelta(hours=3))
    with django_capture_on_commit_callbacks(execute=True):
        answer = sign_in(editor).post(url(connection))
    assert answer.status_code == 303
    assert answer["Location"] == f"/o/fellgate/sync/connections/{connection.pk}/progress/"
    states = SyncState.objects.filter(connection=connection)
    assert all(state.asked_by_hand and state.due_at <= timezone.now() for state in states)
    assert handed_out == [{"state_id": states.earliest("pk").pk, "connection_id": connection.pk}]


def test_one_listing_can_be_asked_for(sign_in, editor, connection, entries, races) -> None:
    SyncState.objects.update(due_at=timezone.now() + timedelta(hours=3))
    sign_in(editor).post(url(connection), {"resource": "entries"})
    entries.refresh_from_db()
    races.refresh_from_db()
    assert (entries.asked_by_hand, races.asked_by_hand) == (True, False)


def test_what_is_being_walked_is_not_walked_again(sign_in, editor, connection, entries) -> None:
    SyncState.objects.filter(pk=entries.pk).update(lease="x", leased_until=timezone.now() + timedelta(minutes=5))
    sign_in(editor).post(url(connection))
    entries.refresh_from_db()
    assert not entries.asked_by_hand


def test_htmx_gets_the_live_progress(sign_in, editor, connection) -> None:
    answer = sign_in(editor).post(url(connection), headers={"HX-Request": "true"})
    body = answer.content.decode()
    assert answer.status_code == 200
    assert f'id="sync-progress-{connection.pk}"' in body
    assert "every 2s" in body
    assert answer["HX-Trigger"] == "sync-changed", "the chips look again at once"
    assert "Waits its turn" in body


def test_a_connection_that_is_not_at_work_says_why(sign_in, editor, connection) -> None:
    Connection.objects.update(standing=Standing.NEEDS_ATTENTION, standing_reason="The key is wrong.")
    answer = sign_in(editor).post(url(connection), headers={"HX-Request": "true"})
    assert "nothing can be fetched. The key is wrong." in answer.content.decode()
    assert not SyncState.objects.filter(asked_by_hand=True).exists()


def test_a_viewer_may_not_ask(sign_in, viewer, connection) -> None:
    assert sign_in(viewer).post(url(connection)).status_code == 403


def test_a_stranger_gets_404(sign_in, stranger, connection) -> None:
    assert sign_in(stranger).post(url(connection)).status_code == 404
    assert sign_in(stranger).post(f"/o/elsewhere/sync/connections/{connection.pk}/now/").status_code == 404


def test_it_takes_a_post(sign_in, editor, connection) -> None:
    assert sign_in(editor).get(url(connection)).status_code == 405
