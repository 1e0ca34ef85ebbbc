"""Where an event is, of which kind and in which state, in TickeTing's words."""

import msgspec
import pytest

from providers.records import EventRecord
from providers.ticketing import mapping
from tests.providers.ticketing.test_mapping import EVENT, LOCAL


def read(**changes: object) -> EventRecord:
    told = msgspec.json.decode(EVENT) | changes
    record = mapping.event_and_races(msgspec.json.encode(told), LOCAL)[0]
    assert isinstance(record, EventRecord)
    return record


def test_what_the_reference_shows_is_told_line_by_line():
    record = read()
    assert not record.draft
    assert record.facts == (
        ("State", "Scheduled"),
        ("Shown to the public", "yes"),
        ("Venue", "Roundhay Park, Leeds LS8"),
        ("Region", "West Yorkshire"),
        ("Category", "Sport: Road race"),
        ("Until", "5 October 2031, 14:00"),
        ("Host", "Northside Striders"),
        ("Tags", "10k"),
    )


@pytest.mark.parametrize(
    ("status", "draft"), [("Draft", True), ("Pending Review", True), ("Scheduled", False), ("Cancelled", False)]
)
def test_a_draft_and_what_waits_for_its_review_are_not_public_yet(status: str, draft: bool):
    assert read(status=status).draft is draft


def test_what_is_absent_in_any_way_has_no_line():
    record = read(
        venue=[],
        category=[],
        subcategory="",
        host=[],
        tags=[],
        status=None,
        public=None,
        end="9999-12-31T23:59:59.999Z",
    )
    assert record.facts == ()
