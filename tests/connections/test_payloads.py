"""What is kept of what a provider sent: by the row and by the bundle, and how nothing of somebody is kept any more."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from django.db import connection as database
from django.db import transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from organiser_portal.connections.models import Connection, PayloadBundle, SourcePayload
from organiser_portal.connections.payloads import CHUNK, Keeper, every, forget, newest
from organiser_portal.organisations.models import Organisation
from providers.bundles import MOST, bundles_of
from providers.pages import mark_of, words
from providers.port import Received
from providers.records import EntryRecord, Kind
from tests.conftest import NOW
from tests.factories import make_connection
from tests.kept import in_bundles, kept
from tests.waiting import while_at_work

pytestmark = pytest.mark.django_db
two_writers = pytest.mark.skipif(database.vendor == "sqlite", reason="it has one writer at a time")


@pytest.fixture
def connection(organisation: Organisation) -> Connection:
    return make_connection(organisation)


def said(number: int, says: str = "then", kind: Kind = Kind.ENTRY) -> Received:
    payload = f'{{"id": "{number}", "says": "{says}"}}'.encode()
    return Received(kind=kind, external_id=f"{number}", fingerprint=b"", payload=payload)


def bundle(connection: Connection, items: Sequence[Received]) -> None:
    records = [EntryRecord(external_id=item.external_id, event_id="e", race_id="r") for item in items]
    bundles = bundles_of(items, records)
    with transaction.atomic():
        Keeper(connection, {}).keep(items[0].kind, [], bundles, unheld=True, now=NOW)


def store(connection: Connection, items: Sequence[Received], *, unheld: bool = False) -> None:
    with transaction.atomic():
        Keeper(connection, {}).keep(items[0].kind, items, unheld=unheld, now=NOW)


def payloads_of(items: Sequence[Received]) -> dict[str, bytes]:
    return {item.external_id: item.payload for item in items}


def test_a_row_counts_before_the_copy_in_a_bundle(connection: Connection) -> None:
    then, now = [said(number) for number in range(20)], [said(3, "now"), said(99, "now")]
    bundle(connection, then)
    store(connection, now)
    assert kept(connection) == payloads_of([*then, *now])
    assert list(newest(connection, Kind.ENTRY, 2)) == [item.payload for item in now]


def test_each_kind_and_each_connection_has_its_own(connection: Connection, organisation: Organisation) -> None:
    other = make_connection(organisation)
    bundle(connection, [said(number) for number in range(10)])
    bundle(connection, [said(number, kind=Kind.APPLICATION) for number in range(11)])
    bundle(other, [said(number) for number in range(12)])
    forget(connection, Kind.ENTRY, ["1"])
    assert [len(kept(connection)), len(kept(connection, Kind.APPLICATION)), len(kept(other))] == [9, 11, 12]


def test_however_many_there_are_each_comes_once(connection: Connection) -> None:
    items = [said(number) for number in range(11 * MOST)]
    bundle(connection, items)
    changed = [said(number, "now") for number in range(0, 11 * MOST, 2)]
    store(connection, changed)
    assert kept(connection) == payloads_of([*items, *changed])


def test_the_newest_are_the_rows_and_then_the_last_bundles(connection: Connection) -> None:
    items = [said(number) for number in range(3 * MOST)]
    bundle(connection, items)
    store(connection, [said(1, "now")])
    found = list(newest(connection, Kind.ENTRY, MOST + 1))
    assert found[0] == said(1, "now").payload
    assert set(found[1:]) == {item.payload for item in items[2 * MOST :]}
    assert len(list(newest(connection, Kind.ENTRY, 1_000))) == 3 * MOST


def test_where_rows_are_enough_no_bundle_is_opened(
    connection: Connection, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    bundle(connection, [said(number) for number in range(20)])
    store(connection, [said(number, "now") for number in range(3)])
    with django_assert_num_queries(2):
        assert len(list(newest(connection, Kind.ENTRY, 3))) == 3


def test_nothing_stays_of_what_is_forgotten(connection: Connection) -> None:
    bundle(connection, [said(number) for number in range(3 * MOST)])
    store(connection, [said(7, "now"), said(8, "now")])
    with transaction.atomic():
        forget(connection, Kind.ENTRY, ["7", "150", "never there"])
    assert kept(connection).keys() == {f"{number}" for number in range(3 * MOST)} - {"7", "150"}
    assert {"7", "150"}.isdisjoint(in_bundles())
    marks = [mark for each in PayloadBundle.objects.all() for mark in words(bytes(each.marks))]
    assert {mark_of("7"), mark_of("150")}.isdisjoint(marks)
    assert sorted(marks) == sorted(map(mark_of, in_bundles()))
    assert SourcePayload.objects.get().external_id == "8"


def test_a_bundle_without_records_goes(connection: Connection) -> None:
    bundle(connection, [said(number) for number in range(10)])
    for number in range(10):
        forget(connection, Kind.ENTRY, [f"{number}"])
    assert not PayloadBundle.objects.exists()


def test_what_is_forgotten_is_there_again_if_the_transaction_is_taken_back(connection: Connection) -> None:
    bundle(connection, [said(number) for number in range(10)])
    with transaction.atomic():
        forget(connection, Kind.ENTRY, ["1"])
        transaction.set_rollback(True)
    assert len(kept(connection)) == 10


def test_to_forget_nobody_asks_nothing(
    connection: Connection, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        forget(connection, Kind.ENTRY, [])


def test_they_go_with_their_connection(connection: Connection) -> None:
    bundle(connection, [said(number) for number in range(10)])
    connection.delete()
    assert not PayloadBundle.objects.exists()


@pytest.mark.django_db(transaction=True)
@two_writers
@pytest.mark.parametrize("left", [["0", "3", "4", "5", "6", "7", "8", "9"], []])
def test_two_who_forget_at_once_both_do(connection: Connection, left: list[str]) -> None:
    bundle(connection, [said(number) for number in range(10)])
    mine, theirs = (["1"], ["2"]) if left else (["0", "1", "2", "3", "4"], ["5", "6", "7", "8", "9"])

    def forget_theirs() -> None:
        with transaction.atomic():
            forget(connection, Kind.ENTRY, theirs)

    with while_at_work(forget_theirs) as let_it_come:
        forget(connection, Kind.ENTRY, mine)
        let_it_come()
    assert in_bundles() == left
    assert PayloadBundle.objects.exists() == bool(left)


@pytest.mark.django_db(transaction=True)
@two_writers
def test_two_who_forget_in_several_bundles_do_not_wait_crosswise(connection: Connection) -> None:
    bundle(connection, [said(number) for number in range(8 * MOST)])
    mine, theirs = ([f"{number}" for number in range(start, 8 * MOST, 50)] for start in (0, 1))

    def forget_theirs() -> None:
        with transaction.atomic():
            forget(connection, Kind.ENTRY, theirs[::-1])

    with while_at_work(forget_theirs) as let_it_come:
        forget(connection, Kind.ENTRY, mine[:5])
        let_it_come()
        forget(connection, Kind.ENTRY, mine[5:])
    assert set(in_bundles()) == {f"{number}" for number in range(8 * MOST)} - {*mine, *theirs}


@pytest.mark.skipif(database.vendor != "postgresql", reason="it tells how many rows a statement has read")
def test_a_walk_over_all_that_is_kept_reads_each_row_twice_at_most(connection: Connection) -> None:
    """Its key and itself: of a table that was never analysed, each page read all there is, to sort it for that page."""
    items = [said(number) for number in range(20 * CHUNK)]
    store(connection, items, unheld=True)
    with CaptureQueriesContext(database) as asked:
        assert sum(len(some) for some in every(connection, Kind.ENTRY)) == len(items)
    assert sum(map(rows_read, asked.captured_queries)) <= 2 * len(items)


def rows_read(asked: Mapping[str, str]) -> int:
    """How many rows a statement has taken from tables."""
    with database.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {asked['sql']}")
        [[[told]]] = cursor.fetchall()
    return sum(node["Actual Rows"] for node in nodes(told["Plan"]) if "Relation Name" in node)


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


@pytest.mark.skipif(database.vendor != "postgresql", reason="SQLite packs nothing")
def test_what_is_packed_is_not_packed_again(connection: Connection) -> None:
    PayloadBundle.objects.create(connection=connection, kind="entry", marks=b"", data=bytes(100_000), fetched_at=NOW)
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_column_compression(data) FROM connections_payloadbundle")
        assert cursor.fetchone() == (None,)
