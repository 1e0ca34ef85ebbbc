"""While one batch is on the wire the one before is settled and the one behind it claimed; nothing is promised twice."""

from collections import Counter
from collections.abc import Callable
from threading import Event as Flag
from typing import Any

import pytest
from django.db import connection as database

from organiser_portal.connections.models import Connection, OutboundChange
from organiser_portal.events.models import Event, Race
from organiser_portal.participants.models import Entry
from organiser_portal.sync import outbox, push
from providers.errors import RateLimited
from providers.port import Change, Outcome
from tests.conftest import NOW
from tests.sync.world import Clock, Programmed, Script, receipt

WAITING = 230


@pytest.fixture
def changes(connection: Connection) -> list[OutboundChange]:
    """More people than fit into two calls, added and waiting."""
    common = {"organisation": connection.organisation, "connection": connection}
    event = Event.objects.create(organisation=connection.organisation, name="Hexley")
    race = Race.objects.create(organisation=connection.organisation, event=event, name="10K")
    seen = {"first_seen": NOW, "last_seen": NOW, "entered_at": NOW}
    people = Entry.objects.bulk_create(Entry(race=race, **common, **seen) for _ in range(WAITING))
    return OutboundChange.objects.bulk_create(
        OutboundChange(
            entry_id=each.pk,
            reference=each.reference,
            action="add_entry",
            race_external_id="R",
            values={"person": {"first_name": "Ada"}},
            due_at=NOW,
            created_at=NOW,
            **common,
        )
        for each in people
    )


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, script: Script) -> Callable[[Callable[[int], Any]], None]:
    """Have something happen in each bulk call, which is told its number; what it gives back is the answer to all."""

    def arrange(happens: Callable[[int], Any]) -> None:
        def push_many(_: Programmed, several: list[Change]) -> list[Outcome]:
            script.batches.append(len(several))
            answer = happens(len(script.batches))
            return [answer or receipt(each.reference, f"n{each.reference}") for each in several]

        monkeypatch.setattr(Programmed, "push_many", push_many)

    return arrange


def states() -> Counter[str]:
    return Counter(OutboundChange.objects.values_list("state", flat=True))


def test_a_batch_is_on_the_wire_while_the_one_before_is_settled(
    connection: Connection, changes: list[OutboundChange], clock: Clock, script: Script, call: Any
) -> None:
    settled, met = Flag(), []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("UPDATE") and "confirmed" in repr(params):
            settled.set()
        return execute(sql, params, many, context)

    call(lambda number: met.append(number > 1 and settled.wait(20)))
    with database.execute_wrapper(note):
        assert push.drain(connection.pk, clock=clock) == {"confirmed": WAITING}
    assert (met[1], script.batches) == (True, [100, 100, 30])


def test_who_is_asked_to_wait_does_not_begin_the_next_batch(
    connection: Connection, changes: list[OutboundChange], clock: Clock, script: Script, call: Any
) -> None:
    call(lambda _: RateLimited("wait", retry_after=60))
    assert push.drain(connection.pk, clock=clock) == {"queued": 100}
    assert script.batches == [100]
    assert states() == {"queued": WAITING}
    assert not OutboundChange.objects.filter(due_at__lte=NOW).exists()


def test_a_mistake_of_ours_leaves_doubts_about_one_batch_alone(
    connection: Connection, changes: list[OutboundChange], clock: Clock, call: Any
) -> None:
    def fail(_: int) -> None:
        raise RuntimeError("a mistake")

    call(fail)
    with pytest.raises(RuntimeError):
        push.drain(connection.pk, clock=clock)
    assert states() == {"unknown": 100, "queued": WAITING - 100}
    assert not OutboundChange.objects.exclude(lease="").exists()


def test_what_is_on_the_wire_is_not_claimed_again_by_whoever_sent_it(
    connection: Connection, changes: list[OutboundChange]
) -> None:
    first = outbox.take(connection.pk, now=NOW)
    assert outbox.take(connection.pk, now=NOW) == [], "another worker sends"
    lease = first[0].change.lease
    second = outbox.take(connection.pk, now=NOW, beside=[lease])
    assert (len(first), len(second)) == (100, 100)
    assert not {each.change.pk for each in first} & {each.change.pk for each in second}


def test_a_few_that_go_one_by_one_are_claimed_at_a_time(connection: Connection, changes: list[OutboundChange]) -> None:
    """After what is new, which goes together."""
    pks = [each.pk for each in changes]
    OutboundChange.objects.filter(pk__in=pks[::2]).update(state="unknown", attempts=1)
    new = outbox.take(connection.pk, now=NOW, most=len(pks))
    assert {each.unsure for each in new} == {False}
    assert [each.change.pk for each in new] == pks[1::2]
    doubtful = outbox.take(connection.pk, now=NOW, beside=[new[0].change.lease])
    assert [each.change.pk for each in doubtful] == pks[::2][:10]
