"""Payloads of one kind are packed against what they have in common, and each is readable for ever."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from organiser_portal.connections.dictionaries import Dictionaries
from organiser_portal.connections.mapping import find_questions
from organiser_portal.connections.models import Connection, PayloadDictionary, SourcePayload, SyncState
from organiser_portal.participants.models import Entry
from organiser_portal.sync.engine import run_state
from organiser_portal.sync.replay import replay
from providers.commonplaces import FEWEST
from providers.packing import Packing, pack
from providers.port import Received
from providers.records import Kind
from tests.conftest import NOW
from tests.sync.world import Clock, Programmed, Script, last_page, page, received

pytestmark = pytest.mark.django_db(transaction=True)  # what is committed is remembered


@pytest.fixture(autouse=True)
def club_is_nobodys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Programmed, "impersonal", {Kind.ENTRY: frozenset({"club"})})


@pytest.fixture
def first() -> list[Received]:
    return [received(number, f"Ada {number}", club="Hexley Harriers and Athletics Club") for number in range(FEWEST)]


@pytest.fixture
def loaded(entries: SyncState, script: Script, clock: Clock, first: list[Received]) -> SyncState:
    script.acts = [page(first, cursor="one"), last_page([received("more", "Eda")])]
    run_state(entries.pk, clock=clock)
    return entries


def stored() -> Iterator[tuple[str, bytes, int | None]]:
    for row in SourcePayload.objects.prefetch_related("dictionary"):
        yield row.external_id, row.json(), row.dictionary_id


def test_a_first_load_makes_one_and_all_its_payloads_can_be_read(loaded: SyncState, first: list[Received]) -> None:
    made = PayloadDictionary.objects.get()
    assert b'"club":"Hexley Harriers and Athletics Club"' in made.data
    assert b"Ada" not in bytes(made.data)
    wanted = {item.external_id: item.payload for item in [*first, received("more", "Eda")]}
    assert {external_id: payload for external_id, payload, _ in stored()} == wanted
    assert {dictionary_id for *_, dictionary_id in stored()} == {made.pk}


def test_later_runs_use_it(loaded: SyncState, script: Script, clock: Clock, first: list[Received]) -> None:
    moved = [received(number, "Eve") for number in range(FEWEST)]
    script.acts = [last_page([*moved, received("new", "Noa")])]
    run_state(loaded.pk, clock=clock, full=True, by_hand=True)
    made = PayloadDictionary.objects.get()
    assert {dictionary_id for *_, dictionary_id in stored()} == {made.pk}
    assert {external_id: payload for external_id, payload, _ in stored()}["7"] == moved[7].payload


def test_a_connection_older_than_dictionaries_gets_one_with_the_next_hundred_that_change(
    loaded: SyncState, script: Script, clock: Clock
) -> None:
    for row in SourcePayload.objects.prefetch_related("dictionary"):
        SourcePayload.objects.filter(pk=row.pk).update(data=pack(row.json()), dictionary=None)
    PayloadDictionary.objects.all().delete()
    moved = [received(number, "Eve", club="Hexley Harriers and Athletics Club") for number in range(FEWEST)]
    script.acts = [page([received("one", "Noa")], cursor="one"), last_page(moved)]
    run_state(loaded.pk, clock=clock, by_hand=True)
    made = PayloadDictionary.objects.get()
    wanted = {item.external_id: item.payload for item in [*moved, received("more", "Eda"), received("one", "Noa")]}
    assert {external_id: payload for external_id, payload, _ in stored()} == wanted
    assert {external_id for external_id, _, held in stored() if held is None} == {"more", "one"}
    assert {held for *_, held in stored() if held} == {made.pk}


def test_what_was_stored_without_one_stays_readable(
    loaded: SyncState, script: Script, clock: Clock, connection: Connection
) -> None:
    before = received("1", "Ida")
    SourcePayload.objects.filter(external_id="1").update(data=pack(before.payload), dictionary=None)
    replay(connection=connection, provider=Programmed(), now=clock)
    assert Entry.objects.get(external_id="1").first_name == "Ida"
    assert Entry.objects.get(external_id="2").first_name == "Ada 2"


def test_however_many_are_read_it_is_fetched_once(
    loaded: SyncState, connection: Connection, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(4):  # the newest of two kinds, the payloads, their dictionary
        find_questions(connection)


def test_few_records_have_none(entries: SyncState, script: Script, clock: Clock, first: list[Received]) -> None:
    script.acts = [last_page(first[: FEWEST - 1])]
    run_state(entries.pk, clock=clock)
    assert not PayloadDictionary.objects.exists()
    assert SourcePayload.objects.filter(dictionary=None).count() == FEWEST - 1


def test_it_goes_with_its_connection(loaded: SyncState, connection: Connection) -> None:
    connection.delete()
    assert not PayloadDictionary.objects.exists()
    assert not SourcePayload.objects.exists()


def test_one_whose_page_was_taken_back_is_stored_with_the_next(connection: Connection) -> None:
    dictionaries, packing = Dictionaries(connection), Packing(b'"club":"Hexley Harriers"')

    def keep() -> int | None:
        return dictionaries.id_of(Kind.ENTRY, packing, now=NOW)

    with suppress(ZeroDivisionError), transaction.atomic():
        assert keep()
        raise ZeroDivisionError
    with transaction.atomic():
        kept = keep()
    with transaction.atomic():
        assert keep() == kept
    assert PayloadDictionary.objects.get().pk == kept
