"""Live progress of a connection's walks."""

from datetime import timedelta

import pytest
from django.utils import timezone

from organiser_portal.connections.models import SyncState
from organiser_portal.sync.models import Outcome, SyncRun
from organiser_portal.sync.progress import speed
from tests.conftest import NOW

pytestmark = pytest.mark.portable


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
    answer = sign_in(viewer).get(f"{url(connection)}?watched=1", headers={"HX-Request": "true"})
    assert "every" not in answer.text.split("<form", 1)[0]
    assert "data-announce" in answer.text
    assert answer["HX-Trigger"] == "sync-changed"


def test_opening_a_page_tells_of_no_end(sign_in, viewer, connection, entries) -> None:
    run_of(entries, outcome=Outcome.SUCCEEDED, finished_at=NOW, seen=3)
    answer = sign_in(viewer).get(url(connection), headers={"HX-Request": "true"})
    assert "data-announce" not in answer.text
    assert "HX-Trigger" not in answer


def test_what_was_asked_for_long_ago_is_not_waited_for(sign_in, viewer, connection, entries) -> None:
    SyncState.objects.filter(pk=entries.pk).update(asked_by_hand=True, due_at=timezone.now() - timedelta(minutes=11))
    body = sign_in(viewer).get(url(connection), headers={"HX-Request": "true"}).content.decode()
    assert "every 2s" not in body


def test_what_failed_waits_its_turn_once_a_test_is_passed(sign_in, viewer, connection, entries) -> None:
    """The page of the connection looks until it has been read; the failure of before says nothing any more."""
    SyncState.objects.filter(pk=entries.pk).update(due_at=timezone.now(), failures=0, held_reason="")
    run_of(entries, outcome=Outcome.FAILED, error_sentence="Programmed does not accept the key.")
    body = sign_in(viewer).get(url(connection), headers={"HX-Request": "true"}).text
    assert "Waits its turn" in body
    assert "does not accept the key" not in body
    assert "every 2s" in body


def test_what_fails_and_is_due_still_says_why(sign_in, viewer, connection, entries) -> None:
    SyncState.objects.filter(pk=entries.pk).update(due_at=timezone.now(), failures=1)
    run_of(entries, outcome=Outcome.FAILED, error_sentence="Programmed is not working at the moment.")
    body = sign_in(viewer).get(url(connection), headers={"HX-Request": "true"}).text
    assert "is not working at the moment" in body
    assert "Waits its turn" not in body


def test_a_failure_says_why_and_when_it_is_tried_again(sign_in, viewer, connection, entries) -> None:
    run_of(entries, outcome=Outcome.FAILED, error_sentence="Programmed is not working at the moment.")
    body = sign_in(viewer).get(url(connection)).content.decode()
    assert "Programmed is not working at the moment." in body
    assert "Next try" in body


def test_what_was_not_believed_says_since_when_it_stands_and_leads_to_where_one_decides(
    sign_in, viewer, connection, entries
) -> None:
    """What came was taken in, so the listing counts as read; and yet nobody knows whether the rest is still there."""
    now = timezone.now()
    run = run_of(entries, outcome=Outcome.IMPLAUSIBLE, error_sentence="The list came empty, but we hold 6.")
    SyncState.objects.filter(pk=entries.pk).update(last_success_at=now, last_full_at=now - timedelta(hours=3))
    page = sign_in(viewer).get(url(connection)).text
    assert "last believed 3 h ago" in page
    assert "up to date just now" not in page
    assert f'/o/fellgate/sync/runs/{run.pk}/"' in page.split("The list came empty")[1].split("</p>")[0]


def test_a_viewer_is_not_offered_the_button(sign_in, viewer, editor, connection) -> None:
    assert "/now/" not in sign_in(viewer).get(url(connection)).content.decode()
    assert "/now/" in sign_in(editor).get(url(connection)).content.decode()


def test_a_stranger_gets_404(sign_in, stranger, connection) -> None:
    assert sign_in(stranger).get(url(connection)).status_code == 404
    assert sign_in(stranger).get(f"/o/elsewhere/sync/connections/{connection.pk}/progress/").status_code == 404
