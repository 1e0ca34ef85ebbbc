"""Whoever is to be erased is, whatever else their row says."""

import pytest

from providers.records import EntryRecord, Person
from tests.providers.letsdothis.samples import APPLICATION, PARTICIPANT, application, entry

LONG = "x" * 200


@pytest.mark.parametrize("bad", [{"bookingId": LONG}, {"applicationId": LONG}, {"reservedEntryGroupCode": LONG}])
def test_an_id_that_no_column_takes_is_left_out(bad: dict[str, object]):
    record = entry(PARTICIPANT | {"gdprRedacted": True} | bad)
    assert isinstance(record, EntryRecord)
    assert record.redacted
    assert record.person == Person()
    live = entry(PARTICIPANT)
    for kept in ("external_id", "event_id", "race_id", "ticket_type_id", "created_at", "updated_at"):
        assert getattr(record, kept) == getattr(live, kept)


@pytest.mark.parametrize("bad", [{"eventId": LONG}, {"raceId": LONG}, {"ticketId": LONG}, {"raceId": "r" * 110}])
def test_a_place_that_cannot_be_read_is_not_told(bad: dict[str, object]):
    record = entry(PARTICIPANT | {"gdprRedacted": True, "eventOccurrenceId": "o" * 20} | bad)
    assert record.redacted
    assert (record.event_id, record.race_id, record.ticket_type_id) == ("", "", "")
    assert record.status_text == entry(PARTICIPANT).status_text


def test_an_application_is_erased_all_the_same():
    record = application(APPLICATION | {"gdprRedacted": True, "raceId": LONG, "bookingId": LONG})
    assert record.redacted
    assert record.person == Person()
    assert record.race_id == ""
    assert record.approval == "APPROVED"
