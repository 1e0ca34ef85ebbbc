"""What must hold whatever happens to a worker. The rest is in ``test_claim`` and, about turns, in ``test_dispatch``."""

import threading
import weakref
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

import pytest
from django.db import transaction

from organiser_portal.connections import gateway
from organiser_portal.connections.models import RejectedRecord, SyncState
from organiser_portal.participants.models import Entry
from organiser_portal.sync.apply import Applier
from organiser_portal.sync.claim import claim
from organiser_portal.sync.engine import run_state
from organiser_portal.sync.limits import LEASE
from organiser_portal.sync.models import Outcome, SyncRun
from organiser_portal.sync.reader import MOST_BYTES, MOST_PAGES, ReadAhead
from organiser_portal.sync.walk import joined
from providers.port import Page
from providers.records import Kind
from tests.conftest import NOW
from tests.sync.world import Clock, Script, last_page, page, received


class Killed(BaseException):
    """What a worker feels when it is told to go."""


def run(state: SyncState, clock: Clock, **options: object) -> SyncRun:
    done = run_state(state.pk, clock=clock, **options)  # type: ignore[arg-type]
    assert done is not None
    state.refresh_from_db()
    return done


def rows() -> list[tuple[object, ...]]:
    return list(Entry.objects.order_by("external_id").values_list("external_id", "first_name", "gone_at", "last_seen"))


def test_a_worker_that_lost_its_lease_writes_nothing_more(entries: SyncState, script: Script, clock: Clock) -> None:
    def overtaken(_: SyncRun) -> None:
        assert claim(entries.pk, now=NOW + LEASE, whatever_the_hour=True)

    script.acts = [page([received(1)], cursor="one"), last_page([received(2)])]
    done = run(entries, clock, on_page=overtaken)
    assert [row[0] for row in rows()] == ["1"]
    assert done.outcome == Outcome.ABANDONED
    assert entries.cursor == "one"
    assert entries.lease, "the successor still holds it"


def test_a_page_applied_twice_changes_nothing(entries: SyncState, script: Script, clock: Clock) -> None:
    pages = [page([received(1), received(2)], cursor="one"), last_page([received(3)])]
    script.acts = [*pages]
    run(entries, clock)
    before = rows()
    for prefix in (pages[:1], pages):
        with gateway.open_provider(entries.connection) as provider, transaction.atomic():
            applier = Applier(connection=entries.connection, provider=provider, run_id=None, now=clock)
            tallies = [applier.apply(each, resource="entries") for each in prefix]
        assert all(tally.new == tally.changed == 0 for tally in tallies)
        assert rows() == before


def test_the_resume_point_is_stored_with_the_page_it_belongs_to(
    entries: SyncState, script: Script, clock: Clock
) -> None:
    def break_in_the_middle_of_storing() -> Page:
        return page([received(2), received(2)], cursor="two", rejected=(object(),))  # type: ignore[arg-type]

    script.acts = [page([received(1)], cursor="one"), break_in_the_middle_of_storing]
    with pytest.raises(AttributeError):
        run_state(entries.pk, clock=clock)
    entries.refresh_from_db()
    assert entries.cursor == "one"
    assert [row[0] for row in rows()] == ["1"]


def test_a_killed_worker_is_followed_where_it_was(entries: SyncState, script: Script, clock: Clock) -> None:
    def killed(_: SyncRun) -> None:
        raise Killed

    script.acts = [page([received(1)], cursor="one"), last_page([received(2)])]
    with pytest.raises(Killed):
        run_state(entries.pk, clock=clock, on_page=killed)
    entries.refresh_from_db()
    assert (entries.cursor, entries.lease, entries.due_at) == ("one", "", NOW)
    assert SyncRun.objects.get().outcome == Outcome.ABANDONED
    script.acts = [last_page([received(2)], complete=False)]
    done = run(entries, clock)
    assert script.asked[-1][1] == "one"
    assert done.resumed
    assert [row[0] for row in rows()] == ["1", "2"]


def listing(numbers: range) -> Page:
    return last_page([received(number) for number in numbers])


def gone() -> int:
    return Entry.objects.exclude(gone_at=None).count()


def test_absence_counts_only_at_the_end_of_a_whole_walk(entries: SyncState, script: Script, clock: Clock) -> None:
    script.acts = [listing(range(5)), last_page([received(0)], complete=False), listing(range(4))]
    run(entries, clock)
    run(entries, clock, by_hand=True)
    assert gone() == 0
    done = run(entries, clock, by_hand=True, full=True)
    assert (gone(), done.gone, done.held) == (1, 1, 4)


def test_too_much_absence_at_once_is_not_believed(entries: SyncState, script: Script, clock: Clock) -> None:
    script.acts = [listing(range(100)), listing(range(79)), listing(range(80))]
    run(entries, clock)
    done = run(entries, clock, by_hand=True, full=True)
    assert done.outcome == Outcome.IMPLAUSIBLE
    assert "21 of 100" in done.error_sentence
    assert gone() == 0
    assert run(entries, clock, by_hand=True, full=True).outcome == Outcome.SUCCEEDED
    assert gone() == 20


def test_an_empty_listing_counts_only_when_it_is_empty_again(entries: SyncState, script: Script, clock: Clock) -> None:
    script.acts = [listing(range(3)), listing(range(0)), listing(range(0))]
    run(entries, clock)
    assert run(entries, clock, by_hand=True, full=True).outcome == Outcome.IMPLAUSIBLE
    assert (gone(), entries.empty_once, entries.full_due) == (0, True, True)
    clock.now += timedelta(hours=5)
    assert run(entries, clock).outcome == Outcome.SUCCEEDED
    assert gone() == 3


