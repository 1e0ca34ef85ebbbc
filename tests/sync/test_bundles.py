"""A first load keeps its payloads in bundles; what changes has a row; whom the provider erases is in neither."""

from collections.abc import Callable, Sequence
from contextlib import closing

import pytest
from django.db import transaction

from organiser_portal.connections.models import Connection, PayloadBundle, RejectedRecord, SourcePayload, SyncState
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants.models import Entry
from organiser_portal.sync.apply import Applier
from organiser_portal.sync.engine import run_state
from organiser_portal.sync.replay import replay
from organiser_portal.sync.walk import joined
from providers.port import Page, Received
from providers.records import Kind, Record
from tests.conftest import NOW
from tests.kept import in_bundles, kept
from tests.sync.plain import Plain, entry
from tests.sync.world import Clock, Script, last_page, page, received

pytestmark = pytest.mark.django_db

type Load = Callable[..., None]


@pytest.fixture
def plain(organisation: Organisation) -> Connection:
    return Connection.objects.create(organisation=organisation, provider="plain", label="Plain")


@pytest.fixture
def load(plain: Connection) -> Load:
    """Pages as one batch, prepared or not."""

    def loaded(*pages: Sequence[Received], prepared: bool = True) -> None:
        come = [Page(items=tuple(items)) for items in pages]
        applier = Applier(connection=plain, provider=Plain(), run_id=1, now=lambda: NOW)
        with closing(applier), transaction.atomic():
            for one in come if prepared else ():
                applier.prepare(one)
            applier.apply(joined(come), resource="entries")

    return loaded


def some(start: int, stop: int) -> list[Received]:
    return [entry(f"{number}", first_name=f"Ada {number}") for number in range(start, stop)]


def ids(items: Sequence[Received]) -> set[str]:
    return {item.external_id for item in items}


def payloads_of(*items: Received) -> dict[str, bytes]:
    return {item.external_id: item.payload for item in items}


def rows() -> set[str]:
    return set(SourcePayload.objects.values_list("external_id", flat=True))


def test_a_first_load_is_kept_in_bundles_and_a_change_in_a_row(
    entries: SyncState, script: Script, clock: Clock
) -> None:
    first = [received(number) for number in range(300)]
    script.acts = [page(first[:150], cursor="one"), last_page(first[150:])]
    run_state(entries.pk, clock=clock)
    assert PayloadBundle.objects.count() == 4
    assert not rows()
    assert kept(entries.connection) == payloads_of(*first)
    moved = received(7, "Eda")
    script.acts = [last_page([moved, received("new")])]
    run_state(entries.pk, clock=clock, by_hand=True)
    assert rows() == {"7", "new"}
    assert len(in_bundles()) == 300
    assert kept(entries.connection) == payloads_of(*first, moved, received("new"))


def test_what_was_not_prepared_is_kept_in_rows(plain: Connection, load: Load) -> None:
    load(some(0, 20), prepared=False)
    assert rows() == ids(some(0, 20))
    assert kept(plain) == payloads_of(*some(0, 20))


def test_a_bundle_with_one_that_is_there_already_is_not_used(plain: Connection, load: Load) -> None:
    load([entry("3", first_name="Eda")], prepared=False)
    load(some(0, 20), some(20, 40))
    assert rows() == ids(some(0, 20))
    assert in_bundles() == [item.external_id for item in some(20, 40)]
    assert kept(plain) == payloads_of(*some(0, 40))


def test_nor_is_one_with_somebody_whose_race_nobody_knows(plain: Connection, load: Load) -> None:
    load([*some(0, 20), entry("lost", race_id="r9")], some(20, 40))
    assert RejectedRecord.objects.get().external_id == "lost"
    assert rows() == ids(some(0, 20))
    assert kept(plain) == payloads_of(*some(0, 40))


def test_nor_is_one_with_somebody_who_comes_again_in_the_batch(plain: Connection, load: Load) -> None:
    again = entry("3", first_name="Eda")
    load(some(0, 20), [*some(20, 40), again])
    assert rows() == ids(some(0, 20)) - {"3"}
    assert kept(plain) == payloads_of(*some(0, 40), again)


def test_who_comes_again_erased_is_nowhere(plain: Connection, load: Load) -> None:
    load(some(0, 20), [*some(20, 40), entry("3", redacted=True, first_name="Ada 3")])
    assert Entry.objects.get(external_id="3").redacted
    assert kept(plain).keys() == ids(some(0, 40)) - {"3"}
    assert "3" not in in_bundles()


def test_one_bad_record_costs_the_others_no_bundle(plain: Connection, load: Load) -> None:
    load([*some(0, 20), entry("bad", broken=True)])
    assert in_bundles() == [item.external_id for item in some(0, 20)]


def test_one_erased_person_costs_the_others_no_bundle(plain: Connection, load: Load) -> None:
    load([*some(0, 20), entry("erased", redacted=True, first_name="Tom")])
    assert Entry.objects.count() == 21
    assert in_bundles() == [item.external_id for item in some(0, 20)]
    assert not rows()


@pytest.mark.parametrize("kind", [Kind.ENTRY, Kind.APPLICATION])
def test_who_is_erased_later_is_taken_out_of_the_bundle(plain: Connection, load: Load, kind: Kind) -> None:
    first = [entry(f"{number}", kind, first_name="Ada", updated_at="2027-05-01T10:00:00+00:00") for number in range(20)]
    load(first)
    load([entry("3", kind, first_name="Eda", updated_at="2027-05-02T10:00:00+00:00")], prepared=False)
    load([entry("3", kind, redacted=True, updated_at="2027-05-03T10:00:00+00:00")], prepared=False)
    assert "3" not in in_bundles()
    assert not rows()
    assert kept(plain, kind).keys() == ids(first) - {"3"}


class Shouting(Plain):
    """Reads the same payloads another way, and says how often."""

    def decode(self, item: Received) -> tuple[Record, ...]:
        entry, *others = super().decode(item)
        return (type(entry)(**{**_fields(entry), "wave": "READ AGAIN"}), *others)


def _fields(record: Record) -> dict[str, object]:
    return {name: getattr(record, name) for name in record.__struct_fields__}


def test_a_replay_reads_each_once_as_it_came_last(plain: Connection, load: Load) -> None:
    load(some(0, 250))
    load([entry("3", first_name="Eda")], prepared=False)
    provider = Shouting()
    tally = replay(connection=plain, provider=provider, now=lambda: NOW)
    assert (tally.seen, provider.decoded) == (250, 250)
    assert not Entry.objects.exclude(provider_wave="READ AGAIN").exists()
    assert Entry.objects.get(external_id="3").first_name == "Eda"
    assert Entry.objects.get(external_id="4").first_name == "Ada 4"
