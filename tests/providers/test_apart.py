"""What another process reads is what would be read here; and without it all goes on."""

import json
import os
import signal
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from providers.apart import Apart, ReadPage
from providers.bundles import FEWEST, opened
from providers.contract import TEXT, record
from providers.decoded import Decoded
from providers.errors import BadRecord
from providers.letsdothis.contract import CONTRACT
from providers.letsdothis.people import Ways
from providers.letsdothis.reading import decode
from providers.port import Received
from providers.records import EntryRecord, Kind, RaceRecord
from providers.written import WrittenEntry
from tests.providers.letsdothis.samples import PARTICIPANT, PARTNER, raw
from tests.providers.letsdothis.test_mapping_property import rows

HERE = partial(decode, ways=Ways(), price_unit="minor")
SOON = 20  # seconds, for what takes a moment


@pytest.fixture(scope="module")
def apart() -> Iterator[Apart]:
    made = Apart(HERE, CONTRACT)
    yield made
    made.close()


def participant(external_id: str, **said: Any) -> Received:
    payload = bytes(raw(PARTICIPANT | said | {"id": external_id}))
    return Received(kind=Kind.ENTRY, external_id=external_id, fingerprint=b"", payload=payload)


def falls_over(item: Received) -> Decoded:
    """A decoder with which a process dies at one record."""
    if item.external_id == "poison":
        os._exit(1)
    return Decoded(EntryRecord(external_id=item.external_id, event_id="e", race_id="r"))


def waits(item: Received) -> Decoded:
    """A decoder that never comes to an end."""
    signal.pause()
    return HERE(item)


class NeverStarts:
    """A decoder with which a process dies before it is there."""

    def __call__(self, item: Received) -> Decoded:
        return HERE(item)

    def __reduce__(self) -> tuple[Any, ...]:
        return os._exit, (1,)