def test_one_bad_record_is_one_bad_record(entries: SyncState, script: Script, clock: Clock) -> None:
    script.acts = [last_page([received(1), received(2, bad=True), received(3)])]
    done = run(entries, clock)
    assert (done.outcome, done.new, done.rejected) == (Outcome.SUCCEEDED, 2, 1)
    kept = RejectedRecord.objects.get()
    assert (kept.external_id, kept.reason) == ("2", "first name: not text")


def test_every_attempt_leaves_a_run(entries: SyncState, script: Script, clock: Clock) -> None:
    script.acts = [listing(range(1)), ZeroDivisionError()]
    run(entries, clock)
    with pytest.raises(ZeroDivisionError):
        run_state(entries.pk, clock=clock, by_hand=True)
    assert list(SyncRun.objects.order_by("pk").values_list("outcome", flat=True)) == ["succeeded", "failed"]


def test_time_comes_in(entries: SyncState, script: Script, clock: Clock) -> None:
    clock.now = NOW.replace(year=2031)
    script.acts = [listing(range(1))]
    done = run(entries, clock)
    assert {done.started_at, done.finished_at, done.progressed_at, entries.last_success_at} == {clock.now}
    assert entries.due_at
    assert entries.due_at.year == 2031
    assert Entry.objects.get().last_seen == clock.now


def test_a_run_holds_a_few_pages_at_most() -> None:
    living: weakref.WeakSet[Tracked] = weakref.WeakSet()
    most = 0

    def walk(_: object) -> Iterator[Page]:
        nonlocal most
        for number in range(200):
            made_now = Tracked(cursor=str(number), last=number == 199)
            living.add(made_now)
            most = max(most, len(living))
            yield made_now

    stored = []
    with ReadAhead(walk, known=lambda _: []) as ahead:
        for batch in ahead:
            stored += [each.cursor for each in batch]
            del batch
    assert stored == [str(number) for number in range(200)]
    assert most <= MOST_PAGES + 1


def test_large_pages_are_held_fewer_at_a_time() -> None:
    made = 0

    def walk(_: object) -> Iterator[Page]:
        nonlocal made
        for number in range(5):
            made += 1
            yield Page(bytes=MOST_BYTES, last=number == 4)

    with ReadAhead(walk, known=lambda _: []) as ahead:
        for stored, batch in enumerate(ahead, start=1):
            assert len(batch) == 1
            assert made <= stored + 1


class Tracked(Page):
    """A page one can count."""

    __slots__ = ("__weakref__",)


def test_the_next_page_is_fetched_while_this_one_is_stored() -> None:
    second_is_on_the_wire, first_is_stored = threading.Event(), threading.Event()

    def walk(_: object) -> Iterator[Page]:
        yield page(cursor="one")
        second_is_on_the_wire.set()
        assert first_is_stored.wait(5)
        yield last_page()

    stored = []
    with ReadAhead(walk, known=lambda _: []) as ahead:
        for each in ahead:
            if not stored:
                assert second_is_on_the_wire.wait(5), "the second page waits until the first is stored"
                first_is_stored.set()
            stored += [one.cursor for one in each]
    assert stored == ["one", "end"]


def test_what_has_arrived_meanwhile_is_stored_together() -> None:
    all_fetched = threading.Event()

    def walk(_: object) -> Iterator[Page]:
        yield from (page(cursor=str(number)) for number in range(5))
        all_fetched.set()
        yield last_page()

    with ReadAhead(walk, known=lambda _: []) as ahead:
        batches = iter(ahead)
        first = [each.cursor for each in next(batches)]
        assert all_fetched.wait(5)
        rest = [each.cursor for batch in batches for each in batch]
    assert [*first, *rest] == ["0", "1", "2", "3", "4", "end"]


def test_ids_that_a_page_denies_are_not_stored_with_what_comes_after() -> None:
    denying = page(gone=((Kind.ENTRY, "1"),))

    def walk(known: Callable[[Kind], Iterable[str]]) -> Iterator[Page]:
        yield denying
        yield last_page([received(1)])

    with ReadAhead(walk, known=lambda _: []) as ahead:
        assert [len(batch) for batch in ahead] == [1, 1]


def test_several_pages_are_as_good_as_one() -> None:
    whole = joined(
        [
            page([received(1)], cursor="one", promised=3),
            page([received(2)], cursor="two"),
            last_page([received(3)], gone=((Kind.ENTRY, "9"),)),
        ]
    )
    assert [item.external_id for item in whole.items] == ["1", "2", "3"]
    assert (whole.cursor, whole.last, whole.complete, whole.promised) == ("end", True, True, 3)
    assert (whole.requests, whole.bytes, whole.gone) == (3, 300, ((Kind.ENTRY, "9"),))


def test_a_walk_that_is_left_early_leaves_no_thread_behind() -> None:
    def endless(known: object) -> Iterator[Page]:
        while True:
            list(known("entry"))  # type: ignore[operator]
            yield page()

    with ReadAhead(endless, known=lambda _: []) as ahead:
        next(iter(ahead))
    assert "read-ahead" not in [thread.name for thread in threading.enumerate()]
