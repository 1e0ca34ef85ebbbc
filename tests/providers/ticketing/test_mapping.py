"""The reference's own samples, and what is odd about others, in our words."""

from contextlib import suppress
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.errors import BadRecord
from providers.gate_records import AdmissionRecord, GateTokenRecord
from providers.port import Received, Rejected
from providers.records import NOBODY, EntryStatus, ListingStatus, Money, Person
from providers.ticketing import mapping
from providers.ticketing.receiving import receive_admission, receive_event, receive_ticket, receive_token

EVENT_ID, SECTION_ID = "17500000010001", "17500000060001"
LOCAL = mapping.Local(zone=ZoneInfo("Europe/London"), currency="GBP")

SECTION = b"""{"self":"/sections/17500000060001","name":"10K","description":"One lap","price":{"base":24,"current":21.5,
"expires":"2031-08-31T23:59"},"salesStart":"2031-06-01T09:00","salesEnd":"2031-09-30T23:59","active":true,
"capacity":300,"sold":2,"remaining":298,"reserved":0}"""
EVENT = (
    b"""{"self":"/events/17500000010001","host":{"self":"/hosts/17500000020001","name":"Northside Striders"},
"title":"Roundhay Autumn Races","description":"Three distances","type":"Standard","public":true,
"category":{"self":"/categories/17500000050001","name":"Sport","subcategories":["Road race"]},
"subcategory":"Road race","start":"2031-10-05T08:30","end":"2031-10-05T14:00","venue":{"self":"/venues/17500000040001",
"name":"Roundhay Park","region":{"self":"/regions/17500000030001","name":"West Yorkshire"},"longitude":-1.4969,
"latitude":53.8383,"address":"Leeds LS8","map":""},"disclaimer":"","tags":["10k"],
"banner":"https://qa.ticketingevents.com/media/banner/17500000010001","status":"Scheduled",
"published":"2031-06-01T09:00:00+00:00","popularity":12,"sections":["""
    + SECTION
    + b"]}"
)
TICKET = b"""{"self":"/events/17500000010001/tickets/17500000080001","serial":"ROUCES-10KR00482913","status":"Issued",
"section":{"self":"/events/17500000010001/sections/17500000060001","name":"10K","price":{"base":24,"current":21.5,
"expires":""}},"owner":{"self":"/accounts/RA-7Q2K90ZD","number":"RA-7Q2K90ZD","username":"ravi.runs",
"firstName":"Ravi","lastName":"Okafor"},"issued":"2031-06-02T10:15:00+00:00","redeemed":"N/A"}"""
ADMISSION = b"""{"self":"/events/17500000010001/admissions/17500000090001","redeemer":"Gate A, Sam","device":"Pixel 6",
"ticket":"ROUCES-10KR00482913","patron":{"self":"/accounts/RA-7Q2K90ZD","number":"RA-7Q2K90ZD",
"username":"ravi.runs"},"section":{"self":"/events/17500000010001/sections/17500000060001","name":"10K"},
"admitted":"2031-10-05T08:02:11+00:00"}"""
TOKEN = b"""{"self":"/events/17500000010001/tokens/17500000070001","code":"K3T9ZW0B","global":true,
"sections":["/events/17500000010001/sections/17500000060001"]}"""


def changed(sent: bytes, **more: object) -> bytes:
    return msgspec.json.encode(msgspec.json.decode(sent) | more)


def taken(received: Received | Rejected) -> Received:
    assert isinstance(received, Received)
    return received


def test_an_event_is_an_event_and_its_sections_are_the_races():
    event, race = mapping.event_and_races(EVENT, LOCAL)
    assert (event.external_id, event.name) == (EVENT_ID, "Roundhay Autumn Races")
    assert event.location == "Roundhay Park, Leeds LS8, West Yorkshire"
    assert event.image_url.endswith("/banner/17500000010001")
    assert (race.external_id, race.event_id, race.name) == (SECTION_ID, EVENT_ID, "10K")
    assert race.starts_at == datetime(2031, 10, 5, 7, 30, tzinfo=UTC)
    assert race.closes_at == datetime(2031, 9, 30, 22, 59, tzinfo=UTC)
    assert (race.capacity, race.sold, race.status) == (300, 2, ListingStatus.OPEN)
    assert race.price == Money(minor=2150, currency="GBP")
    assert race.accepts_entries is False


