"""What providers say of partners, in our tables: exact, whole, and safe to say twice or in any order."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection as database
from django.db import transaction
from django.test.utils import CaptureQueriesContext

from organiser_portal.connections.models import Connection
from organiser_portal.organisations.models import Organisation
from organiser_portal.partners.figures import figures_of
from organiser_portal.partners.ingest import Arrival, ingest
from organiser_portal.partners.models import Campaign, Conversion, DayStat, Partner, ReservedGroup
from providers.partner_records import (
    CampaignRecord,
    CapRecord,
    Contact,
    ConversionRecord,
    ConversionStatus,
    DayStatRecord,
    PartnerKind,
    PartnerRecord,
    PartnerSide,
    ReservedGroupRecord,
)
from tests.conftest import NOW
from tests.factories import make_connection, make_listing, make_race

type Take = Callable[..., frozenset[str]]


@pytest.fixture
def connection(organisation: Organisation) -> Connection:
    return make_connection(organisation)


@pytest.fixture
def take(connection: Connection) -> Take:
    def taken(*records: PartnerSide, minutes: int = 0) -> frozenset[str]:
        arrivals = [Arrival(record=record, fingerprint=b"f") for record in records]
        with transaction.atomic():
            return ingest(arrivals, connection=connection, now=NOW + timedelta(minutes=minutes))

    return taken


def hospice(**changes: Any) -> PartnerRecord:
    values = {"external_id": "p1", "name": "Harbour Hospice", "kind": PartnerKind.CHARITY} | changes
    return PartnerRecord(**values)


def places(external_id: str = "g1", **changes: Any) -> ReservedGroupRecord:
    values = {"external_id": external_id, "event_id": "E", "partner_id": "p1", "capacity": 30, "used": 12} | changes
    return ReservedGroupRecord(**values)


def conversion(number: int, payout: str | None, **changes: Any) -> ConversionRecord:
    values = {
        "external_id": f"c{number}",
        "partner_id": "p1",
        "campaign_id": "k1",
        "status": ConversionStatus.APPROVED,
        "payout": None if payout is None else Decimal(payout),
        "currency": "GBP",
    } | changes
    return ConversionRecord(**values)


def test_a_partner_is_kept_with_its_people_and_what_an_edit_form_shows(take: Take):
    lee = Contact(first_name="Lee", last_name="Moss", email="lee@hospice.example")
    take(hospice(contacts=(lee,), other_ids=(("enthuse", "44"),), editable=(("headline", {"deep": [1]}),)))
    row = Partner.objects.get()
    assert row.contacts == [{"first_name": "Lee", "last_name": "Moss", "email": "lee@hospice.example", "phone": ""}]
    assert row.other_ids == [["enthuse", "44"]]
    assert row.editable == {"headline": {"deep": [1]}}
    assert (row.kind, row.get_kind_display(), row.active) == ("charity", "Charity", None)


def test_twice_is_once_and_the_last_word_counts(take: Take):
    take(hospice(), hospice(name="Harbour Care"), minutes=0)
    take(hospice(name="Harbour Care"), minutes=5)
    row = Partner.objects.get()
    assert row.name == "Harbour Care"
    assert (row.first_seen, row.last_seen) == (NOW, NOW + timedelta(minutes=5))


def test_an_older_state_of_a_partner_is_left_alone(take: Take):
    at = datetime(2027, 1, 2, tzinfo=UTC)
    take(hospice(name="New", updated_at=at))
    assert take(hospice(name="Old", updated_at=at - timedelta(days=1))) == {"p1"}
    assert take(hospice(name="Same time", updated_at=at)) == frozenset()
    assert Partner.objects.get().name == "Same time"


def test_places_come_before_their_partner_and_are_tied_when_it_comes(take: Take, connection: Connection):
    take(places())
    group = ReservedGroup.objects.get()
    assert (group.partner, group.partner_external_id) == (None, "p1")
    take(hospice())
    group.refresh_from_db()
    assert group.partner == Partner.objects.get()
    take(places(used=13))
    group.refresh_from_db()
    assert (group.partner_id, group.used) == (Partner.objects.get().pk, 13)


def test_places_of_another_connection_are_never_tied(take: Take, organisation: Organisation):
    other = make_connection(organisation, "letsdothis")
    ingest([Arrival(record=places(), fingerprint=b"")], connection=other, now=NOW)
    take(hospice())
    assert ReservedGroup.objects.get().partner is None


def test_places_know_their_event(take: Take, connection: Connection):
    listing = make_listing(connection)
    take(places(event_id=listing.event_listing.external_id), places("g2", event_id="nowhere", partner_id=""))
    first, second = ReservedGroup.objects.order_by("external_id")
    assert first.event_listing == listing.event_listing
    assert (second.event_listing, second.event_external_id) == (None, "nowhere")


def test_places_of_a_partner_are_added_up_without_those_that_are_gone(take: Take, organisation: Organisation):
    take(hospice(), hospice(external_id="p2", name="Nobody's"), places(), places("g2", capacity=10, used=9))
    take(places("g3", capacity=500))
    ReservedGroup.objects.filter(external_id="g3").update(gone_at=NOW)
    first, second = Partner.objects.of(organisation).order_by("external_id")
    figures = figures_of([first, second])
    assert (figures[first.pk].places.held, figures[first.pk].places.used) == (40, 21)
    assert (figures[second.pk].places.held, figures[second.pk].places.percent) == (0, None)


def test_money_is_exact_to_the_last_decimal(take: Take):
    take(CampaignRecord(external_id="k1", name="10K", payout=Decimal("0.015151515151515"), currency="GBP"))
    assert Campaign.objects.get().payout == Decimal("0.015151515151515")


@pytest.mark.parametrize("payout", ["NaN", "Infinity", "1e40"])
def test_an_amount_that_is_none_is_not_shown_as_one(take: Take, payout: str):
    take(conversion(1, payout))
    assert Conversion.objects.get().payout is None


def test_earnings_are_per_currency_and_only_of_what_counts(take: Take):
    take(
        hospice(),
        *(conversion(number, "0.1") for number in range(3)),
        conversion(3, "7", currency="EUR"),
        conversion(4, "1000", status=ConversionStatus.REJECTED),
        conversion(5, None, currency=""),
    )
    partner = Partner.objects.get()
    told = [(money.currency, money.results, money.earned) for money in figures_of([partner])[partner.pk].money]
    assert told == [("", 1, Decimal(0)), ("EUR", 1, Decimal(7)), ("GBP", 3, Decimal("0.3"))]


def test_results_and_days_find_their_partner_and_campaign_in_any_order(take: Take):
    take(conversion(1, "1"), DayStatRecord(external_id="d", partner_id="p1", campaign_id="k1", day=date(2027, 5, 1)))
    take(hospice(), CampaignRecord(external_id="k1", name="10K"))
    for row in (Conversion.objects.get(), DayStat.objects.get()):
        assert (row.partner, row.campaign) == (Partner.objects.get(), Campaign.objects.get())


def test_the_race_of_a_campaign_is_ours_and_survives_the_next_sync(take: Take, organisation: Organisation):
    take(CampaignRecord(external_id="k1", name="10K"))
    race = make_race(organisation)
    Campaign.objects.update(race=race)
    cap = CapRecord(external_id="7", what="conversions", daily=5)
    take(CampaignRecord(external_id="k1", name="10K, new", caps=(cap,)))
    row = Campaign.objects.get()
    assert (row.name, row.race) == ("10K, new", race)
    assert row.caps[0]["daily"] == 5


def test_counts_that_no_column_holds_are_cut(take: Take):
    take(DayStatRecord(external_id="d", partner_id="p", day=date(2027, 5, 1), clicks=10**12, impressions=-4))
    row = DayStat.objects.get()
    assert (row.clicks, row.impressions) == (2**31 - 1, 0)


def test_a_page_costs_the_same_however_long_it_is(take: Take):
    def queries(first: int, last: int) -> int:
        with CaptureQueriesContext(database) as asked:
            take(hospice(), *(conversion(number, "1") for number in range(first, last)))
        return len(asked)

    assert queries(0, 3) == queries(3, 100)
