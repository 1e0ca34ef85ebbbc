"""The list of partners at one event, race by race, and as a file."""

import csv
import io
import re
from collections.abc import Callable
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from organiser_portal.connections.models import Connection
from organiser_portal.events.models import Event, Listing
from organiser_portal.organisations.models import AuditRecord, User
from organiser_portal.partners.by_race import OTHERS, SEVERAL, by_race
from organiser_portal.partners.models import Conversion, Partner, ReservedGroup
from tests.factories import make_listing, make_ticket_type, synced

type SignIn = Callable[[User], Client]


def url(name: str) -> str:
    return reverse(f"partners:{name}", args=["fellgate"])


@pytest.fixture
def partner(connection: Connection) -> Partner:
    return Partner.objects.create(name="=Hospice", kind="charity", **synced(connection))


@pytest.fixture
def event(connection: Connection, partner: Partner) -> Event:
    """Two races, a group for each and one for both; and a group elsewhere."""
    short = make_listing(connection, name="10K")
    long = at_the_same(short, "Half")
    tickets = {listing.name: make_ticket_type(listing, listing.name).external_id for listing in (short, long)}
    there = {"partner": partner, "event_listing": short.event_listing}
    for names, held, used in ((["10K"], 30, 11), (["Half"], 15, 4), (["10K", "Half"], 5, 0)):
        ticket_ids = [tickets[name] for name in names]
        ReservedGroup.objects.create(capacity=held, used=used, ticket_ids=ticket_ids, **there, **synced(connection))
    ReservedGroup.objects.create(partner=partner, capacity=99, **synced(connection))
    return short.race.event


def at_the_same(listing: Listing, name: str) -> Listing:
    """Another race of the event."""
    other = make_listing(listing.connection, name=name)
    other.event_listing = listing.event_listing
    other.save()
    return other


def rows(client: Client, **asked: Any) -> list[list[str]]:
    answer: Any = client.get(url("partner-list-export"), asked)
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode(), newline=""), strict=True))


def test_a_group_counts_for_the_race_of_all_its_tickets(event: Event, partner: Partner):
    found = by_race(Partner.objects.all(), event)
    assert found.titles == ("10K", "Half", SEVERAL)
    assert [(each.used, each.held) for each in found.of(partner)] == [(11, 30), (4, 15), (0, 5)]
    assert [(each.used, each.held) for each in found.totals] == [(11, 30), (4, 15), (0, 5)]


def test_races_that_do_not_fit_share_a_column(event: Event, partner: Partner, connection: Connection):
    first = event.listings.get().listings.order_by("pk")[0]
    for number in range(5):
        ticket = make_ticket_type(at_the_same(first, f"R{number}"), "T").external_id
        ReservedGroup.objects.create(
            partner=partner, event_listing=first.event_listing, capacity=1, ticket_ids=[ticket], **synced(connection)
        )
    found = by_race(Partner.objects.all(), event)
    assert len(found.titles) == 4
    assert found.titles[-1] == OTHERS
    assert sum(each.held for each in found.totals) == 55


def test_the_list_at_an_event_counts_its_places_alone(sign_in: SignIn, viewer: User, event: Event):
    page = sign_in(viewer).get(url("partner-list"), {"event": event.pk, "sort": "-left"}).content.decode()
    assert "15 of 50 places used, 35 left" in page
    assert "11 of 30" in page


def test_the_file_has_what_the_list_shows_exact_and_safe(
    sign_in: SignIn, viewer: User, event: Event, partner: Partner, connection: Connection
):
    Partner.objects.create(name="Blog", kind="affiliate", **synced(connection))
    for payout, currency in (("0.1", "GBP"), ("0.2", "GBP"), ("7", "EUR")):
        Conversion.objects.create(
            partner=partner, status="approved", payout=Decimal(payout), currency=currency, **synced(connection)
        )
    client = sign_in(viewer)
    heading, only = rows(client, event=event.pk, columns="name,held,used,left,race-0,results,earned")
    told = dict(zip(heading, only, strict=True))
    assert told["Partner"] == "'=Hospice"
    assert (told["Held"], told["Used"], told["Left"]) == ("50", "15", "35")
    assert (told["10K: held"], told["10K: used"]) == ("30", "11")
    assert (told["Earned EUR"], told["Earned GBP"], told["Results"]) == ("7", "0.3", "3")
    line = AuditRecord.objects.get(action="partners.listed")
    assert (line.detail["rows"], line.detail["filters"], line.actor) == (1, ["event"], viewer)
    assert [row[0] for row in rows(client, sort="-name")[1:]] == ["Blog", "'=Hospice"]


def test_the_file_has_the_columns_of_the_list_in_their_order_and_its_sort(
    sign_in: SignIn, viewer: User, event: Event, partner: Partner, connection: Connection
):
    Partner.objects.create(name="Blog", kind="affiliate", **synced(connection))
    client = sign_in(viewer)
    table = rows(client, columns="left,name,todo", sort="-left")
    assert table == [
        ["Left", "Partner", "Type", "Status"],
        ["134", "'=Hospice", "Charity", ""],
        ["0", "Blog", "Affiliate", ""],
    ]
    assert rows(client, columns="fill", sort="-name")[1:] == [
        ["Blog", "Affiliate", "", ""],
        ["'=Hospice", "Charity", "", "10"],
    ]
    usual, _ = rows(client, event=event.pk)
    assert usual == [
        *("Partner", "Type", "Status", "Source", "10K: held", "10K: used", "Half: held", "Half: used"),
        *("Several races: held", "Several races: used", "Fill %", "Left", "Last claim"),
    ]


def test_the_page_offers_the_file_of_what_it_shows(sign_in: SignIn, viewer: User, partner: Partner):
    client = sign_in(viewer)
    page = client.get(url("partner-list"), {"columns": "left,name", "sort": "-left"}).text
    asked = re.search(rf'href="{url("partner-list-export")}([^"]*)" download', page)
    assert asked
    query = QueryDict(unescape(asked.group(1)).removeprefix("?"))
    assert query.dict() == {"columns": "left,name", "sort": "-left"}
    assert rows(client, **query.dict())[0] == ["Left", "Partner", "Type", "Status"]


def test_the_totals_keep_currencies_apart(sign_in: SignIn, viewer: User, partner: Partner, connection: Connection):
    for payout, currency in (("10", "GBP"), ("0.005", "EUR")):
        Conversion.objects.create(
            partner=partner, status="approved", payout=Decimal(payout), currency=currency, **synced(connection)
        )
    page = sign_in(viewer).get(url("partner-list"))
    assert [(each.currency, each.earned) for each in page.context["money"]] == [
        ("EUR", Decimal("0.005")),
        ("GBP", Decimal(10)),
    ]
    assert "Currencies are never added together" in page.content.decode()
