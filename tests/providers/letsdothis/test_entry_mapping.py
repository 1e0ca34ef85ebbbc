"""A participant becomes an entry, and stubs of what it points at."""

from datetime import UTC, datetime

import pytest

from providers.errors import BadRecord
from providers.letsdothis.cursor import EPOCH
from providers.records import (
    Answer,
    EntryRecord,
    EntryStatus,
    EventRecord,
    Kind,
    ListingStatus,
    Money,
    Person,
    RaceRecord,
    TicketTypeRecord,
)
from tests.providers.letsdothis.samples import (
    APPLICATION,
    PARTICIPANT,
    SHARED,
    TICKET,
    UPDATED,
    application,
    entry,
    entry_records,
    stored,
)
from tests.providers.letsdothis.world import Remote, client

BLOCK_3 = [
    *("eventName", "raceName", "raceStartDate", "sportId", "distanceId", "distances", "disciplineLabel", "course"),
    *("eventLocation", "competitorSize", "reservedEntryGroupCode", "reservedEntryGroupName"),
    *("reservedEntryPartnerExternalIds", "reservedEntryPartnerName"),
]
RACE = "9027714455:70aa11bb22cc33dd44ee55ff"


def test_a_participant_has_42_keys_and_shares_39():
    assert len(PARTICIPANT) == 42
    assert len(SHARED) == 39


def test_a_participant_is_an_entry():
    assert entry(PARTICIPANT) == EntryRecord(
        external_id="71f0a3c2d94e5b6a7c8d9e01",
        event_id="4820193",
        race_id=RACE,
        status=EntryStatus.LIVE,
        status_text="CONFIRMED",
        person=Person(first_name="Tomasz", last_name="Reyes", email="T.Reyes@Mail.example"),
        bib="0417",
        wave="Blue 2",
        ticket_type_id="70aa12000000000000000abc",
        ticket_title="Half: club rate",
        list_price=Money(minor=None, currency="GBP", unknown_unit=4200),
        booking_id="71f0a3b0d94e5b6a7c8d9d77",
        booker_name="Ana Reyes",
        booker_email="ana@mail.example",
        application_id="71e7",
        partner_name="Ely Striders",
        partner_group="Club places",
        partner_group_id="re_9kq2mz0b7xw",
        codes=("CLUB27",),
        tags=("club",),
        answers=(Answer(question_id="shirt", label="Shirt size", value="M"),),
        created_at=datetime(2027, 1, 11, 7, 5, 12, 418000, tzinfo=UTC),
        updated_at=UPDATED,
    )


def test_it_brings_stubs_of_its_event_race_and_ticket_stamped_with_its_own_time():
    assert entry_records(PARTICIPANT)[1:] == (
        EventRecord(external_id="4820193", name="Fenland Spring Half", location="Ely, GB", stub=True, as_of=UPDATED),
        RaceRecord(
            external_id=RACE,
            event_id="4820193",
            name="Half Marathon",
            starts_at=datetime(2027, 6, 6, 8, 0, tzinfo=UTC),
            sport="Running",
            distance="21.1 km",
            stub=True,
            as_of=UPDATED,
        ),
        TicketTypeRecord(
            external_id="70aa12000000000000000abc",
            event_id="4820193",
            race_id=RACE,
            title="Half: club rate",
            stub=True,
            as_of=UPDATED,
        ),
    )


def test_capacity_and_status_of_a_race_are_not_known_whatever_the_competitor_size():
    race = entry_records(PARTICIPANT)[2]
    assert isinstance(race, RaceRecord)
    assert race.capacity is None
    assert race.sold is None
    assert race.status is ListingStatus.UNKNOWN
    assert not race.accepts_entries


def test_one_race_in_two_editions_is_two_races():
    later = entry(PARTICIPANT | {"eventOccurrenceId": "67123"})
    assert later.race_id == "9027714455:67123"
    assert entry(PARTICIPANT | {"eventOccurrenceId": None}).race_id == "9027714455"


def test_without_the_third_block_the_stubs_are_bare_and_too_old_to_overwrite_a_name():
    bare = {key: value for key, value in PARTICIPANT.items() if key not in BLOCK_3}
    record, event, race, ticket = entry_records(bare)
    assert isinstance(record, EntryRecord)
    assert record.person == entry(PARTICIPANT).person
    assert record.partner_name == ""
    assert event == EventRecord(external_id="4820193", stub=True, as_of=EPOCH)
    assert race == RaceRecord(external_id=RACE, event_id="4820193", stub=True, as_of=EPOCH)
    assert isinstance(ticket, TicketTypeRecord)