@pytest.mark.parametrize(
    ("facts", "status", "text"),
    [
        ({"remaining": 0, "active": False}, ListingStatus.FULL, "Scheduled"),
        ({"active": False}, ListingStatus.CLOSED, "Scheduled"),
        ({"active": None}, ListingStatus.UNKNOWN, "Scheduled"),
        ({"reserved": 3}, ListingStatus.OPEN, "Scheduled, 3 reserved"),
    ],
)
def test_a_section_says_whether_it_sells(facts: dict[str, object], status: ListingStatus, text: str):
    section = changed(SECTION, **facts)
    _, race = mapping.event_and_races(EVENT.replace(SECTION, section), LOCAL)
    assert (race.status, race.status_text) == (status, text)


@pytest.mark.parametrize("empty", [[], None, {}, ""])
def test_an_absent_object_may_be_an_empty_list(empty: object):
    event, *races = mapping.event_and_races(
        changed(EVENT, venue=empty, category=empty, host=empty, sections=empty, subcategory=None), LOCAL
    )
    assert (event.location, races) == ("", [])
    entry = mapping.entry(taken(receive_ticket(changed(TICKET, owner=empty), EVENT_ID)).payload, LOCAL)
    assert entry.person == NOBODY


def test_a_ticket_is_an_entry_of_whoever_holds_it():
    received = taken(receive_ticket(TICKET, EVENT_ID))
    entry = mapping.entry(received.payload, LOCAL)
    assert received.external_id == entry.external_id == "ROUCES-10KR00482913"
    assert (entry.event_id, entry.race_id) == (EVENT_ID, SECTION_ID)
    assert entry.person == Person(first_name="Ravi", last_name="Okafor")
    assert entry.person_is_booker
    assert entry.booker_name == "Ravi Okafor"
    assert (entry.status, entry.status_text) == (EntryStatus.LIVE, "Issued")
    assert entry.list_price == Money(minor=2400, currency="GBP")
    assert (entry.created_at, entry.updated_at) == (datetime(2031, 6, 2, 10, 15, tzinfo=UTC), None)


def test_a_whole_account_fills_what_we_have_a_place_for():
    owner = {
        "number": "RA-7Q2K90ZD",
        "email": "ravi@example.org",
        "firstName": " Ravi ",
        "lastName": None,
        "dateOfBirth": "1990-02-11",
        "phone": "+44 20 7946 0101",
        "country": "United Kingdom",
        "firstAddressLine": "4 Mill Lane",
        "secondAddressLine": "",
        "city": "Leeds",
        "district": "Yorks",
    }
    entry = mapping.entry(taken(receive_ticket(changed(TICKET, owner=owner), EVENT_ID)).payload, LOCAL)
    assert entry.person == Person(
        first_name="Ravi",
        email="ravi@example.org",
        birth_date=date(1990, 2, 11),
        phone="+44 20 7946 0101",
        country="United Kingdom",
        address_1="4 Mill Lane",
        city="Leeds",
        region="Yorks",
    )


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Issued", EntryStatus.LIVE),
        ("redeemed", EntryStatus.LIVE),
        ("Pending", EntryStatus.LIVE),
        ("Held", EntryStatus.LIVE),
        ("unclaimed", EntryStatus.LIVE),
        ("Shiny", EntryStatus.LIVE),
        ("Voided", EntryStatus.CANCELLED),
        ("Refunded", EntryStatus.REFUNDED),
    ],
)
def test_the_words_for_a_ticket_are_an_open_set(word: str, status: EntryStatus):
    entry = mapping.entry(taken(receive_ticket(changed(TICKET, status=word), EVENT_ID)).payload, LOCAL)
    assert (entry.status, entry.status_text) == (status, word)


@pytest.mark.parametrize("redeemed", ["2031-10-05T08:02:11+00:00", "N/A", "0000-00-00T00:00:00", "", None, 7])
def test_when_a_ticket_was_used_is_not_when_it_changed(redeemed: object):
    sent = changed(TICKET, status="Redeemed", redeemed=redeemed)
    entry = mapping.entry(taken(receive_ticket(sent, EVENT_ID)).payload, LOCAL)
    assert (entry.status_text, entry.updated_at) == ("Redeemed", None)


