"""Tokens issued, changed and withdrawn; tickets redeemed."""

from typing import Any

import pytest

from providers.errors import AccessDenied, NotFound, Refused, Unsupported
from providers.gate_records import AdmissionRecord, GateTokenRecord
from providers.operations import Verb
from providers.port import Received
from providers.records import Kind
from providers.sandbox import Sandbox
from providers.sandbox.ticketing.seed import READ_KEY
from providers.ticketing.client import TickeTing
from providers.ticketing.redeeming import ADMITTED, NOT_ACCEPTED
from tests.providers.ticketing.conftest import Build, first, knowing


@pytest.fixture
def ticketing(sandboxed: Build) -> TickeTing:
    return sandboxed()


def redeem(ticketing: TickeTing, event_id: str, serials: object, **more: Any) -> dict[str, str]:
    values = {"serials": serials, "steward": "Sam", "device": "Pixel 6"} | more
    return dict(ticketing.perform(Verb.REDEEM, subject=event_id, values=values).results)


def test_every_operation_says_what_it_does_and_what_follows_from_it(ticketing: TickeTing):
    gate = {Verb.ISSUE_TOKEN, Verb.EDIT_TOKEN, Verb.REVOKE_TOKEN, Verb.REDEEM}
    races = {Verb.ADD_RACE, Verb.EDIT_RACE, Verb.REMOVE_RACE, Verb.GIVE_TICKET}
    assert set(ticketing.operations) == gate | races | {Verb.EDIT_EVENT, Verb.SUBMIT_EVENT}
    for verb, operation in ticketing.operations.items():
        assert operation.verb is verb
        assert operation.consequence.endswith(".")
    assert "a code of their own" in ticketing.operations[Verb.ISSUE_TOKEN].consequence
    with pytest.raises(Unsupported):
        ticketing.perform(Verb.CREATE_PARTNER, values={})


def test_a_token_is_issued_for_the_chosen_races(sandbox: Sandbox, ticketing: TickeTing):
    event = first(sandbox)
    done = ticketing.perform(Verb.ISSUE_TOKEN, subject=event.id, values={"races": [event.sections[1].id]})
    token = event.tokens[-1]
    assert (token.is_global, token.chosen) == (False, [event.sections[1]])
    assert done.external_id == f"{event.id}-{token.id}"
    assert dict(done.facts) == {"Code": token.code, "Races": "1"}
    assert token.code.encode() not in done.payload


def test_a_new_token_is_read_with_its_code_which_its_payload_does_not_have(sandbox: Sandbox, ticketing: TickeTing):
    event = first(sandbox)
    done = ticketing.perform(Verb.ISSUE_TOKEN, subject=event.id, values={"races": [event.sections[1].id]})
    code = event.tokens[-1].code
    assert code.encode() not in done.payload
    item = Received(kind=Kind.GATE_TOKEN, external_id=done.external_id, fingerprint=b"", payload=done.payload)
    (record,) = ticketing.decode(item)
    assert isinstance(record, GateTokenRecord)
    assert (record.code, record.race_ids, record.own) == (code, (event.sections[1].id,), False)
    assert code not in repr(record)


def test_who_was_redeemed_is_told_as_the_walk_would_tell_it(sandbox: Sandbox, ticketing: TickeTing):
    event = first(sandbox)
    serial = next(ticket.serial for ticket in event.tickets if ticket.redeemed is None)
    values = {"serials": [serial], "steward": "Jo", "device": "Portal"}
    done = ticketing.perform(Verb.REDEEM, subject=event.id, values=values)
    ((external_id, payload),) = done.made
    item = Received(kind=Kind.ADMISSION, external_id=external_id, fingerprint=b"", payload=payload)
    (record,) = ticketing.decode(item)
    assert isinstance(record, AdmissionRecord)
    assert (record.external_id, record.event_id, record.ticket) == (event.admissions[-1].id, event.id, serial)


def test_a_token_is_changed_and_withdrawn(sandbox: Sandbox, ticketing: TickeTing):
    event = first(sandbox)
    token = event.tokens[1]
    subject = f"{event.id}-{token.id}"
    values = {"races": [section.id for section in event.sections]}
    assert ticketing.perform(Verb.EDIT_TOKEN, subject=subject, values=values).external_id == subject
    assert token.chosen == event.sections
    for _ in range(2):  # what is gone already is as good as withdrawn
        assert ticketing.perform(Verb.REVOKE_TOKEN, subject=subject, values={}).external_id == subject
    assert token not in event.tokens
    with pytest.raises(NotFound, match="no longer has this token"):
        ticketing.perform(Verb.EDIT_TOKEN, subject=subject, values=values)