@pytest.mark.parametrize("key", [key for key in PARTICIPANT if key != "id"])
@pytest.mark.parametrize("nothing", ["absent", "null"])
def test_every_key_but_the_id_may_be_missing_or_null(key: str, nothing: str):
    row = {name: value for name, value in PARTICIPANT.items() if name != key}
    record = entry(row if nothing == "absent" else row | {key: None})
    assert record.external_id == PARTICIPANT["id"]


def test_a_row_with_nothing_but_an_id_still_has_a_place_to_be_seen():
    record, event, race = entry_records({"id": "x"})
    assert isinstance(record, EntryRecord)
    assert record.event_id == event.external_id == "not-stated"
    assert record.race_id == race.external_id == "not-stated@not-stated"


@pytest.mark.parametrize("never", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"])
def test_a_time_that_no_calendar_shows_everywhere_is_none(never: str):
    row = PARTICIPANT | {"createdAt": never, "updatedAt": never, "raceStartDate": never}
    record, _, race, *_ = entry_records(row)
    assert isinstance(record, EntryRecord)
    assert isinstance(race, RaceRecord)
    assert (record.created_at, record.updated_at, race.starts_at) == (None, None, None)


def test_an_unknown_key_and_an_unknown_word_are_no_harm():
    record = entry(PARTICIPANT | {"brandNew": {"deep": [1]}, "bookerType": "ALIEN", "incrementalStatus": 7})
    assert record == entry(PARTICIPANT)


def test_a_bib_keeps_its_zeros_and_letters():
    assert entry(PARTICIPANT | {"bibNumber": "00A7"}).bib == "00A7"
    assert entry(PARTICIPANT | {"bibNumber": 417}).bib == "417"


def test_ids_are_opaque_and_nothing_is_read_from_them():
    record = entry(PARTICIPANT | {"id": "p_weird/id?x=1", "bookingId": "67123", "raceId": "re_9"})
    assert record.external_id == "p_weird/id?x=1"
    assert record.created_at == datetime(2027, 1, 11, 7, 5, 12, 418000, tzinfo=UTC)


def test_an_id_may_be_the_same_for_a_participant_an_application_and_a_booking():
    same = PARTICIPANT | {"bookingId": PARTICIPANT["id"]}
    assert entry(same).external_id == application(same).external_id == entry(same).booking_id


def test_an_id_too_long_to_be_one_is_refused_by_name_and_without_the_value():
    with pytest.raises(BadRecord, match="ticketId is too long") as caught:
        entry(PARTICIPANT | {"ticketId": "9" * 500})
    assert "9999" not in str(caught.value)


def test_an_application_keeps_the_decision_in_its_own_words():
    record = application(APPLICATION | {"approvalStatus": "WAITLISTED_2"})
    assert (record.approval, record.resolution, record.draw) == ("WAITLISTED_2", "BALLOT", "Main draw")
    assert record.person.first_name == "Tomasz"
    assert record.race_id == RACE
    assert record.answers == (Answer(question_id="shirt", label="Shirt size", value="M"),)


def test_a_participant_without_an_application_has_none():
    assert entry(PARTICIPANT | {"applicationId": None}).application_id == ""


def test_a_listed_participant_is_no_proof_of_a_place():
    cancelled = PARTICIPANT | {"statusDetails": [{"status": "CANCELLED", "createdAt": "2027-02-01T00:00:00Z"}]}
    assert entry(cancelled).status is EntryStatus.CANCELLED


def test_the_client_decodes_by_kind_with_its_own_mapping_and_unit():
    with client(Remote(), mapping={"shirt": "club"}, price_unit="minor") as provider:
        record = provider.decode(stored(Kind.ENTRY, PARTICIPANT))[0]
        ticket = provider.decode(stored(Kind.TICKET_TYPE, TICKET))[0]
        with pytest.raises(BadRecord):
            provider.decode(stored(Kind.EVENT, {"id": "1"}))
    assert isinstance(record, EntryRecord)
    assert record.person.club == "M"
    assert isinstance(ticket, TicketTypeRecord)
    assert ticket.price == Money(minor=4200, currency="GBP")


def test_a_group_code_is_kept_as_it_came_whatever_its_inner_form():
    assert entry(PARTICIPANT | {"reservedEntryGroupCode": "re_x-7k2.q"}).partner_group_id == "re_x-7k2.q"
