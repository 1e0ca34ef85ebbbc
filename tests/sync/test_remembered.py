"""Whole walks that know pages again: they read little, and come to what a walk that reads everything comes to."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from organiser_portal.connections.models import SyncState
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants.models import Entry
from organiser_portal.sync.engine import run_state
from organiser_portal.sync.limits import REPLAY
from organiser_portal.sync.models import Outcome
from tests.conftest import NOW
from tests.kept import kept
from tests.providers.letsdothis.world import Remote, row
from tests.sync.remembering import Place


@pytest.fixture
def remote() -> Remote:
    return Remote(rows=[row(f"p{number}", number) for number in range(10)])


@pytest.fixture
def place(organisation: Organisation, remote: Remote) -> Place:
    place = Place(organisation, remote)
    assert place.walk().new == 10
    return place


def listed(place: Place) -> set[str]:
    return set(Entry.objects.filter(connection=place.connection, gone_at=None).values_list("external_id", flat=True))


def test_what_is_as_it_was_is_not_read_and_nothing_is_written_but_the_run(place: Place) -> None:
    for _ in range(2):
        with CaptureQueriesContext(database) as said:
            done = place.walk()
        assert place.read == []
        assert (done.outcome, done.seen, done.same, done.pages, done.promised) == (Outcome.SUCCEEDED, 10, 10, 4, 10)
        assert (place.state.held, done.held) == (10, 10)
        own = ("sync_syncrun", "connections_syncstate", "connections_connection")
        writes = [each["sql"] for each in said if each["sql"].startswith(("INSERT", "UPDATE", "DELETE", "COPY"))]
        assert [sql for sql in writes if not any(f'"{table}"' in sql for table in own)] == []


def test_one_changed_in_the_middle_has_the_pages_before_it_known(place: Place, remote: Remote) -> None:
    remote.touch("p4", firstName="Ada")
    done = place.walk()
    assert "p0" not in place.read
    assert set(place.read) == {f"p{number}" for number in range(3, 10)}
    assert (done.seen, done.changed, done.same, done.gone) == (10, 1, 9, 0)
    place.walk()
    assert place.read == [], "what was read has been remembered instead"


def test_a_row_that_changed_where_it_stands_is_seen(place: Place, remote: Remote) -> None:
    remote.rows[4]["raceName"] = "another"
    assert place.walk().changed == 1
    remote.rows[0]["raceName"] = "another"
    assert place.walk().changed == 1


def test_one_added_has_only_the_last_page_read(place: Place, remote: Remote) -> None:
    remote.touch("p10")
    done = place.walk()
    assert place.read == ["p9", "p10"]
    assert (done.seen, done.new, done.same, done.promised) == (11, 1, 10, 11)
    assert listed(place) == {f"p{number}" for number in range(11)}


@pytest.mark.parametrize("name", ["p0", "p5", "p9"])
def test_one_vanished_is_gone(place: Place, remote: Remote, name: str) -> None:
    remote.remove(name)
    assert place.walk().gone == 1
    assert listed(place) == {f"p{number}" for number in range(10)} - {name}
    place.walk()
    assert place.read == []


def test_the_older_state_after_a_newer_one_was_fetched_is_read(place: Place, remote: Remote) -> None:
    before = [dict(each) for each in remote.rows]
    remote.touch("p4", raceName="newer")
    assert place.walk(full=False).changed == 1
    remote.rows = before
    place.walk()
    assert len(place.read) == 10, "our row is not as it was when these pages were remembered"
    place.walk()
    assert len(place.read) == 10, "and what is older than ours has not been taken"


@pytest.mark.parametrize("change", [{"fingerprint": b"touched"}, {"gone_at": NOW}, {"external_id": "other"}])
def test_a_row_of_ours_that_was_touched_is_put_right(place: Place, change: dict[str, Any]) -> None:
    before = listed(place)
    Entry.objects.filter(external_id="p4").update(**change)
    place.walk()
    assert len(place.read) == 10
    assert listed(place) == before
    place.walk()
    assert place.read == []


def test_another_page_size_reads_everything(place: Place) -> None:
    place.connection.settings |= {"page_size": "4"}
    place.connection.save()
    assert place.walk().same == 10
    assert len(place.read) == 10


def test_another_version_of_what_reads_the_pages_reads_everything(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("organiser_portal.sync.remembered.SOFTWARE", b"another")
    place.walk()
    assert len(place.read) == 10
    place.walk()
    assert place.read == []


def test_a_replay_changes_no_page(place: Place) -> None:
    replay = SyncState.objects.create(connection=place.connection, resource=REPLAY, due_at=NOW)
    done = run_state(replay.pk, clock=place.clock, by_hand=True)
    assert done is not None
    assert done.changed == 10
    assert place.walk().same == 10
    assert place.read == []


def test_somebody_erased_is_erased_here(place: Place, remote: Remote) -> None:
    remote.rows[4] |= {"gdprRedacted": True, "firstName": "Ada"}
    assert place.walk().changed == 1
    assert "p4" not in kept(place.connection)
    assert place.walk().same == 10
    assert place.read == []


def test_a_page_emptied_by_mistake_takes_nobody_away(place: Place, remote: Remote) -> None:
    whole = remote.rows
    remote.rows = []
    assert place.walk().outcome == Outcome.IMPLAUSIBLE
    remote.rows = whole
    assert (place.walk().outcome, len(listed(place))) == (Outcome.SUCCEEDED, 10)


def test_a_record_that_cannot_be_read_costs_its_page_only(place: Place, remote: Remote) -> None:
    remote.rows[4]["id"] = None
    assert place.walk().rejected == 1
    done = place.walk()
    assert set(place.read) == {"p3", "p5"}
    assert (done.rejected, done.seen, done.same) == (1, 10, 9)


def test_a_walk_out_of_time_goes_on_where_it_was(place: Place, remote: Remote, one_by_one: None) -> None:
    done = place.walk(budget=timedelta())
    assert (done.outcome, done.pages, done.same) == (Outcome.SHORT, 1, 3)
    assert place.read == []
    ended = place.walk()
    assert (ended.outcome, ended.gone) == (Outcome.SUCCEEDED, 0)
    assert ended.named_before == 3, "the row where it stopped comes again, and counts once"
    assert {f"p{number}" for number in range(3, 10)} <= set(place.read)
    assert place.walk().same == 10
    assert place.read == []


def test_of_a_walk_that_had_to_begin_again_nothing_is_remembered(place: Place, remote: Remote) -> None:
    remote.answers[len(remote.asked) + 2] = httpx.Response(404, json={})
    assert place.walk().outcome == Outcome.SUCCEEDED
    place.walk()
    assert len(place.read) == 10
