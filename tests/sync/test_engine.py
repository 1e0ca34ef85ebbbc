"""One attempt at one listing: what is stored, what is recorded, when it is due again."""

from datetime import timedelta
from traceback import format_exception

import pytest
from django.db import IntegrityError

from organiser_portal.connections.models import Connection, Standing, SyncState
from organiser_portal.participants.models import Entry
from organiser_portal.sync.engine import run_state
from organiser_portal.sync.models import Outcome, SyncRun
from providers.errors import (
    AccessDenied,
    CredentialsRejected,
    HostUnreachable,
    ProviderUnavailable,
    RateLimited,
    UnexpectedReply,
)
from providers.port import Rejected
from providers.records import Kind
from tests.conftest import NOW
from tests.sync.world import Clock, Script, last_page, page, received


def run(state: SyncState, clock: Clock, **options: object) -> SyncRun:
    done = run_state(state.pk, clock=clock, **options)  # type: ignore[arg-type]
    assert done is not None
    state.refresh_from_db()
    return done


def test_a_walk_leaves_its_entries_and_a_run_with_every_figure(
    entries: SyncState, script: Script, clock: Clock
) -> None:
    script.acts = [
        page([received(1), received(2)], cursor="one", promised=4),
        last_page([received(3), received(4, bad=True)], promised=4),
    ]
    done = run(entries, clock)
    assert Entry.objects.count() == 3
    assert (done.outcome, done.pages, done.requests, done.bytes) == (Outcome.SUCCEEDED, 2, 2, 200)
    assert (done.seen, done.new, done.changed, done.same, done.gone, done.rejected) == (4, 3, 0, 0, 0, 1)
    assert (done.promised, done.held) == (4, 3)
    assert (entries.cursor, entries.failures, entries.lease) == ("end", 0, "")
    assert entries.last_success_at == entries.last_full_at == NOW
    assert (entries.promised, entries.held) == (4, 3)


def test_the_next_walk_goes_on_from_the_stored_cursor(entries: SyncState, script: Script, clock: Clock) -> None:
    script.acts = [last_page([received(1)]), last_page([], complete=False)]
    run(entries, clock)
    run(entries, clock, by_hand=True)
    assert script.asked == [("entries", "", True), ("entries", "end", False)]


@pytest.mark.parametrize(
    ("error", "due_in", "failures"),
    [
        (RateLimited("wait", retry_after=97), timedelta(seconds=97), 0),
        (AccessDenied("not allowed"), timedelta(minutes=15), 1),
        (ProviderUnavailable("down"), timedelta(minutes=1), 1),
        (HostUnreachable("gone", reason="dns"), timedelta(minutes=1), 1),
        (UnexpectedReply("odd"), timedelta(minutes=1), 1),
    ],
)
def test_every_error_says_when_the_next_attempt_is_due(
    entries: SyncState, script: Script, clock: Clock, error: Exception, due_in: timedelta, failures: int
) -> None:
    script.acts = [error]
    done = run(entries, clock)
    assert done.outcome == Outcome.FAILED
    assert done.error_kind == type(error).__name__
    assert entries.failures == failures
    assert entries.due_at is not None
    assert due_in * 0.75 <= entries.due_at - NOW <= due_in * 1.25
    assert entries.lease == ""


def test_a_rejected_key_parks_the_connection_and_no_other(
    entries: SyncState, races: SyncState, new_connection, script: Script, clock: Clock
) -> None:
    other = new_connection(label="other")
    script.acts = [CredentialsRejected("The key is wrong.")]
    run(entries, clock)
    parked = Connection.objects.get(pk=entries.connection_id)
    assert (parked.standing, parked.standing_reason) == (Standing.NEEDS_ATTENTION, "The key is wrong.")
    assert parked.standing_since == NOW
    assert run_state(races.pk, clock=clock) is None
    other.refresh_from_db()
    assert other.standing == Standing.WORKING


def test_what_is_not_allowed_holds_the_one_listing(
    entries: SyncState, races: SyncState, script: Script, clock: Clock
) -> None:
    script.acts = [AccessDenied("Ask for the right to read entries.")]
    run(entries, clock)
    assert entries.held_reason == "Ask for the right to read entries."
    script.acts = [last_page([])]
    assert run(races, clock).outcome == Outcome.SUCCEEDED
    assert Connection.objects.get(pk=entries.connection_id).standing == Standing.WORKING


def test_a_mistake_of_ours_is_recorded_without_its_text_and_raised(
    entries: SyncState, script: Script, clock: Clock
) -> None:
    script.acts = [ZeroDivisionError("Ada Byron, 1815")]
    with pytest.raises(ZeroDivisionError):
        run_state(entries.pk, clock=clock)
    done = SyncRun.objects.get()
    assert (done.outcome, done.error_kind, done.error_detail) == (Outcome.FAILED, "internal", "ZeroDivisionError")
    assert "Ada" not in done.error_sentence
    entries.refresh_from_db()
    assert (entries.lease, entries.failures) == ("", 1)


