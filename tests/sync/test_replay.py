"""What could not be read is read with a better mapping, and no more is believed of it than the provider last said."""

import json
from datetime import timedelta

import pytest

from organiser_portal.connections.models import RejectedRecord, SyncState
from organiser_portal.participants.columns import BIB, HELD
from organiser_portal.participants.models import Entry
from organiser_portal.sync.replay import replay
from providers.port import Received
from providers.records import EntryRecord, Person, RaceRecord, Record
from tests.sync.test_engine import run
from tests.sync.world import Clock, Programmed, Script, last_page, received

pytestmark = pytest.mark.django_db


class Mended(Programmed):
    """Reads what could not be read."""

    def decode(self, item: Received) -> tuple[Record, ...]:
        told = json.loads(item.payload)
        person = Person(first_name=told["first"], last_name=told["last"])
        entry = EntryRecord(external_id=item.external_id, event_id="E", race_id="R", person=person)
        return (entry, RaceRecord(external_id="R", event_id="E", stub=True))


def walk(entries: SyncState, script: Script, clock: Clock, *items: Received) -> None:
    clock.now += timedelta(hours=1)
    script.acts = [last_page(items)]
    run(entries, clock, by_hand=True, full=True)


def read_again(entries: SyncState, clock: Clock) -> None:
    clock.now += timedelta(hours=1)
    replay(connection=entries.connection, provider=Mended(), now=clock)
    assert not RejectedRecord.objects.filter(resolved_at=None).exists()


def test_what_is_still_listed_is_listed_here(entries: SyncState, script: Script, clock: Clock) -> None:
    walk(entries, script, clock, received(1), received(2, bad=True))
    walk(entries, script, clock, received(1), received(2, bad=True))
    assert RejectedRecord.objects.get().last_seen == clock.now
    read_again(entries, clock)
    assert Entry.objects.filter(gone_at=None).count() == 2


def test_what_the_provider_no_longer_lists_does_not_become_listed(
    entries: SyncState, script: Script, clock: Clock
) -> None:
    walk(entries, script, clock, received(1), received(2, bad=True))
    walk(entries, script, clock, received(1))
    read_again(entries, clock)
    assert Entry.objects.get(external_id="2").gone_at == clock.now
    assert Entry.objects.get(external_id="1").gone_at is None
    walk(entries, script, clock, received(1), received(2, bad=True, of="late"))
    walk(entries, script, clock, received(1), received(2))
    assert Entry.objects.get(external_id="2").gone_at is None, "it is listed again"


def test_what_was_held_and_is_gone_stays_gone(entries: SyncState, script: Script, clock: Clock) -> None:
    walk(entries, script, clock, received(1), received(2))
    walk(entries, script, clock, received(1), received(2, "Eda", bad=True))
    walk(entries, script, clock, received(1))
    gone_at = clock.now
    read_again(entries, clock)
    entry = Entry.objects.get(external_id="2")
    assert (entry.first_name, entry.gone_at) == ("Eda", gone_at)


def test_what_came_after_the_last_whole_walk_is_listed(entries: SyncState, script: Script, clock: Clock) -> None:
    walk(entries, script, clock, received(1))
    clock.now += timedelta(hours=1)
    script.acts = [last_page([received(2, bad=True)], complete=False)]
    run(entries, clock, by_hand=True)
    read_again(entries, clock)
    assert Entry.objects.get(external_id="2").gone_at is None


def test_what_is_longer_than_its_column_is_sorted_and_searched_by_what_stands_there(
    entries: SyncState, script: Script, clock: Clock
) -> None:
    """A first load went by the whole of it, and whatever came later by what had been kept."""
    walk(entries, script, clock, received(1, "Ada" * 300, last="Byron" * 50))
    derived = Entry.objects.values_list("sort_name", "search_text")
    first = derived.get()
    assert first[0] == f"{('byron' * 50)[:200]} {('ada' * 300)[:200]}"[:300]
    read_again(entries, clock)
    assert derived.get() == first


def test_the_columns_are_as_long_as_that() -> None:
    lengths = {field.name: field.max_length for field in Entry._meta.concrete_fields}
    assert {name: lengths[name] for name in HELD} == HELD
    assert (lengths["bib"], lengths["provider_bib"]) == (BIB, BIB)
