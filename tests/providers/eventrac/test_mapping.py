"""eventrac's races and events in our words."""

import json
from datetime import UTC, datetime

import pytest

from providers.errors import BadRecord
from providers.eventrac.client import Eventrac
from providers.eventrac.mapping import receive
from providers.port import Received, Rejected
from providers.records import (
    EventRecord,
    Kind,
    ListingStatus,
    Money,
    OptionRecord,
    QuestionRecord,
    RaceRecord,
    TicketTypeRecord,
)
from tests.providers.eventrac.conftest import event, race

PRICE = {"amount": 2650, "affiliated_amount": 2450, "currency": "GBP", "booking_fee": 133}


def received(kind: Kind, told: object) -> Received:
    item = receive(kind, json.dumps(told).encode())
    assert isinstance(item, Received)
    return item


def read(told: dict[str, object], eventrac: Eventrac) -> RaceRecord:
    record = eventrac.decode(received(Kind.RACE, told))[0]
    assert isinstance(record, RaceRecord)
    return record


def test_a_whole_race(eventrac: Eventrac) -> None:
    told = race(
        affiliations=["uk-athletics"],
        category="running",
        description="Flat.",
        url="https://www.eventrac.example/e/1",
        price=PRICE | {"booking_fee_paid_by": "participant"},
        form_additions=[
            {"id": 7701, "label": "Predicted time", "mandatory": True, "input_type": "text", "select_options": []},
            {"id": 7702, "label": "Pen", "input_type": "select", "select_options": [{"id": 88101, "label": "Front"}]},
        ],
    )
    record = read(told, eventrac)
    assert record.external_id == "30551"
    assert record.event_id == "9101"
    assert record.starts_at == datetime(2027, 5, 16, 8, 30, tzinfo=UTC)
    assert record.closes_at == datetime(2027, 5, 12, 22, 59, tzinfo=UTC)
    assert (record.capacity, record.sold) == (450, 448)
    assert record.price == Money(minor=2650, currency="GBP")
    assert record.affiliated_price == Money(minor=2450, currency="GBP")
    assert record.fee == Money(minor=133, currency="GBP")
    assert record.fee_paid_by_entrant
    assert record.affiliations == ("uk-athletics",)
    assert record.accepts_entries
    assert record.questions == (
        QuestionRecord(external_id="7701", label="Predicted time", mandatory=True),
        QuestionRecord(
            external_id="7702",
            label="Pen",
            input_type="select",
            options=(OptionRecord(external_id="88101", label="Front"),),
        ),
    )


def test_a_race_brings_its_standard_entry_and_its_event(eventrac: Eventrac) -> None:
    _, ticket, nested = eventrac.decode(received(Kind.RACE, race(price=PRICE)))
    assert isinstance(ticket, TicketTypeRecord)
    assert (ticket.title, ticket.race_id, ticket.event_id) == ("Standard entry", "30551", "9101")
    assert ticket.price == Money(minor=2650, currency="GBP")
    assert not ticket.stub
    assert nested == EventRecord(external_id="9101", name="Harbour Loop", stub=True)


def test_an_event_nested_whole_is_as_good_as_a_listed_one(eventrac: Eventrac) -> None:
    told = event(description="<p>Two laps</p>", location="Quay")
    nested = eventrac.decode(received(Kind.RACE, race(event=told)))[2]
    assert nested == eventrac.decode(received(Kind.EVENT, told))[0]


@pytest.mark.parametrize(
    ("told", "takes", "status", "because"),
    [
        ({}, True, ListingStatus.OPEN, ""),
        ({"status": "closed"}, False, ListingStatus.CLOSED, "closed"),
        ({"status": "full"}, False, ListingStatus.FULL, "full"),
        ({"has_capacity": False}, False, ListingStatus.FULL, "full"),
        ({"status": "closed", "has_capacity": False}, False, ListingStatus.CLOSED, "closed"),
        ({"team_race": True, "min_team_size": 3, "max_team_size": 6}, False, ListingStatus.OPEN, "team"),
        ({"status": "ballot"}, False, ListingStatus.UNKNOWN, "does not say"),
        ({"status": None}, False, ListingStatus.UNKNOWN, "does not say"),
    ],
)
def test_only_open_races_with_room_and_without_teams_take_entries(
    eventrac: Eventrac, told: dict[str, object], takes: bool, status: ListingStatus, because: str
) -> None:
    record = read(race(**told), eventrac)
    assert (record.accepts_entries, record.status) == (takes, status)
    assert because in record.closed_because
    assert bool(record.closed_because) is not takes


