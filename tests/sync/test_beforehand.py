"""What is done before its turn is done once, and is the same."""

import os
import signal
from collections.abc import Sequence
from contextlib import closing
from threading import Timer
from time import monotonic, sleep

import pytest

from organiser_portal.sync.beforehand import LONG, MOST_APART, Beforehand
from providers.bundles import FEWEST, opened
from providers.decoded import Decoded
from providers.errors import BadRecord
from providers.port import Decode, Page, Received
from providers.records import EntryRecord, Person
from providers.written import WrittenEntry
from tests.sync.plain import Plain, entry


def test_a_record_is_read_once() -> None:
    provider = Plain()
    beforehand, item = Beforehand(provider), entry("1", first_name="Ada")
    beforehand.prepare(Page(items=(item,)))
    beforehand.begin([item])
    assert beforehand.decode(item) == Plain().decode(item)
    assert provider.decoded == 1


def test_a_bundle_is_there_for_those_who_take_all_of_it() -> None:
    beforehand, items = Beforehand(Plain()), [entry(f"{number}") for number in range(2 * FEWEST)]
    for page in (items[:FEWEST], items[FEWEST:]):
        beforehand.prepare(Page(items=tuple(page)))
    beforehand.begin(items)
    (first, second), none = beforehand.bundled(items)
    assert [pair for one in (first, second) for pair in opened(one.data)] == [
        (item.external_id, item.payload) for item in items
    ]
    assert not none
    assert beforehand.bundled(items[1:]) == ([second], items[1:FEWEST])
    assert beforehand.bundled([]) == ([], [])
    beforehand.end()
    assert beforehand.bundled(items) == ([], items)


def test_what_was_not_prepared_or_has_had_its_turn_is_read_when_it_is_wanted() -> None:
    provider = Plain()
    beforehand, item = Beforehand(provider), entry("1", first_name="Ada")
    beforehand.prepare(Page(items=(item,)))
    beforehand.begin([item])
    beforehand.end()
    assert beforehand.decode(item) == Plain().decode(item)
    assert provider.decoded == 2


def test_pages_may_have_their_turn_together_and_the_next_still_has_its_own() -> None:
    provider = Plain()
    beforehand, items = Beforehand(provider), [entry(str(number)) for number in range(5)]
    for some in (items[:2], [], items[2:3], items[3:]):
        beforehand.prepare(Page(items=tuple(some)))
    for turn in (items[:3], items[3:]):
        beforehand.begin(turn)
        assert [beforehand.decode(item) for item in turn] == [Plain().decode(item) for item in turn]
        beforehand.end()
    assert provider.decoded == 5


def test_a_bad_record_is_bad_when_its_turn_comes() -> None:
    beforehand, bad, good = Beforehand(Plain()), entry("1", broken=True), entry("2")
    beforehand.prepare(Page(items=(bad, good)))
    beforehand.begin([bad, good])
    with pytest.raises(BadRecord):
        beforehand.decode(bad)
    assert beforehand.decode(good)


class Long(Plain):
    """Whose records can be read elsewhere."""

    def decoder(self) -> Decode:
        return self.told

    def told(self, item: Received) -> Decoded:
        record, *_ = self.decode(item)
        return Decoded(record, as_declared=record.external_id != "strange")


def test_what_is_read_here_is_looked_at_no_more_than_what_is_read_elsewhere() -> None:
    beforehand, plain, strange = Beforehand(Long()), entry("1"), entry("strange")
    beforehand.prepare(Page(items=(plain, strange)))
    beforehand.begin([plain, strange])
    assert beforehand.not_as_declared([plain, strange]) == [strange]


def test_a_long_walk_is_read_by_a_process_of_its_own_as_soon_as_that_is_there() -> None:
    provider, pages = Long(), 0
    with closing(Beforehand(provider)) as beforehand:
        while provider.decoded == pages and pages < 1_000:
            item, pages = entry(str(pages), first_name="Ada"), pages + 1
            beforehand.prepare(Page(items=(item,), promised=LONG))
            beforehand.begin([item])
            assert beforehand.decode(item)[0] == Plain().decode(item)[0]
            beforehand.end()
            sleep(0.01)
    assert 0 < provider.decoded < pages


class Signed(Long):
    """Whose entrants bear the number of the process that read them."""

    def told(self, item: Received) -> Decoded:
        signed = Person(last_name=str(os.getpid()))
        return Decoded(EntryRecord(external_id=item.external_id, event_id="e1", race_id="r1", person=signed))