def test_an_admission_names_ticket_steward_and_device():
    received = taken(receive_admission(ADMISSION, EVENT_ID))
    assert mapping.admission(received.payload) == AdmissionRecord(
        external_id="17500000090001",
        event_id=EVENT_ID,
        race_id=SECTION_ID,
        ticket="ROUCES-10KR00482913",
        steward="Gate A, Sam",
        device="Pixel 6",
        name="ravi.runs",
        admitted_at=datetime(2031, 10, 5, 8, 2, 11, tzinfo=UTC),
    )


def test_a_tokens_code_is_not_in_what_is_stored():
    received, code = receive_token(TOKEN, EVENT_ID)
    assert code == "K3T9ZW0B"
    assert b"K3T9ZW0B" not in taken(received).payload
    assert mapping.gate_token(taken(received).payload, code) == GateTokenRecord(
        external_id=f"{EVENT_ID}-17500000070001",
        event_id=EVENT_ID,
        code="K3T9ZW0B",
        everywhere=True,
        race_ids=(SECTION_ID,),
    )


def test_noise_does_not_change_a_fingerprint_and_news_do():
    sold = {"self": f"/events/{EVENT_ID}/sections/{SECTION_ID}", "name": "10K", "sold": 99}
    before = taken(receive_ticket(TICKET, EVENT_ID)).fingerprint
    assert taken(receive_ticket(changed(TICKET, section=sold), EVENT_ID)).fingerprint == before
    assert taken(receive_ticket(changed(TICKET, status="Redeemed"), EVENT_ID)).fingerprint != before
    event = taken(receive_event(EVENT)).fingerprint
    assert taken(receive_event(changed(EVENT, popularity=13))).fingerprint == event
    assert taken(receive_event(changed(EVENT, status="Draft"))).fingerprint != event


@pytest.mark.parametrize("sent", [b"[]", b"7", b"null", b"{}", b'{"self":"/"}', b'{"serial":""}'])
def test_what_cannot_be_told_apart_is_rejected_and_kept(sent: bytes):
    for received in (receive_event(sent), receive_ticket(sent, EVENT_ID), receive_admission(sent, EVENT_ID)):
        assert isinstance(received, Rejected)
        assert received.payload == sent
    assert isinstance(receive_token(sent, EVENT_ID)[0], Rejected)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=6), inner, max_size=2),
    max_leaves=4,
)


@given(st.data())
def test_whatever_comes_is_read_or_a_bad_record(data: st.DataObject):
    readers = {receive_ticket: lambda kept: mapping.entry(kept, LOCAL), receive_admission: mapping.admission}
    for sent, receive in ((TICKET, receive_ticket), (ADMISSION, receive_admission)):
        received = receive(spoiled(data, sent), EVENT_ID)
        with suppress(BadRecord):
            assert isinstance(received, Rejected) or readers[receive](received.payload).event_id == EVENT_ID
    received = receive_event(spoiled(data, EVENT))
    if isinstance(received, Received):
        assert mapping.event_and_races(received.payload, LOCAL)[0].external_id == received.external_id


def spoiled(data: st.DataObject, sent: bytes) -> bytes:
    """The same with one value that nobody would expect."""
    told = msgspec.json.decode(sent)
    return msgspec.json.encode(told | {data.draw(st.sampled_from(sorted(told))): data.draw(JUNK)})


def test_a_race_that_is_named_by_its_address_alone_is_the_same_race():
    """As venues name their region: a ticket is not left out because less is told of where it belongs."""
    address = f"/events/{EVENT_ID}/sections/{SECTION_ID}"
    ticket = mapping.entry(taken(receive_ticket(changed(TICKET, section=address), EVENT_ID)).payload, LOCAL)
    admission = mapping.admission(taken(receive_admission(changed(ADMISSION, section=address), EVENT_ID)).payload)
    assert (ticket.race_id, ticket.ticket_title, ticket.list_price) == (SECTION_ID, "", None)
    assert admission.race_id == SECTION_ID
