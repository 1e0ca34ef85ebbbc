"""An answer to "let these in" that got lost: TickeTing is asked who is in before anything is said."""

from typing import Any

import pytest

from providers.errors import OutcomeUnknown, ProviderUnavailable, UnexpectedReply
from providers.operations import Done, Verb
from providers.sandbox import Sandbox
from providers.ticketing.client import TickeTing
from providers.ticketing.redeeming import ADMITTED, NOT_ACCEPTED
from tests.providers.ticketing.conftest import Build, first

LOST = "ticketing:{},method=POST,path=admissions"


@pytest.fixture
def ticketing(sandboxed: Build) -> TickeTing:
    return sandboxed()


def redeem(ticketing: TickeTing, event_id: str, *serials: str) -> Done:
    values: dict[str, Any] = {"serials": list(serials), "steward": "Sam, gate A", "device": "Pixel+6"}
    return ticketing.perform(Verb.REDEEM, subject=event_id, values=values)


def sent(sandbox: Sandbox) -> int:
    return sum(call.path.endswith("/admissions") for call in sandbox.calls("ticketing", "POST"))


@pytest.mark.parametrize("fault", ["drop_after_write", "truncate=20", "status=502,after_write,body=html"])
def test_who_was_let_in_is_read_back_ticket_by_ticket(sandbox: Sandbox, ticketing: TickeTing, fault: str):
    event = first(sandbox)
    sandbox.faults.add(LOST.format(fault))
    good, other = event.tickets[0].serial, event.tickets[1].serial
    done = redeem(ticketing, event.id, good, "NOPE", other)
    assert dict(done.results) == {good: ADMITTED, "NOPE": NOT_ACCEPTED, other: ADMITTED}
    assert [external_id for external_id, _ in done.made] == [each.id for each in event.admissions]
    assert "asked again" in done.note
    assert sent(sandbox) == 1


def test_a_ticket_that_the_same_steward_had_let_in_before_is_not_let_in_twice(sandbox: Sandbox, sandboxed: Build):
    event = first(sandbox)
    used, good = event.tickets[0].serial, event.tickets[1].serial
    redeem(sandboxed(), event.id, used)
    sandbox.clock.advance(180)
    sandbox.faults.add(LOST.format("drop_after_write"))
    assert dict(redeem(sandboxed(), event.id, used, good).results) == {used: NOT_ACCEPTED, good: ADMITTED}


def test_nobody_let_in_so_far_is_said_so_and_may_be_tried_again(sandbox: Sandbox, ticketing: TickeTing):
    """Not that nothing was done: behind a gateway that gave up, it may be done a moment later."""
    event = first(sandbox)
    serial = event.tickets[0].serial
    sandbox.faults.add(LOST.format("drop_before_write"))
    with pytest.raises(OutcomeUnknown, match="none of these let in so far") as lost:
        redeem(ticketing, event.id, serial)
    assert "Redeem them again" in lost.value.advice
    assert (sent(sandbox), event.admissions) == (1, [])
    assert dict(redeem(ticketing, event.id, serial).results) == {serial: ADMITTED}


def test_where_nobody_can_say_it_stays_open(sandbox: Sandbox, ticketing: TickeTing):
    event = first(sandbox)
    sandbox.faults.add(LOST.format("drop_after_write"))
    sandbox.faults.add("ticketing:status=503,times=forever,method=GET,path=admissions")
    with pytest.raises(OutcomeUnknown):
        redeem(ticketing, event.id, event.tickets[0].serial)
    assert len(event.admissions) == 1


def test_a_list_that_breaks_off_does_not_say_who_was_let_in(sandbox: Sandbox, sandboxed: Build):
    event = first(sandbox)
    serials = [ticket.serial for ticket in event.tickets[:3]]
    sandbox.faults.add(LOST.format("drop_after_write"))
    sandbox.faults.add("ticketing:emptied,method=GET,path=admissions,skip=1")
    with pytest.raises(OutcomeUnknown) as lost:
        redeem(sandboxed(settings={"records": "2"}), event.id, *serials)
    assert "so far" not in lost.value.sentence
    assert len(event.admissions) == 3


def test_a_refusal_that_is_not_ticketings_own_says_nothing_about_the_tickets(sandbox: Sandbox, ticketing: TickeTing):
    event = first(sandbox)
    sandbox.faults.add(LOST.format("status=400,body=html"))
    with pytest.raises(UnexpectedReply):
        redeem(ticketing, event.id, event.tickets[0].serial)


def test_a_gate_that_could_not_be_opened_leaves_nothing_open(sandbox: Sandbox, ticketing: TickeTing):
    event = first(sandbox)
    sandbox.faults.add("ticketing:drop_after_write,method=POST,path=/tokens$")
    with pytest.raises(ProviderUnavailable, match="gate"):
        redeem(ticketing, event.id, event.tickets[0].serial)
    assert sent(sandbox) == 0
    assert dict(redeem(ticketing, event.id, event.tickets[0].serial).results) == {event.tickets[0].serial: ADMITTED}


def test_what_nobody_lost_has_no_note(sandbox: Sandbox, ticketing: TickeTing):
    event = first(sandbox)
    assert redeem(ticketing, event.id, event.tickets[0].serial).note == ""
