"""Admissions and tokens, from the sandbox into our tables; the code into no table in the clear."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.apps import apps

from organiser_portal.admissions.ingest import Arrival, ingest
from organiser_portal.admissions.models import Admission, GateToken
from organiser_portal.connections.models import Connection, RejectedRecord
from organiser_portal.events.models import EventListing, Listing
from organiser_portal.participants.models import Entry
from organiser_portal.sync.models import Outcome, SyncRun
from providers.gate_records import AdmissionRecord, GateTokenRecord
from providers.records import Kind
from providers.sandbox.world import Sandbox
from tests.admissions.conftest import sync
from tests.conftest import NOW
from tests.kept import kept


def codes(sandbox: Sandbox) -> set[str]:
    return {token.code for event in sandbox.ticketing.state.events.values() for token in event.tokens}


def test_a_cycle_holds_who_is_in_and_every_token(cycle: list[SyncRun], sandbox: Sandbox, connection: Connection):
    assert [run.outcome for run in cycle] == [Outcome.SUCCEEDED] * 4
    known = set(EventListing.objects.values_list("external_id", flat=True))
    events = [event for event in sandbox.ticketing.state.events.values() if event.id in known]
    assert Admission.objects.count() == sum(len(event.admissions) for event in events) > 0
    assert not Admission.objects.filter(listing=None).exists()
    assert set(Admission.objects.values_list("steward", "device")) == {("Gate A, Sam", "Pixel 6")}
    assert {token.code() for token in GateToken.objects.all()} == {t.code for event in events for t in event.tokens}
    assert GateToken.objects.filter(everywhere=True).count() == len(events)
    assert GateToken.objects.filter(own=True).count() == len(events)


@pytest.mark.parametrize("price", ["99999999999999", "12345678901.5"])
def test_a_price_that_no_column_holds_is_no_price_and_the_rest_is_read(
    connection: Connection, sandbox: Sandbox, price: str
):
    event = next(event for event in sandbox.ticketing.state.events.values() if event.tickets)
    event.sections[0].base = event.sections[0].current = Decimal(price)
    assert [getattr(sync(connection, key), "outcome", None) for key in ("events", "entries")] == [Outcome.SUCCEEDED] * 2
    race = Listing.objects.get(external_id=event.sections[0].id)
    assert (race.price_minor, race.price_unknown) == (None, None)


@pytest.mark.parametrize("since_issued", [timedelta(minutes=-5), timedelta(minutes=5)])
def test_a_ticket_is_as_it_was_read_last_whatever_the_clocks_at_the_gates_say(
    cycle: list[SyncRun], connection: Connection, sandbox: Sandbox, since_issued: timedelta
):
    event = next(event for event in sandbox.ticketing.state.events.values() if event.tickets)
    ticket = next(ticket for ticket in event.tickets if ticket.status == "Issued")
    entry = Entry.objects.get(external_id=ticket.serial)
    for status, redeemed in (("Redeemed", ticket.issued + since_issued), ("Issued", None)):
        ticket.status, ticket.redeemed, ticket.changed = status, redeemed, NOW
        sync(connection, "entries")
        entry.refresh_from_db()
        assert entry.status_text == status


def test_a_code_is_in_the_clear_in_no_table(cycle: list[SyncRun], sandbox: Sandbox, connection: Connection):
    stored = b"".join(kept(connection, Kind.GATE_TOKEN).values())
    stored += b"".join(bytes(row.data) for row in RejectedRecord.objects.all())
    assert b"/tokens/" in stored
    rows = str([list(model._default_manager.values()) for model in apps.get_models()])
    found = [code for code in codes(sandbox) if code.encode() in stored or code in rows]
    assert found == []


def test_a_token_told_again_without_its_code_keeps_it_and_is_read_again(cycle: list[SyncRun], connection: Connection):
    token = GateToken.objects.filter(own=False, everywhere=False)[0]
    code = token.code()
    told = GateTokenRecord(external_id=token.external_id, event_id=token.event_external_id, code="", race_ids=("9",))
    ingest([Arrival(record=told, fingerprint=b"f")], connection=connection, now=NOW)
    token.refresh_from_db()
    assert (token.code(), token.code_hint, token.race_external_ids) == (code, code[-2:], ["9"])
    assert bytes(token.fingerprint) == b""


def test_a_token_that_was_withdrawn_there_is_gone_here(cycle: list[SyncRun], connection: Connection, sandbox: Sandbox):
    token = GateToken.objects.get(own=False, everywhere=False, event_listing=EventListing.objects.order_by("pk")[0])
    event = sandbox.ticketing.state.events[token.event_external_id]
    event.tokens = [each for each in event.tokens if each.id != token.external_id.split("-")[1]]
    sync(connection, "gate_tokens")
    token.refresh_from_db()
    assert token.gone_at is not None


def test_an_admission_to_a_section_not_yet_known_is_tied_when_it_is(cycle: list[SyncRun], connection: Connection):
    listing = Listing.objects.filter(connection=connection).order_by("pk")[0]
    named = {"event_id": listing.event_listing.external_id, "race_id": "99"}
    early = AdmissionRecord(external_id="a1", ticket="T-1", **named)
    ingest([Arrival(record=early, fingerprint=b"")], connection=connection, now=NOW)
    assert Admission.objects.get(external_id="a1").listing is None
    Listing.objects.filter(pk=listing.pk).update(external_id="99")
    ingest([], connection=connection, now=NOW)
    assert Admission.objects.get(external_id="a1").listing == listing
