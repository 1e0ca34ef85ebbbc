"""Payloads that have a row are packed against what those of their kind have in common, and are readable for ever."""

from collections.abc import Iterator, Sequence
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
from providers.commonplaces import FEWEST, Places, commonplaces
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
    """A first load, in bundles, and each of them moved once, so that it has a row."""
    script.acts = [page(first, cursor="one"), last_page([received("more", "Eda")])]
    run_state(entries.pk, clock=clock)
    script.acts = [last_page([moved(each) for each in first])]
    run_state(entries.pk, clock=clock, by_hand=True)
    return entries


def moved(item: Received) -> Received:
    return received(item.external_id, "Eve", club="Hexley Harriers and Athletics Club")


def stored() -> Iterator[tuple[str, bytes, int | None]]:
    for row in SourcePayload.objects.prefetch_related("dictionary"):
        yield row.external_id, row.json(), row.dictionary_id


def payloads() -> dict[str, bytes]:
    return {external_id: payload for external_id, payload, _ in stored()}


def test_a_first_load_makes_one_for_the_rows_to_come(
    entries: SyncState, script: Script, clock: Clock, first: list[Received]
) -> None:
    script.acts = [page(first, cursor="one"), last_page([received("more", "Eda")])]
    run_state(entries.pk, clock=clock)
    made = PayloadDictionary.objects.get()
    assert b'"club":"Hexley Harriers and Athletics Club"' in made.data
    assert b"Ada" not in bytes(made.data)
    assert list(stored()) == [("more", received("more", "Eda").payload, made.pk)]


def test_later_runs_use_it(loaded: SyncState, first: list[Received]) -> None:
    made = PayloadDictionary.objects.get()
    assert {dictionary_id for *_, dictionary_id in stored()} == {made.pk}
    assert payloads() == {item.external_id: item.payload for item in [*map(moved, first), received("more", "Eda")]}


def test_a_connection_older_than_dictionaries_gets_one_with_the_next_that_changes(
    loaded: SyncState, script: Script, clock: Clock
) -> None:
    for row in SourcePayload.objects.prefetch_related("dictionary"):
        SourcePayload.objects.filter(pk=row.pk).update(data=pack(row.json()), dictionary=None)
    PayloadDictionary.objects.all().delete()
    changed = [received(number, "Nia", club="Hexley Harriers and Athletics Club") for number in range(FEWEST)]
    script.acts = [page([received("one", "Noa")], cursor="one"), last_page(changed)]
    run_state(loaded.pk, clock=clock, by_hand=True)
    made = PayloadDictionary.objects.get()
    wanted = [*changed, received("more", "Eda"), received("one", "Noa")]
    assert payloads() == {item.external_id: item.payload for item in wanted}
    assert {external_id for external_id, _, held in stored() if held is None} == {"more"}
    assert {held for *_, held in stored() if held} == {made.pk}


def test_what_was_stored_without_one_stays_readable(loaded: SyncState, clock: Clock, connection: Connection) -> None:
    before = received("1", "Ida")
    SourcePayload.objects.filter(external_id="1").update(data=pack(before.payload), dictionary=None)
    replay(connection=connection, provider=Programmed(), now=clock)
    assert Entry.objects.get(external_id="1").first_name == "Ida"
    assert Entry.objects.get(external_id="2").first_name == "Eve"


def test_however_many_are_read_it_is_fetched_once(
    loaded: SyncState, connection: Connection, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(8):  # keys, rows, dictionary; keys, bundles, who has a row; neither of applications
        find_questions(connection)


def test_few_records_have_none(entries: SyncState, script: Script, clock: Clock, first: list[Received]) -> None:
    script.acts = [last_page(first[: FEWEST - 1])]
    run_state(entries.pk, clock=clock)
    script.acts = [last_page([moved(each) for each in first[: FEWEST - 1]])]
    run_state(entries.pk, clock=clock, by_hand=True)
    assert not PayloadDictionary.objects.exists()
    assert SourcePayload.objects.filter(dictionary=None).count() == FEWEST - 1


def test_it_goes_with_its_connection(loaded: SyncState, connection: Connection) -> None:
    connection.delete()
    assert not PayloadDictionary.objects.exists()
    assert not SourcePayload.objects.exists()


def test_one_whose_page_was_taken_back_is_stored_with_the_next(connection: Connection, first: list[Received]) -> None:
    dictionaries = Dictionaries(connection, Programmed.impersonal)
    dictionaries.learn(Kind.ENTRY, [item.payload for item in first])

    def keep() -> int | None:
        return dictionaries.id_of(Kind.ENTRY, dictionaries.packing(Kind.ENTRY), now=NOW)

    with suppress(ZeroDivisionError), transaction.atomic():
        assert keep()
        raise ZeroDivisionError
    with transaction.atomic():
        kept = keep()
    with transaction.atomic():
        assert keep() == kept
    assert PayloadDictionary.objects.get().pk == kept


def test_the_first_that_is_learned_stays(
    entries: SyncState, first: list[Received], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two threads store at once. What one of them has packed with must not become another's under its hands."""
    dictionaries = Dictionaries(entries.connection, Programmed.impersonal)
    other = [received(number, club="Wether Fell Runners").payload for number in range(FEWEST)]
    packings: list[Packing] = []

    def meanwhile(payloads: Sequence[bytes], places: Places) -> bytes:
        if not packings:
            packings.append(dictionaries.packing(Kind.ENTRY))  # until the other has learned something: by itself
            dictionaries.learn(Kind.ENTRY, other)
            packings.append(dictionaries.packing(Kind.ENTRY))
        return commonplaces(payloads, places)

    monkeypatch.setattr("organiser_portal.connections.dictionaries.commonplaces", meanwhile)
    dictionaries.learn(Kind.ENTRY, [item.payload for item in first])
    by_itself, learned = packings
    assert dictionaries.packing(Kind.ENTRY) is learned
    with transaction.atomic():
        assert dictionaries.id_of(Kind.ENTRY, by_itself, now=NOW) is None
        named = dictionaries.id_of(Kind.ENTRY, learned, now=NOW)
    assert bytes(PayloadDictionary.objects.get(pk=named).data) == learned.dictionary != b""