@pytest.mark.parametrize("kind", [Kind.EVENT, Kind.RACE])
def test_an_id_is_enough(eventrac: Eventrac, kind: Kind) -> None:
    record = eventrac.decode(received(kind, {"id": 5}))[0]
    assert record.external_id == "5"


def test_fields_of_the_wrong_kind_are_empty_and_not_fatal(eventrac: Eventrac) -> None:
    odd = race(
        name={"en": "x"}, capacity="lots", participant_count=-3, date="soon", closing_date=5, description=[],
        affiliations="none", team_race="perhaps", form_additions={"a": 1}, products="none", event=7, price=[], url=[],
    )  # fmt: skip
    record = read(odd, eventrac)
    assert record == RaceRecord(
        external_id="30551", event_id="", status=ListingStatus.OPEN, status_text="open", accepts_entries=True
    )


def test_a_question_or_option_without_an_id_is_left_out_and_one_named_twice_counts_once(eventrac: Eventrac) -> None:
    questions = [{"label": "lost"}, {"id": 1, "label": "a"}, {"id": "1", "label": "b"}, 7, None]
    options = [{"label": "lost"}, {"id": 2, "label": "x"}]
    record = read(race(form_additions=[*questions, {"id": 3, "select_options": options}]), eventrac)
    assert [question.external_id for question in record.questions] == ["1", "3"]
    assert [option.external_id for option in record.questions[1].options] == ["2"]


def test_a_price_without_a_currency_is_no_price(eventrac: Eventrac) -> None:
    assert read(race(price={"amount": 2650}), eventrac).price is None


@pytest.mark.parametrize("told", [{}, {"id": None}, {"id": ""}, {"id": True}, [1], "x", 5, None])
def test_what_has_no_id_is_rejected_with_a_reason(told: object) -> None:
    item = receive(Kind.RACE, json.dumps(told).encode())
    assert isinstance(item, Rejected)
    assert item.reason
    assert item.payload == json.dumps(told).encode()


def test_bytes_that_are_no_text_reject_one_record_by_its_id() -> None:
    item = receive(Kind.EVENT, b'{"id": 5, "name": "\xff"}')
    assert isinstance(item, Rejected)
    assert item.external_id == "5"


def test_what_is_not_an_event_or_race_cannot_be_read(eventrac: Eventrac) -> None:
    with pytest.raises(BadRecord):
        eventrac.decode(Received(kind=Kind.ENTRY, external_id="1", fingerprint=b"", payload=b'{"id": 1}'))


def test_a_race_is_the_same_whatever_its_event_says_and_in_whatever_order() -> None:
    one = received(Kind.RACE, race())
    turned = received(Kind.RACE, dict(reversed(race(event=event(name="Renamed")).items())))
    assert one.fingerprint == turned.fingerprint


def test_a_count_that_moved_makes_another_race() -> None:
    assert received(Kind.RACE, race()).fingerprint != received(Kind.RACE, race(participant_count=449)).fingerprint


def test_a_race_that_moved_to_another_event_is_not_the_same() -> None:
    moved = race(event={"id": 9102, "name": "Harbour Loop"})
    assert received(Kind.RACE, race()).fingerprint != received(Kind.RACE, moved).fingerprint


def test_html_is_read_as_text(eventrac: Eventrac) -> None:
    [record] = eventrac.decode(received(Kind.EVENT, event(description="<p>Two laps<script>x</script></p>\n")))
    assert isinstance(record, EventRecord)
    assert record.description == "Two laps"


@pytest.mark.parametrize("never", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00"])
def test_a_time_that_no_calendar_shows_everywhere_is_none(eventrac: Eventrac, never: str) -> None:
    record = read(race(date=never, closing_date=never), eventrac)
    assert (record.starts_at, record.closes_at) == (None, None)


def test_an_id_that_no_column_holds_is_one_bad_record(eventrac: Eventrac) -> None:
    """Stored with the others it would break the whole page."""
    item = receive(Kind.EVENT, json.dumps(event(id="9" * 121)).encode())
    assert isinstance(item, Rejected)
    assert item.reason == "id is too long"
    records = eventrac.decode(received(Kind.RACE, race(event=event(id="9" * 121), form_additions=[{"id": "7" * 121}])))
    assert [type(record) for record in records] == [RaceRecord, TicketTypeRecord]
    assert isinstance(records[0], RaceRecord)
    assert (records[0].event_id, records[0].questions) == ("", ())


@pytest.mark.parametrize("dots", [".", ".."])
def test_an_id_of_dots_would_lead_to_another_address(dots: str) -> None:
    item = receive(Kind.RACE, json.dumps(race(id=dots)).encode())
    assert isinstance(item, Rejected)
    assert item.reason == "id is not an id"
