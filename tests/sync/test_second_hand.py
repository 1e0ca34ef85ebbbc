"""A large batch of a first load is stored in two transactions at a time: whichever of them fails, twice is once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import current_thread
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections, transaction
from django.db import connection as database
from msgspec.structs import replace

from organiser_portal.connections.models import ContractSurprise, PayloadBundle, RejectedRecord, SyncState
from organiser_portal.events.models import Listing
from organiser_portal.participants.models import Entry
from organiser_portal.sync import second_hand
from organiser_portal.sync.apply import MANY
from organiser_portal.sync.engine import run_state
from organiser_portal.sync.faults import CUT_OFF
from organiser_portal.sync.models import SyncRun
from organiser_portal.sync.second_hand import LONGEST_WAIT, SecondHand
from providers.contract import TEXT, record
from providers.port import Received
from providers.records import Kind, Record
from tests.kept import kept
from tests.sync.world import Clock, Programmed, Script, last_page, page, received

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("database.vendor != 'postgresql'", reason="SQLite has one writer"),
]

FIRST = [received(number) for number in range(20)]  # names a race, which the second hand could not see yet
LARGE = [received(number, f"Ada {number}") for number in range(100, 100 + MANY)]
REFUSES = """
CREATE FUNCTION refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {when} THEN RAISE 'not now'; END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER refuses AFTER INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION refuses();
"""

type Load = Callable[[], SyncRun]


@pytest.fixture(autouse=True)
def several_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)


@pytest.fixture
def load(entries: SyncState, script: Script, clock: Clock) -> Load:
    def loaded() -> SyncRun:
        script.acts = [page(FIRST, cursor="one"), last_page(LARGE)]
        run = run_state(entries.pk, clock=clock, by_hand=True, raises=False)
        assert run is not None
        return run

    return loaded


@pytest.fixture
def shares(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many records the second hand had, each time that it had any."""
    had: list[int] = []
    beside = SecondHand.beside

    def noted(self: SecondHand, mine: Callable[[], Any], theirs: partial[Any]) -> Any:
        had.append(len(theirs.args[-1]))
        return beside(self, mine, theirs)

    monkeypatch.setattr(SecondHand, "beside", noted)
    return had


@contextmanager
def refusing(table: str, when: str) -> Iterator[None]:
    with database.cursor() as cursor:
        cursor.execute(REFUSES.format(table=table, when=when))
        yield
        cursor.execute("DROP FUNCTION refuses CASCADE")


def in_the_second_hand() -> str:
    return f"current_setting('lock_timeout') = '{LONGEST_WAIT}'"


def assert_all_is_there(entries: SyncState) -> None:
    everyone = [*FIRST, *LARGE]
    names = dict(Entry.objects.values_list("external_id", "first_name"))
    assert names == {item.external_id: "Ada" for item in FIRST} | {
        item.external_id: f"Ada {item.external_id}" for item in LARGE
    }
    assert kept(entries.connection) == {item.external_id: item.payload for item in everyone}
    assert not RejectedRecord.objects.exists()


@contextmanager
def once_in_the_second_hand(monkeypatch: pytest.MonkeyPatch, name: str, do: Callable[..., None]) -> Iterator[list[str]]:
    """``do`` is called with a step of the database's and takes it or not, the first time that the second hand does."""
    wrapper, taken = type(connections[DEFAULT_DB_ALIAS]), list[str]()
    step = getattr(wrapper, name)

    def stepped(self: Any, *given: Any) -> Any:
        if not current_thread().name.startswith("second-hand") or taken:
            return step(self, *given)
        taken.append(name)
        return do(partial(step, self, *given))

    with monkeypatch.context() as patched:
        patched.setattr(wrapper, name, stepped)
        yield taken