@given(st.lists(rows, max_size=4), st.sampled_from([Kind.ENTRY, Kind.APPLICATION, Kind.TICKET_TYPE]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_it_reads_as_we_do(apart: Apart, page: list[dict[str, Any]], kind: Kind) -> None:
    payloads = [json.dumps(row | {"id": "x"}).encode() for row in page]
    items = [Received(kind=kind, external_id="x", fingerprint=b"", payload=payload) for payload in payloads]
    for item, read in zip(items, apart.read(items).result(SOON).read, strict=True):
        try:
            record, *mentioned = HERE(item).records
        except BadRecord:
            assert read is None
            continue
        assert read is not None
        assert read.records[0] == record
        assert set(read.records[1:]) <= set(mentioned)


def test_a_page_names_its_race_once(apart: Apart) -> None:
    one, other = participant("1"), participant("2", updatedAt="2027-03-01T00:00:00.000Z")
    elsewhere = participant("3", raceId="another", raceName="Another 10K")
    first, second, third = (read.records for read in apart.read([one, other, elsewhere]).result(SOON).read if read)
    assert first == HERE(one).records
    assert second == HERE(other).records[:1]
    assert third == tuple(said for said in HERE(elsewhere).records if type(said).__name__ != "EventRecord")


def test_what_was_said_otherwise_meanwhile_is_said_again(apart: Apart) -> None:
    names = ("10K", "10K", "10 km", "10 km", "10K")
    page = [participant(str(number), raceName=name) for number, name in enumerate(names)]
    said = [read.records[1:] for read in apart.read(page).result(SOON).read if read]
    assert [[race.name for race in each if isinstance(race, RaceRecord)] for each in said] == [
        ["10K"],
        [],
        ["10 km"],
        [],
        ["10K"],
    ]


def test_it_says_what_is_as_declared() -> None:
    apart = Apart(falls_over, {Kind.ENTRY: record(id=TEXT)})
    usual, strange = (
        Received(kind=Kind.ENTRY, external_id="1", fingerprint=b"", payload=payload)
        for payload in (b'{"id": "1"}', b'{"id": "1", "shoeSize": 43}')
    )
    assert [read and read.as_declared for read in apart.read([usual, strange]).result(SOON).read] == [True, False]
    apart.close()


def test_it_packs_what_the_page_came_as_but_for_the_erased_and_the_unread(apart: Apart) -> None:
    page = [participant(str(number)) for number in range(FEWEST + 2)]
    page[3] = participant("3", gdprRedacted=True)
    page[5] = Received(kind=Kind.ENTRY, external_id="5", fingerprint=b"", payload=b"{")
    (bundle,) = apart.read(page).result(SOON).bundles
    assert bundle.places == tuple(place for place in range(len(page)) if place not in (3, 5))
    assert opened(bundle.data) == [(page[place].external_id, page[place].payload) for place in bundle.places]


def test_what_is_written_down_is_packed_as_well_but_for_the_erased() -> None:
    apart = Apart(HERE, CONTRACT, write=shout)
    page = [participant(str(number), gdprRedacted=number == 3) for number in range(FEWEST + 1)]
    (bundle,) = apart.read(page).result(SOON).bundles
    assert [external_id for external_id, _ in opened(bundle.data)] == [
        item.external_id for item in page if item.external_id != "3"
    ]
    apart.close()


def speaks_in_halves(item: Received) -> Decoded:
    """A decoder that reads half a letter out of one record."""
    name = "\ud800" if item.external_id == "half" else "Ada"
    return Decoded(EntryRecord(external_id=item.external_id, event_id="e", race_id="r", wave=name))


def test_what_no_message_can_hold_is_left_to_us_and_nothing_else() -> None:
    apart = Apart(speaks_in_halves, {})
    read = apart.read([participant("1"), participant("half"), participant("3")]).result(SOON).read
    assert [each and each.records[0].external_id for each in read] == ["1", None, "3"]
    apart.close()


def test_what_it_cannot_send_back_is_left_to_us(apart: Apart) -> None:
    partner = Received(kind=Kind.PARTNER, external_id="9", fingerprint=b"", payload=bytes(raw(PARTNER)))
    good, none, also = apart.read([participant("1"), partner, participant("3")]).result(SOON).read
    assert good
    assert also
    assert none is None


def shout(records: Sequence[EntryRecord]) -> list[WrittenEntry]:
    """A writer that loses its voice at one bib."""
    if any(record.bib == "hush" for record in records):
        raise ValueError
    return [WrittenEntry(external_id=one.external_id, race_id=one.race_id, text=one.bib + "!") for one in records]


def test_entries_are_written_down_where_somebody_can() -> None:
    apart = Apart(HERE, CONTRACT, write=shout)
    page = [participant("1", bibNumber="7"), participant("2", bibNumber="8")]
    read = apart.read(page).result(SOON).read
    written = [each.records[0] for each in read if each]
    assert [one.text for one in written if isinstance(one, WrittenEntry)] == ["7!", "8!"]
    assert next(each.records[1:] for each in read if each) == HERE(page[0]).records[1:]
    apart.close()


def test_a_page_that_cannot_be_written_down_comes_back_as_it_is() -> None:
    apart = Apart(HERE, CONTRACT, write=shout)
    page = [participant("1"), participant("2", bibNumber="hush")]
    read = apart.read(page).result(SOON).read
    assert [each and each.records[0] for each in read] == [HERE(item).records[0] for item in page]
    apart.close()


def test_one_bad_record_is_one_bad_record(apart: Apart) -> None:
    bad = Received(kind=Kind.ENTRY, external_id="2", fingerprint=b"", payload=b"{")
    good, none, also = apart.read([participant("1"), bad, participant("3")]).result(SOON).read
    assert good
    assert also
    assert none is None


def test_when_it_dies_whatever_is_asked_is_left_to_us() -> None:
    apart = Apart(falls_over, {})
    poison = Received(kind=Kind.ENTRY, external_id="poison", fingerprint=b"", payload=b"{}")
    fine = apart.read([participant("1")])
    fatal, after = apart.read([participant("2"), poison]), apart.read([participant("3")])
    assert [read is not None for read in fine.result(SOON).read] == [True]
    assert (fatal.result(SOON), after.result(SOON)) == (ReadPage(), ReadPage())
    assert not apart.ready
    assert apart.read([participant("4")]).result(SOON) == ReadPage()
    apart.close()


def test_it_is_closed_while_it_is_at_work() -> None:
    apart = Apart(waits, {})
    asked = [apart.read([participant("1", padding="x" * 300_000)]) for _ in range(5)]
    apart.close()
    assert [each.result(SOON) for each in asked] == [ReadPage()] * 5


def test_it_is_given_up_while_it_is_at_work() -> None:
    apart = Apart(waits, {})
    asked = [apart.read([participant("1", padding="x" * 300_000)]) for _ in range(5)]
    apart.give_up()
    assert [each.result(SOON) for each in asked] == [ReadPage()] * 5
    assert not apart.ready
    assert apart.read([participant("2")]).result(SOON) == ReadPage()
    apart.close()


def test_it_never_starts() -> None:
    apart = Apart(NeverStarts(), {})
    assert apart.read([participant("1")]).result(SOON) == ReadPage()
    apart.close()