def test_what_a_database_quotes_is_not_raised(
    entries: SyncState, script: Script, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    script.acts = [IntegrityError("DETAIL: Key (email)=(ada@example.org) exists.")]
    with pytest.raises(IntegrityError) as caught:
        run_state(entries.pk, clock=clock)
    assert "ada@" not in "".join(format_exception(caught.value)) + caplog.text
    assert f"run {SyncRun.objects.get().pk}: IntegrityError" in caplog.text


def test_what_was_stored_before_a_failure_stays_and_the_walk_goes_on_there(
    entries: SyncState, script: Script, clock: Clock
) -> None:
    script.acts = [page([received(1)], cursor="one"), ProviderUnavailable("down")]
    assert run(entries, clock).pages == 1
    assert Entry.objects.count() == 1
    assert entries.last_success_at is None
    clock.now += timedelta(hours=1)
    script.acts = [last_page([received(2)], complete=False)]
    done = run(entries, clock)
    assert script.asked[-1][:2] == ("entries", "one")
    assert done.resumed


def test_what_fails_each_time_behind_others_has_those_read_no_more_seldom(
    entries: SyncState, script: Script, clock: Clock
) -> None:
    """Fewest on race day, when it matters most. Where nothing was read, the wait doubles up to six hours."""
    Connection.objects.update(polling={"usual": 15})
    for number in range(9):
        script.acts = [page([received(number)], cursor="p1"), ProviderUnavailable("one record")]
        done = run(entries, clock)
        assert (done.outcome, entries.failures) == (Outcome.FAILED, number + 1)
        assert entries.due_at is not None
        assert entries.due_at - clock() <= timedelta(minutes=15)
        clock.now = entries.due_at
    script.acts = [ProviderUnavailable("down")]
    run(entries, clock)
    assert entries.due_at - clock() > timedelta(hours=4)


def test_a_walk_gives_its_turn_back_when_its_time_is_up(entries: SyncState, script: Script, clock: Clock) -> None:
    def slow() -> object:
        clock.now += timedelta(minutes=10)
        return page([received(1)], cursor="one")

    script.acts = [slow, last_page([received(2)])]  # type: ignore[list-item]
    done = run(entries, clock, budget=timedelta(minutes=5))
    assert (done.outcome, done.pages) == (Outcome.SHORT, 1)
    assert entries.due_at == clock.now
    script.acts = [last_page([received(2)], complete=False)]
    assert run(entries, clock).resumed


def test_a_provider_is_told_what_we_hold_without_touching_the_database_itself(
    entries: SyncState, script: Script, clock: Clock
) -> None:
    script.acts = [last_page([received(1), received(2)])]
    run(entries, clock)
    script.ask_known = Kind.ENTRY
    script.acts = [last_page([], complete=False)]
    run(entries, clock, by_hand=True)
    assert sorted(script.known[Kind.ENTRY]) == ["1", "2"]
    assert script.threads == {"read-ahead"}


def test_a_walk_without_a_proper_end_is_a_mistake(entries: SyncState, script: Script, clock: Clock) -> None:
    script.acts = [page([received(1)], cursor="one")]
    with pytest.raises(Exception, match="without a last page"):
        run_state(entries.pk, clock=clock)


def test_an_object_without_an_id_is_rejected_and_the_rest_is_stored(
    entries: SyncState, script: Script, clock: Clock
) -> None:
    nameless = Rejected(kind=Kind.ENTRY, external_id="", reason="id: missing", payload=b"{}")
    script.acts = [last_page([received(1)], rejected=(nameless,))]
    done = run(entries, clock)
    assert (done.new, done.rejected) == (1, 1)


def test_a_paused_connection_is_left_alone(entries: SyncState, connection: Connection, clock: Clock) -> None:
    Connection.objects.filter(pk=connection.pk).update(standing=Standing.PAUSED)
    assert run_state(entries.pk, clock=clock, by_hand=True) is None
    assert not SyncRun.objects.exists()


def test_asking_again_during_a_run_is_not_forgotten(entries: SyncState, script: Script, clock: Clock) -> None:
    def asked_again() -> object:
        return last_page([received(1)])

    script.acts = [asked_again]  # type: ignore[list-item]
    asked_at = NOW + timedelta(seconds=5)

    def press(_: SyncRun) -> None:
        SyncState.objects.filter(pk=entries.pk).update(asked_by_hand=True, due_at=asked_at)

    run(entries, clock, on_page=press)
    assert entries.due_at == asked_at
    assert entries.asked_by_hand
