"""Partners and reserved groups as records, whatever shape the folded objects turn out to have."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.errors import BadRecord
from providers.letsdothis.cursor import EPOCH
from providers.letsdothis.partners import group, partner
from providers.partner_records import Contact, PartnerKind, PartnerRecord, ReservedGroupRecord
from providers.records import EventRecord
from tests.providers.letsdothis.samples import GROUP, PARTNER

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def read_partner(**changes: Any) -> PartnerRecord:
    record = partner("p", json.dumps(PARTNER | changes).encode()).record
    assert isinstance(record, PartnerRecord)
    return record


def read_group(**changes: Any) -> ReservedGroupRecord:
    record = group("re", json.dumps(GROUP | changes).encode()).record
    assert isinstance(record, ReservedGroupRecord)
    return record


def test_a_partner_is_read_whole():
    record = read_partner()
    assert record.name == "Ely Striders"
    assert record.kind is PartnerKind.CORPORATE
    assert record.kind_text == "CORPORATE"
    assert record.contacts == (Contact(first_name="Ines", last_name="Hall", email="ines@striders.example"),)
    assert record.other_ids == (("enthuse", "4471"),)
    assert record.updated_at == datetime(2027, 1, 5, 12, 30, 45, 120000, tzinfo=UTC)


def test_what_an_edit_form_shows_travels_with_the_partner():
    editable = dict(read_partner().editable)
    assert editable["name"] == "Ely Striders"
    assert editable["enthuse"] == "4471"
    assert editable["just_giving"] == ""
    assert editable["headline"] == "Run with us"
    assert editable["event_marketing"] == "4820193 | Spring places"
    assert editable["default_marketing"] == PARTNER["defaultMarketing"]
    assert editable["specific_marketings"] == PARTNER["specificMarketings"]
    assert json.loads(json.dumps(editable)) == editable


def test_marketing_for_an_event_lets_the_event_be_known():
    _, *stubs = partner("p", json.dumps(PARTNER).encode()).records
    assert stubs == [EventRecord(external_id="4820193", stub=True, as_of=EPOCH)]


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("CHARITY", PartnerKind.CHARITY),
        ("FRIENDS_AND_FAMILY", PartnerKind.FRIENDS_AND_FAMILY),
        ("MERCH_PARTNER", PartnerKind.MERCHANDISE),
        ("SPONSOR", PartnerKind.SPONSOR),
        ("GALACTIC", PartnerKind.OTHER),
        (None, PartnerKind.OTHER),
    ],
)
def test_a_type_nobody_knows_is_shown_as_it_is(word: str | None, kind: PartnerKind):
    record = read_partner(type=word)
    assert (record.kind, record.kind_text) == (kind, word or "")


def test_a_group_is_read_whole_and_lets_its_event_be_known():
    record, event = group("re", json.dumps(GROUP).encode()).records
    assert isinstance(record, ReservedGroupRecord)
    assert (record.event_id, record.partner_id) == ("4820193", "p_3n8vt5y1qwe")
    assert (record.capacity, record.used, record.kind_text) == (40, 12, "SINGLE_USE")
    assert record.ticket_ids == ("70aa12000000000000000abc",)
    assert dict(record.editable)["tickets"] == ["70aa12000000000000000abc"]
    assert event == EventRecord(external_id="4820193", stub=True, as_of=EPOCH)


def test_a_group_of_nobody_has_no_partner():
    assert read_group(partnerId=None).partner_id == ""


@pytest.mark.parametrize("tickets", [[{"id": "t"}], ["t"], [{"ticketId": "t"}, {"ticketId": "t"}], {"ticketId": "t"}])
def test_the_tickets_of_a_group_are_found_in_any_spelling(tickets: Any):
    assert read_group(tickets=tickets).ticket_ids == ("t",)


def test_an_id_that_fits_no_column_is_one_bad_record():
    with pytest.raises(BadRecord):
        read_group(partnerId="p" * 200)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(PARTNER, ANY_JSON)))
def test_no_shape_breaks_a_partner(row: dict[str, Any]):
    record = partner("p", json.dumps(row).encode()).record
    assert isinstance(record, PartnerRecord)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(GROUP, ANY_JSON)))
def test_no_shape_breaks_a_group(row: dict[str, Any]):
    record = group("re", json.dumps(row).encode()).record
    assert isinstance(record, ReservedGroupRecord)
    assert record.capacity >= 0
