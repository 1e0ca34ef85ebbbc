"""How much is said to the database: what no timing on a busy machine could guard."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection as database
from django.db import transaction
from django.test.utils import CaptureQueriesContext

from organiser_portal.connections.models import Connection, SyncState
from organiser_portal.participants.models import Entry
from organiser_portal.sync.apply import Applier
from organiser_portal.sync.engine import run_state
from providers.port import Page, Received
from providers.records import Kind
from tests.conftest import NOW
from tests.sync.plain import Plain, entry
from tests.sync.world import Clock, Script, last_page, page, received

OWN_TABLES = ("sync_syncrun", "connections_syncstate")  # what a run keeps about itself
WRITES = ("INSERT", "UPDATE", "DELETE")


@contextmanager
def said() -> Iterator[list[str]]:
    """The statements of a block, once it is over."""
    found: list[str] = []
    with CaptureQueriesContext(database) as caught:
        yield found
    found += [query["sql"] for query in caught.captured_queries]


@pytest.fixture
def apply(new_connection: Callable[..., Connection]) -> Callable[[range, str], int]:
    """Store entries of these numbers, and say how many statements it took."""
    applier = Applier(connection=new_connection(), provider=Plain(), run_id=None, now=lambda: NOW)

    def statements(numbers: range, first_name: str) -> int:
        items = tuple(entry(str(number), first_name=first_name, last_name=str(number)) for number in numbers)
        with transaction.atomic(), said() as statements:
            applier.apply(Page(items=items), resource="entries")
        return len(statements)

    statements(range(1), "Ada")  # the race they run is made once
    return statements


def test_a_large_page_takes_as_many_statements_as_a_small_one(apply: Callable[[range, str], int]) -> None:
    assert apply(range(1, 5), "Ada") == apply(range(5, 305), "Ada")
    assert apply(range(1, 5), "Bo") == apply(range(5, 305), "Bo") <= 20
    assert apply(range(1, 305), "Bo") <= 2
    assert Entry.objects.filter(first_name="Bo").count() == 304


def test_a_whole_walk_that_finds_nothing_new_writes_nothing_but_its_run(
    entries: SyncState, script: Script, clock: Clock
) -> None:
    def listing() -> list[Page]:
        return [page([received(number) for number in range(50)], cursor="one"), last_page([received(50)])]

    script.acts = [*listing()]
    run_state(entries.pk, clock=clock)
    clock.now += timedelta(days=2)
    script.acts = [*listing()]
    with said() as statements:
        done = run_state(entries.pk, clock=clock)
    assert done is not None
    assert (done.same, done.pages) == (51, 2)
    written = [sql for sql in statements if sql.startswith(WRITES) and not any(own in sql for own in OWN_TABLES)]
    assert written == []
    assert len(statements) < 60
    assert not any("first_name" in sql for sql in statements), "entries are compared without being read"


def test_an_incremental_walk_counts_only_where_what_came_does_not_tell_how_many_there_are(
    entries: SyncState, script: Script, clock: Clock
) -> None:
    def counted(*acts: Page) -> list[str]:
        script.acts = [*acts]
        with said() as statements:
            done = run_state(entries.pk, clock=clock, by_hand=True)
        assert done is not None
        assert done.held == Entry.objects.filter(gone_at=None).count()
        return [sql for sql in statements if "COUNT(" in sql and "participants_entry" in sql]

    assert counted(last_page([received(1), received(2)], cursor="so far"))

    def more(*items: Received, **facts: object) -> Page:
        return last_page(items, cursor="so far", complete=False, **facts)

    assert counted(more(received(2))) == []
    assert counted(more(received(2, "Bo"), received(3), received(4))) == []
    assert counted(more(received(5), gone=((Kind.ENTRY, "4"),))) == []
    assert counted(more(received(4))), "it is listed again"
    Entry.objects.filter(external_id="1").update(fingerprint=b"")
    assert counted(more(received(1))), "it was put there by ourselves, and may never have been listed"
    entries.refresh_from_db()
    assert entries.held == 5


def test_an_entry_that_took_the_place_of_another_is_no_reason_to_keep_that(
    entries: SyncState, script: Script, clock: Clock
) -> None:
    script.acts = [last_page([received(1), received(2)])]
    run_state(entries.pk, clock=clock)
    script.acts = [last_page([received(1), received(3)])]
    run_state(entries.pk, clock=clock, by_hand=True, full=True)
    assert list(Entry.objects.filter(gone_at=None).order_by("external_id").values_list("external_id", flat=True)) == [
        "1",
        "3",
    ]


def test_a_record_that_cannot_be_read_does_not_hide_one_that_is_gone(
    entries: SyncState, script: Script, clock: Clock
) -> None:
    script.acts = [last_page([received(1), received(2)])]
    run_state(entries.pk, clock=clock)
    script.acts = [last_page([received(1), received(3, bad=True)])]
    run_state(entries.pk, clock=clock, by_hand=True, full=True)
    assert Entry.objects.get(gone_at=None).external_id == "1"
