"""Live progress of a connection's walks."""

from datetime import timedelta

import pytest
from django.utils import timezone

from organiser_portal.connections.models import SyncState
from organiser_portal.sync.models import Outcome, SyncRun
from organiser_portal.sync.progress import speed
from tests.conftest import NOW


def url(connection) -> str:
    return f"/o/fellgate/sync/connections/{connection.pk}/progress/"


def run_of(state: SyncState, **values) -> SyncRun:
    values = {"started_at": NOW, "progressed_at": NOW, **values}
    return SyncRun.objects.create(
        organisation=state.connection.organisation, connection=state.connection, resource=state.resource, **values
    )


@pytest.mark.parametrize(
    ("seen", "promised", "seconds", "expected"),
    [
        (1500, 3726, 7, "214 a second, about 10 s left"),
        (1500, None, 7, "214 a second"),
        (1500, 1500, 7, "214 a second"),
        (3, None, 60, "3 a minute"),
        (0, 10, 7, ""),
        (5, 10, 0, ""),
    ],
)
def test_the_rate_and_the_time_left(entries, seen, promised, seconds, expected) -> None:
    run = run_of(entries, seen=seen, promised=promised, progressed_at=NOW + timedelta(seconds=seconds))
    assert speed(run) == expected


def test_a_running_walk_is_shown_page_by_page(sign_in, viewer, connection, entries) -> None:
    SyncState.objects.filter(pk=entries.pk).update(lease="x", leased_until=timezone.now() + timedelta(minutes=5))
    run_of(entries, seen=1500, promised=3726, pages=4, new=3, changed=12, same=1485)
    body = sign_in(viewer).get(url(connection), headers={"HX-Request": "true"}).content.decode()
    assert "1,500 of 3,726, page 4" in body
    assert 'value="1500"' in body
    assert "1,485 the same" in body
    assert "every 2s" in body
    assert "<html" not in body


def test_a_walk_that_goes_on_with_another_is_as_far_as_both(sign_in, viewer, connection, entries) -> None:
    SyncState.objects.filter(pk=entries.pk).update(lease="x", leased_until=timezone.now() + timedelta(minutes=5))
    run_of(entries, seen=500, named_before=1000, promised=3726, pages=2)
    body = sign_in(viewer).get(url(connection), headers={"HX-Request": "true"}).content.decode()
    assert "1,500 of 3,726, page 2" in body
    assert 'value="1500"' in body


def test_polling_ends_when_nothing_runs(sign_in, viewer, connection, entries) -> None:
    run_of(entries, outcome=Outcome.SUCCEEDED, finished_at=NOW, seen=3)
    body = sign_in(viewer).get(url(connection), headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in body.split("<form", 1)[0]
    assert "data-announce" in body


def test_what_was_asked_for_long_ago_is_not_waited_for(sign_in, viewer, connection, entries) -> None:
    SyncState.objects.filter(pk=entries.pk).update(asked_by_hand=True, due_at=timezone.now() - timedelta(minutes=11))
    body = sign_in(viewer).get(url(connection), headers={"HX-Request": "true"}).content.decode()
    assert "every 2s" not in body


def test_a_failure_says_why_and_when_it_is_tried_again(sign_in, viewer, connection, entries) -> None:
    run_of(entries, outcome=Outcome.FAILED, error_sentence="Programmed is not working at the moment.")
    body = sign_in(viewer).get(url(connection)).content.decode()
    assert "Programmed is not working at the moment." in body
    assert "Next try" in body


def test_a_viewer_is_not_offered_the_button(sign_in, viewer, editor, connection) -> None:
    assert "/now/" not in sign_in(viewer).get(url(connection)).content.decode()
    assert "/now/" in sign_in(editor).get(url(connection)).content.decode()


def test_a_stranger_gets_404(sign_in, stranger, connection) -> None:
    assert sign_in(stranger).get(url(connection)).status_code == 404
    assert sign_in(stranger).get(f"/o/elsewhere/sync/connections/{connection.pk}/progress/").status_code == 404