@pytest.mark.parametrize("verb", [Verb.EDIT_TOKEN, Verb.REVOKE_TOKEN])
def test_the_events_own_token_is_left_alone(sandbox: Sandbox, ticketing: TickeTing, verb: Verb):
    event = first(sandbox)
    subject = f"{event.id}-{event.tokens[0].id}"
    with pytest.raises(Refused, match="neither changed nor withdrawn"):
        ticketing.perform(verb, subject=subject, values={"races": [event.sections[0].id]})
    assert not [call for call in sandbox.calls("ticketing") if call.method in ("PUT", "DELETE")]


@pytest.mark.parametrize(
    ("verb", "values", "field"),
    [
        (Verb.ISSUE_TOKEN, {"races": []}, "races"),
        (Verb.ISSUE_TOKEN, {"races": ["17599999999999"]}, "races"),
        (Verb.REDEEM, {"serials": " ", "steward": "S", "device": "d"}, "serials"),
        (Verb.REDEEM, {"serials": "A", "steward": "", "device": "d"}, "steward"),
        (Verb.REDEEM, {"serials": "A", "steward": "S"}, "device"),
        (Verb.REDEEM, {"serials": [str(n) for n in range(1001)], "steward": "S", "device": "d"}, "serials"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    sandbox: Sandbox, ticketing: TickeTing, verb: Verb, values: dict[str, Any], field: str
):
    with pytest.raises(Refused) as caught:
        ticketing.perform(verb, subject=first(sandbox).id, values=values)
    assert list(caught.value.field_errors) == [field]


@pytest.mark.parametrize("subject", ["", "x", "1/2", "17599999999999"])
def test_what_is_not_there_is_not_found(ticketing: TickeTing, subject: str):
    for verb in (Verb.ISSUE_TOKEN, Verb.REDEEM):
        with pytest.raises(NotFound):
            ticketing.perform(
                verb, subject=subject, values={"races": ["1"], "serials": "A", "steward": "S", "device": "d"}
            )
    with pytest.raises(NotFound):
        ticketing.perform(Verb.EDIT_TOKEN, subject=subject, values={"races": ["1"]})


def test_each_serial_has_its_result(sandbox: Sandbox, ticketing: TickeTing):
    event = first(sandbox)
    used, good, other = event.tickets[0], event.tickets[1], event.tickets[2]
    sandbox.ticketing.admit(used.serial)
    typed = f"{used.serial}\n{good.serial.lower()}, {other.serial}\n{other.serial} NOPE"
    assert redeem(ticketing, event.id, typed) == {
        used.serial: NOT_ACCEPTED,
        good.serial: ADMITTED,
        other.serial: ADMITTED,
        "NOPE": NOT_ACCEPTED,
    }
    assert (event.admissions[-1].redeemer, event.admissions[-1].device) == ("Sam", "Pixel 6")


def test_if_none_is_let_in_all_are_refused(sandbox: Sandbox, ticketing: TickeTing):
    event = first(sandbox)
    serial = event.tickets[0].serial
    assert redeem(ticketing, event.id, [serial]) == {serial: ADMITTED}
    assert redeem(ticketing, event.id, [serial, "NOPE"]) == {serial: NOT_ACCEPTED, "NOPE": NOT_ACCEPTED}


def test_a_redeemed_ticket_comes_with_the_next_walks(sandbox: Sandbox, ticketing: TickeTing):
    event = first(sandbox)
    redeem(ticketing, event.id, event.tickets[0].serial)
    items = [item for page in ticketing.pull("admissions", known=knowing([event.id])) for item in page.items]
    assert [ticketing.decode(item)[0].ticket for item in items] == [event.tickets[0].serial]


def test_a_key_that_may_not_is_told_so(sandbox: Sandbox, sandboxed: Build):
    event = first(sandbox)
    reader = sandboxed(api_key=READ_KEY)
    with pytest.raises(AccessDenied, match="does not administer the host"):
        reader.perform(Verb.ISSUE_TOKEN, subject=event.id, values={"races": [event.sections[0].id]})
    with pytest.raises(AccessDenied, match="may not issue one"):
        redeem(reader, event.id, event.tickets[0].serial)
