"""What could not be read leaves the inbox when a walk that knows does not name it any more."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from organiser_portal.connections.models import Connection, RejectedRecord, SyncState
from organiser_portal.participants.models import Entry
from organiser_portal.sync.engine import run_state
from organiser_portal.sync.models import Outcome, SyncRun
from providers.errors import ProviderUnavailable
from providers.port import Rejected
from providers.records import Kind
from tests.sync.world import Clock, CountedOff, Script, last_page, page, received

pytestmark = pytest.mark.portable

UNREADABLE = Rejected(kind=Kind.ENTRY, external_id="a", payload=b"{}", reason="odd")
NAMELESS = Rejected(kind=Kind.ENTRY, external_id="", payload=b"{}", reason="no id")


def whole_walk(state: SyncState, clock: Clock, *, full: bool = True) -> SyncRun:
    """An hour later."""
    clock.now += timedelta(hours=1)
    done = run_state(state.pk, clock=clock, by_hand=True, full=full)
    assert done is not None
    state.refresh_from_db()
    return done


def waiting() -> list[str]:
    return sorted(RejectedRecord.objects.waiting().values_list("external_id", flat=True))


@pytest.fixture
def unread(entries: SyncState, script: Script, clock: Clock) -> SyncState:
    """Three came, and two of them could not be read: one had an id, and one none."""
    script.acts = [last_page([received(1)], rejected=(UNREADABLE, NAMELESS))]
    whole_walk(entries, clock)
    assert waiting() == ["", "a"]
    return entries


def test_what_is_not_named_any_more_waits_no_longer(unread, script, clock) -> None:
    script.acts = [last_page([received(1)])]
    whole_walk(unread, clock)
    assert waiting() == []
    assert set(RejectedRecord.objects.values_list("gone_at", "resolved_at")) == {(clock.now, None)}


def test_what_is_still_named_waits_on(unread, script, clock) -> None:
    script.acts = [last_page([received(1)], rejected=(UNREADABLE,))]
    whole_walk(unread, clock)
    assert waiting() == ["a"]


def test_what_is_listed_again_waits_again(unread, script, clock) -> None:
    for acts in ([last_page([received(1)])], [last_page([received(1)], rejected=(UNREADABLE,))]):
        script.acts = [*acts]
        whole_walk(unread, clock)
    assert waiting() == ["a"]


@pytest.mark.postgresql
def test_what_was_put_back_as_we_hold_it_is_read_and_not_gone(entries, script, clock) -> None:
    """It was changed into something that nobody can read, and back again."""
    for item in (received(1), received(1, bad=True), received(1)):
        script.acts = [last_page([item, received(2)])]
        whole_walk(entries, clock)
    assert waiting() == []
    assert RejectedRecord.objects.get().gone_at is None
    assert Entry.objects.get(external_id="1").gone_at is None


@pytest.mark.parametrize(
    ("acts", "full", "outcome"),
    [
        ([last_page([received(2)], complete=False)], False, Outcome.SUCCEEDED),
        ([last_page([received(1)], complete=False, short=True, promised=3)], True, Outcome.SHORT),
        ([page([received(1)]), ProviderUnavailable("down")], True, Outcome.FAILED),
        ([last_page()], True, Outcome.IMPLAUSIBLE),
    ],
    ids=["only what is new", "short", "broken off", "empty once"],
)
def test_a_walk_that_cannot_know_lets_nothing_go(unread, script, clock, acts, full, outcome) -> None:
    script.acts = [*acts]
    assert whole_walk(unread, clock, full=full).outcome == outcome
    assert waiting() == ["", "a"]


def test_a_walk_that_goes_on_where_another_stopped_lets_nothing_go(unread, script, clock) -> None:
    script.acts = [page([received(1)], cursor="one"), ProviderUnavailable("down")]
    whole_walk(unread, clock)
    script.acts = [last_page([received(2)], complete=False)]
    assert whole_walk(unread, clock, full=False).resumed
    assert waiting() == ["", "a"]


def test_a_walk_that_is_not_believed_lets_nothing_go(entries, script, clock) -> None:
    script.acts = [last_page([received(number) for number in range(60)], rejected=(UNREADABLE,))]
    whole_walk(entries, clock)
    script.acts = [last_page([received(1)])]
    assert whole_walk(entries, clock).outcome == Outcome.IMPLAUSIBLE
    assert waiting() == ["a"]


def test_where_nothing_else_is_held_one_empty_answer_is_not_believed_either(entries, script, clock) -> None:
    script.acts = [last_page(rejected=(UNREADABLE,))]
    whole_walk(entries, clock)
    script.acts = [last_page()]
    whole_walk(entries, clock)
    assert waiting() == ["a"]
    script.acts = [last_page()]
    whole_walk(entries, clock)
    assert waiting() == []


@pytest.mark.parametrize(("found", "left"), [((UNREADABLE,), ["a"]), ((), [])], ids=["slipped by", "gone"])
def test_where_rows_slip_by_it_is_looked_for_once_more(
    new_connection: Callable[..., Connection], script, clock, found, left
) -> None:
    state = SyncState.objects.get(connection=new_connection(CountedOff.key), resource="entries")
    script.acts = [last_page([received(1)], rejected=(UNREADABLE,))]
    whole_walk(state, clock)
    script.acts = [last_page([received(1)]), last_page([received(1)], rejected=found)]
    whole_walk(state, clock)
    assert script.acts == [], "it was looked for"
    assert waiting() == left


@pytest.mark.postgresql
def test_pages_say_so(unread, script, clock, sign_in, owner) -> None:
    client = sign_in(owner)
    assert "2 records of Programmed could not be read" in client.get("/o/fellgate/").text
    script.acts = [last_page([received(1)])]
    whole_walk(unread, clock)
    assert "could not be read" not in client.get("/o/fellgate/").text
    records = f"/o/fellgate/connections/{unread.connection_id}/rejected/"
    assert "Every record could be read" in client.get(records).text
    told = client.get(f"{records}?standing=gone&columns=record&columns=standing").text
    assert told.count("No longer listed</span>") == 2
    assert client.get(f"{records}?standing=read").text.count("Read by now</span>") == 0
    record = RejectedRecord.objects.get(external_id="a")
    assert "No longer listed" in client.get(f"{records}{record.pk}/").text