def lines() -> int:
    """How many lines to this database there are."""
    with database.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def test_half_of_a_large_batch_is_stored_beside_the_other(load: Load, shares: list[int], entries: SyncState) -> None:
    before = lines()
    run = load()
    assert shares == [MANY // 2]
    assert (run.outcome, run.seen, run.new) == ("succeeded", len(FIRST) + MANY, len(FIRST) + MANY)
    assert_all_is_there(entries)
    assert lines() == before, "its connection is closed"


def test_no_bundle_is_parted(load: Load, entries: SyncState) -> None:
    load()
    assert sum(len(bytes(bundle.marks)) // 8 for bundle in PayloadBundle.objects.all()) == len(FIRST) + MANY


def test_small_batches_and_later_walks_have_none(
    load: Load, shares: list[int], entries: SyncState, script: Script, clock: Clock
) -> None:
    load()
    del shares[:]
    script.acts = [last_page([received(number) for number in range(5000, 5000 + 2 * MANY)])]
    run_state(entries.pk, clock=clock, by_hand=True)
    assert Entry.objects.count() == len(FIRST) + 3 * MANY
    assert not shares


def test_what_it_could_not_store_is_stored_with_the_rest(load: Load, shares: list[int], entries: SyncState) -> None:
    with refusing("participants_entry", in_the_second_hand()):
        run = load()
    assert shares
    assert (run.outcome, run.new) == ("succeeded", len(FIRST) + MANY)
    assert_all_is_there(entries)


def test_payloads_are_stored_with_their_rows_or_not_at_all(load: Load, shares: list[int], entries: SyncState) -> None:
    with refusing("connections_payloadbundle", in_the_second_hand()):
        run = load()
    assert shares
    assert run.outcome == "succeeded"
    assert_all_is_there(entries)


def test_what_it_has_stored_stays_where_the_rest_was_taken_back(
    load: Load, shares: list[int], entries: SyncState
) -> None:
    with refusing("sync_syncrun", f"NEW.seen > {len(FIRST)} AND NEW.outcome = 'running'"):
        run = load()
    assert run.outcome == "failed"
    assert Entry.objects.count() == len(FIRST) + MANY // 2
    entries.refresh_from_db()
    assert entries.cursor == "one"
    again = load()
    assert (again.outcome, again.new, again.same) == ("succeeded", MANY // 2, len(FIRST) + MANY // 2)
    assert_all_is_there(entries)


def test_what_is_odd_in_its_share_is_told_with_it(
    load: Load, entries: SyncState, script: Script, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its records are not looked at again: they are as they were when the rest comes once more."""
    declared = {Kind.ENTRY: record(id=TEXT, first=TEXT, last=TEXT)}
    monkeypatch.setattr(Programmed, "contract", declared)
    odd = [received(100, wave="A"), *LARGE[1:-1], received(99 + MANY, shirt="M", wave="B")]

    def attempt() -> set[str]:
        script.acts = [page(FIRST, cursor="one"), last_page(odd)]
        run_state(entries.pk, clock=clock, by_hand=True, raises=False)
        return set(ContractSurprise.objects.values_list("path", flat=True))

    with refusing("sync_syncrun", f"NEW.seen > {len(FIRST)} AND NEW.outcome = 'running'"):
        assert attempt() == {"wave"}
    assert Entry.objects.count() == len(FIRST) + MANY // 2
    assert attempt() == {"shirt", "wave"}


def test_of_a_commit_whose_answer_is_lost_nobody_knows(
    load: Load, entries: SyncState, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it has stored was stored once more, so that its payloads were kept twice."""

    def answer_is_lost(commit: Callable[[], None]) -> None:
        commit()
        raise OperationalError("server closed the connection unexpectedly")

    with once_in_the_second_hand(monkeypatch, "_commit", answer_is_lost) as lost:
        run = load()
    assert lost
    assert (run.outcome, run.error_sentence, run.new) == ("failed", CUT_OFF, len(FIRST))
    again = load()
    assert (again.outcome, again.new) == ("succeeded", MANY // 2)
    assert_all_is_there(entries)


def test_what_its_rows_point_at_is_looked_for_before_it_commits(
    load: Load, entries: SyncState, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it waits for whoever holds that, and no longer, it can still leave its share to the other."""

    def held_too_long(check: Callable[[], None]) -> None:
        check()
        raise OperationalError("canceling statement due to lock timeout")

    with once_in_the_second_hand(monkeypatch, "check_constraints", held_too_long) as held:
        run = load()
    assert held
    assert (run.outcome, run.new) == ("succeeded", len(FIRST) + MANY)
    assert_all_is_there(entries)


def test_what_was_there_before_is_not_for_it(
    entries: SyncState, script: Script, clock: Clock, shares: list[int]
) -> None:
    """New ones that cannot be read, as many, made up for them when the new ones were counted."""
    moved = [received(number, "Eve") for number in range(10)]
    unreadable = [received(number, bad="yes") for number in range(50, 60)]
    script.acts = [page(FIRST, cursor="one"), last_page([*moved, *unreadable, *LARGE[10:]])]
    run = run_state(entries.pk, clock=clock, by_hand=True)
    assert run is not None
    assert (run.new, run.changed, run.rejected) == (len(FIRST) + MANY - 10, 10, 10)
    assert not shares


@pytest.mark.parametrize(("race", "helps"), [("R", True), ("S", False)], ids=["said anew", "first heard of"])
def test_races_that_it_cannot_see_are_new_ones(
    *, race: str, helps: bool, load: Load, shares: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One whose name moves with every page kept it from helping at all."""
    decode = Programmed.decode

    def about(self: Programmed, item: Received) -> tuple[Record, ...]:
        entry, mentioned = decode(self, item)
        if len(item.external_id) < 3:
            return entry, mentioned
        return replace(entry, race_id=race), replace(mentioned, external_id=race, name="Half")

    monkeypatch.setattr(Programmed, "decode", about)
    run = load()
    assert (run.outcome, run.new, bool(shares)) == ("succeeded", len(FIRST) + MANY, helps)
    assert set(Listing.objects.values_list("external_id", "name")) >= {(race, "Half")}
    assert Entry.objects.filter(listing__external_id=race).count() >= MANY


def test_it_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """The caller waits for it, so that whom the caller makes wait it must not wait for."""
    monkeypatch.setattr(second_hand, "LONGEST_WAIT", "50ms")
    hand, threads = SecondHand(), []

    def lock() -> str:
        with database.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(7)")
        threads.append(current_thread().name)
        return "locked"

    with transaction.atomic():
        assert hand.beside(lock, lambda: "mine") == ("locked", "mine")
        assert hand.beside(lambda: "mine", lock) == ("mine", "locked")
    hand.close()
    assert threads == [current_thread().name] * 2
