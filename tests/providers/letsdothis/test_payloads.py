"""What is stored of a row, and what never is."""

import json

import httpx
import msgspec
import pytest

from providers.letsdothis import mapping
from providers.letsdothis.payloads import read_row
from providers.letsdothis.people import Ways
from providers.port import Rejected
from providers.records import EntryRecord, Kind, Person
from tests.providers.letsdothis.samples import APPLICATION, PARTICIPANT, PERSONAL, application, entry, raw, stored
from tests.providers.letsdothis.world import Remote, row, walk


@pytest.mark.parametrize(("kind", "sample"), [(Kind.ENTRY, PARTICIPANT), (Kind.APPLICATION, APPLICATION)])
def test_a_claim_link_is_cut_out_and_everything_else_is_kept(kind: Kind, sample: dict[str, object]):
    item = stored(kind, sample | {"unheardOf": {"kept": True}})
    kept = json.loads(item.payload)
    assert "claim/x1" not in item.payload.decode()
    assert kept == {k: v for k, v in sample.items() if k != "reservedEntryUrl"} | {"unheardOf": {"kept": True}}


def test_a_claim_link_written_with_escapes_is_cut_out_too():
    text = json.dumps({"id": "x", "reservedEntryUrl": "claim/x1"}).replace("reserved", "\\u0072eserved")
    assert b"claim" not in read_row(Kind.ENTRY, raw(json.loads(text))).item.payload


def test_a_claim_link_is_cut_out_of_a_rejected_row():
    found = read_row(Kind.ENTRY, raw({"reservedEntryUrl": "claim/x1"})).item
    assert isinstance(found, Rejected)
    assert found.reason == "id is missing"
    assert b"claim" not in found.payload


def test_equal_rows_have_equal_fingerprints_and_a_new_claim_link_changes_nothing():
    one = stored(Kind.ENTRY, PARTICIPANT)
    assert one.fingerprint == stored(Kind.ENTRY, PARTICIPANT | {"reservedEntryUrl": "another"}).fingerprint
    assert one.fingerprint != stored(Kind.ENTRY, PARTICIPANT | {"bibNumber": "1"}).fingerprint


@pytest.mark.parametrize("bad", [{}, {"id": None}, {"id": " "}, {"id": True}, {"id": {}}, {"id": "x" * 200}])
def test_a_row_without_a_usable_id_is_rejected_and_the_page_goes_on(bad: dict[str, object]):
    answer = httpx.Response(200, json={"data": [bad, row("a")], "page": {"next": None, "totalResults": 2}})
    (page,) = walk(Remote(answers={0: answer}))
    assert [item.external_id for item in page.items] == ["a"]
    (rejected,) = page.rejected
    assert rejected.kind is Kind.ENTRY
    assert rejected.external_id.startswith("no-id-")
    assert page.complete


@pytest.mark.parametrize("never", ["0001-01-01T00:00:00.000+14:00", "9999-12-31T23:59:59.999-14:00"])
def test_a_time_that_no_calendar_has_in_utc_is_none(never: str):
    answer = httpx.Response(200, json={"data": [row("a") | {"updatedAt": never}, row("b")]})
    (page,) = walk(Remote(answers={0: answer}))
    assert [item.external_id for item in page.items] == ["a", "b"]


@pytest.mark.parametrize("bad", [None, 3, "text", [], [[]]])
def test_a_row_that_is_no_object_is_rejected(bad: object):
    found = read_row(Kind.ENTRY, raw(bad)).item
    assert isinstance(found, Rejected)
    assert found.reason == "the row is not an object"


def test_an_id_may_come_as_a_number():
    assert stored(Kind.ENTRY, {"id": 67123}).external_id == "67123"


def test_of_a_redacted_person_ids_event_race_ticket_and_times_stay_and_nothing_else():
    redacted = PARTICIPANT | {
        "gdprRedacted": True,
        "statusDetails": [{"status": "CANCELLED", "createdAt": "2027-02-01T00:00:00Z", "reason": "Tomasz was ill"}],
    }
    text = stored(Kind.ENTRY, redacted).payload.decode()
    assert not [found for found in PERSONAL if found in text]
    record = entry(redacted)
    assert record.redacted
    assert record.person == Person()
    assert not record.person_is_booker
    assert (record.answers, record.tags, record.codes) == ((), (), ())
    assert (record.booker_name, record.booker_email, record.bib) == ("", "", "")
    assert record.status_text == "CANCELLED"
    live = entry(PARTICIPANT)
    for kept in ("external_id", "event_id", "race_id", "ticket_type_id", "booking_id", "created_at", "updated_at"):
        assert getattr(record, kept) == getattr(live, kept)


def test_a_redacted_application_is_empty_too():
    record = application(APPLICATION | {"gdprRedacted": True})
    assert record.redacted
    assert record.person == Person()
    assert record.answers == ()
    assert record.approval == "APPROVED"


def test_a_payload_stored_before_the_redaction_was_known_is_not_decoded_into_a_person():
    item = stored(Kind.ENTRY, PARTICIPANT)
    older = item.payload.replace(b'"gdprRedacted":false', b'"gdprRedacted":true')
    record = mapping.entry("x", older, Ways(), "unknown").record
    assert isinstance(record, EntryRecord)
    assert record.person == Person()
    assert record.answers == ()


def test_two_rows_without_an_id_are_told_apart_and_one_stays_the_same():
    one, again, other = (read_row(Kind.ENTRY, raw({"bibNumber": bib})).item.external_id for bib in "112")
    assert one == again != other


LINKED = '"reservedEntryUrl":"https://x.example/claim/x1"'


@pytest.mark.parametrize(
    "row",
    [
        '{"id":"a","updatedAt":"2027-01-01T00:00:00Z",%s}',  # the last member
        '{"id":"a","updatedAt":"2027-01-01T00:00:00Z",%s,"bibNumber":"7"}',
        '{"id":"a","updatedAt":"2027-01-01T00:00:00Z",%s ,"bibNumber":"7"}',
        '{%s,"id":"a","updatedAt":"2027-01-01T00:00:00Z","tags":["reservedEntryUrl"]}',
        '{"id":"a","updatedAt":"2027-01-01T00:00:00Z","course":{"reservedEntryUrl":null},%s,"bibNumber":"7"}',
        '{"id":"a","updatedAt":"2027-01-01T00:00:00Z",%s,%s,"bibNumber":"7"}',
        '{"id":"a","updatedAt":"not a time",%s,"gdprRedacted":"no"}',
        '{"id":"a","updatedAt":"2027-01-01T00:00:00Z",%s,"reservedEntryUrl":null,"bibNumber":"7"}',
    ],
)
def test_a_claim_link_is_cut_out_wherever_it_stands(row: str):
    text = row.replace("%s", LINKED)
    item = read_row(Kind.ENTRY, msgspec.Raw(text.encode())).item
    kept = json.loads(text)
    del kept["reservedEntryUrl"]
    stands = json.loads(item.payload)
    assert stands.pop("reservedEntryUrl", None) is None
    assert stands == kept
    assert item.external_id == "a"


def test_an_escaped_key_does_not_hide_behind_a_plain_one_within():
    row = {"id": "a", "updatedAt": "2027-01-01T00:00:00Z", "course": {"reservedEntryUrl": "claim/x1", "x": 1}}
    text = json.dumps(row | {"reserved?": "claim/x1"}, separators=(",", ":")).replace("d?", "d\\u0045ntryUrl")
    kept = json.loads(read_row(Kind.ENTRY, msgspec.Raw(text.encode())).item.payload)
    assert "reservedEntryUrl" not in kept