def readers(beforehand: Beforehand, pages: int, *, promised: int) -> list[int]:
    """Who read one page after the other; each comes in its turn, whoever did."""
    items = [entry(str(number)) for number in range(pages)]
    for item in items:
        beforehand.prepare(Page(items=(item,), promised=promised))
    found = []
    for item in items:
        beforehand.begin([item])
        record, *_ = beforehand.decode(item)
        assert isinstance(record, EntryRecord)
        assert record.external_id == item.external_id
        found.append(int(record.person.last_name or os.getpid()))
        beforehand.end()
    return found


def until_there(beforehand: Beforehand, number: int, *, promised: int) -> set[int]:
    """So many processes, once they read."""
    until = monotonic() + 20
    while len(apart := {*readers(beforehand, 6, promised=promised)} - {os.getpid()}) < number and monotonic() < until:
        sleep(0.01)
    return apart


def test_a_longer_walk_is_read_by_two_and_what_one_leaves_unread_is_read_all_the_same() -> None:
    with closing(Beforehand(Signed())) as beforehand:
        apart = until_there(beforehand, MOST_APART, promised=MOST_APART * LONG)
        assert len(apart) == MOST_APART
        assert {*readers(beforehand, 6, promised=MOST_APART * LONG)} == apart
        lost = apart.pop()
        os.kill(lost, signal.SIGKILL)
        until = monotonic() + 20
        while (rest := {*readers(beforehand, 6, promised=MOST_APART * LONG)}) != apart and monotonic() < until:
            assert rest <= {*apart, lost, os.getpid()}
        assert rest == apart


def test_one_that_stands_still_is_waited_for_a_while_and_then_given_up() -> None:
    with closing(Beforehand(Signed(), patience=0.5)) as beforehand:
        apart = until_there(beforehand, MOST_APART, promised=MOST_APART * LONG)
        assert len(apart) == MOST_APART
        still = apart.pop()
        os.kill(still, signal.SIGSTOP)
        assert {*readers(beforehand, 6, promised=MOST_APART * LONG)} == {*apart, os.getpid()}
        assert {*readers(beforehand, 6, promised=MOST_APART * LONG)} == apart


def test_one_that_is_slow_is_not_given_up() -> None:
    with closing(Beforehand(Signed())) as beforehand:
        apart = until_there(beforehand, MOST_APART, promised=MOST_APART * LONG)
        for one in apart:
            os.kill(one, signal.SIGSTOP)
        Timer(0.5, lambda: [os.kill(one, signal.SIGCONT) for one in apart]).start()
        assert {*readers(beforehand, 6, promised=MOST_APART * LONG)} == apart


def test_a_shorter_one_has_not_paid_for_two() -> None:
    with closing(Beforehand(Signed())) as beforehand:
        assert len(until_there(beforehand, 1, promised=MOST_APART * LONG - 1)) == 1
        assert len({*readers(beforehand, 6, promised=MOST_APART * LONG)}) == 1


def write(records: Sequence[EntryRecord]) -> list[WrittenEntry]:
    return [WrittenEntry(external_id=one.external_id, race_id=one.race_id, text="written") for one in records]


def test_what_is_written_down_is_read_again_where_there_is_a_row_to_compare_it_with() -> None:
    with closing(Beforehand(Long(), write=write)) as beforehand:
        for number in range(1_000):
            item = entry(str(number), first_name="Ada")
            beforehand.prepare(Page(items=(item,), promised=LONG))
            beforehand.begin([item])
            assert beforehand.decode(item)[0] == Plain().decode(item)[0]
            if isinstance(beforehand.decode(item, unheld=True)[0], WrittenEntry):
                return
            beforehand.end()
            sleep(0.01)
    pytest.fail("nobody wrote anything")


def test_what_nobody_promised_to_be_long_is_read_here() -> None:
    provider = Long()
    with closing(Beforehand(provider)) as beforehand:
        for number in range(20):
            beforehand.prepare(Page(items=(entry(str(number)),), promised=LONG - 1))
    assert provider.decoded == 20


def test_where_there_is_no_room_for_a_process_none_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/no/such/python")
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    provider = Counted()
    with closing(Beforehand(provider)) as beforehand:
        for number in range(3):
            item = entry(str(number))
            beforehand.prepare(Page(items=(item,), promised=LONG))
            beforehand.begin([item])
            assert beforehand.decode(item)
    assert (provider.asked, provider.decoded) == (1, 3)


class Counted(Long):
    """Says how often somebody wanted to read elsewhere."""

    asked = 0

    def decoder(self) -> Decode:
        self.asked += 1
        return super().decoder()
