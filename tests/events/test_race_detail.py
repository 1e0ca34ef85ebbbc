"""One race: the finding, the figures side by side, and which listings are the same race."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from organiser_portal.connections.models import SyncState
from organiser_portal.events.models import Product, Question, Race, Sku
from organiser_portal.events.services import CannotLink, link_listing, split_off
from organiser_portal.organisations.models import AuditRecord
from organiser_portal.participants.models import Entry
from tests.factories import (
    SEEN,
    make_application,
    make_connection,
    make_entry,
    make_listing,
    make_race,
    make_ticket_type,
)

pytestmark = pytest.mark.portable


@pytest.fixture
def listing(organisation):
    return make_listing(make_connection(organisation), capacity=160, sold=3, url="https://events.example/race/1")


@pytest.fixture
def other(organisation):
    return make_listing(make_connection(organisation, "letsdothis"), status="unknown", accepts_entries=False)


def url(name, organisation, pk):
    return reverse(f"events:{name}", args=[organisation.slug, pk])


def show(browser, race):
    return browser.get(url("race-detail", race.organisation, race.pk)).content.decode()


def test_the_heading_states_the_room(viewer, sign_in, listing):
    page = show(sign_in(viewer), listing.race)
    assert "Room for 157 more" in page
    assert "eventrac says 3, we hold 0" in page


def test_what_the_listing_sells_and_asks_is_shown(viewer, sign_in, listing):
    Question.objects.create(listing=listing, external_id="1", label="T-shirt", options=[{"id": "1", "label": "Medium"}])
    product = Product.objects.create(listing=listing, key="p", title="Technical shirt", max_quantity=2)
    Sku.objects.create(product=product, external_id="1", title="Blue", stock=0, price_minor=1500, currency="GBP")
    make_ticket_type(listing, "Early bird", price_unknown="28.5", currency="GBP")
    page = show(sign_in(viewer), listing.race)
    for words in ("T-shirt", "Medium", "Technical shirt", "sold out", "£15.00", "Early bird", "28.5"):
        assert words in page
    assert 'href="https://events.example/race/1"' in page


def test_an_entry_may_be_added_only_where_a_listing_takes_entries(editor, viewer, sign_in, listing, other):
    assert "Add entry" in show(sign_in(editor), listing.race)
    assert "Add entry" not in show(sign_in(viewer), listing.race)
    assert "Add entry" not in show(sign_in(editor), other.race)


def test_a_race_in_two_places_warns_that_runners_may_be_counted_twice(viewer, sign_in, listing, other, owner):
    link_listing(listing=other, race=listing.race, actor=owner)
    page = show(sign_in(viewer), listing.race)
    assert "Sold in 2 places" in page
    assert "not a sum" in page


@pytest.mark.postgresql
def test_linking_moves_the_listing_with_its_people_and_removes_what_is_left_empty(manager, sign_in, listing, other):
    entry, application = make_entry(other), make_application(other)
    stays = make_entry(listing)
    Race.objects.filter(pk=other.race_id).update(licence_capacity=500)
    response = sign_in(manager).post(
        url("race-link", other.organisation, other.race_id), {"listing": other.pk, "race": listing.race_id}
    )
    assert response.status_code == 303
    assert response["Location"] == url("race-detail", listing.organisation, listing.race_id)
    for row in (entry, application, stays, other):
        row.refresh_from_db()
        assert row.race_id == listing.race_id
    race = Race.objects.get()
    assert race.licence_capacity == 500
    record = AuditRecord.objects.get(action="race.linked")
    assert (record.actor, record.detail["removed"]) == (manager, True)


def test_a_race_with_entries_of_its_own_stays(listing, other, owner):
    kept = make_entry(other)
    Entry.objects.filter(pk=kept.pk).update(listing=None, connection=None, external_id=None)
    left = other.race
    link_listing(listing=other, race=listing.race, actor=owner)
    assert Race.objects.filter(pk=left.pk).exists()


@pytest.mark.postgresql
def test_splitting_off_undoes_the_link(manager, sign_in, listing, other, owner):
    entry = make_entry(other)
    link_listing(listing=other, race=listing.race, actor=owner)
    response = sign_in(manager).post(url("race-split", other.organisation, other.pk))
    other.refresh_from_db()
    entry.refresh_from_db()
    assert other.race_id == entry.race_id != listing.race_id
    assert response["Location"] == url("race-detail", other.organisation, other.race_id)
    assert AuditRecord.objects.filter(action="race.split_off", actor=manager).exists()


def test_the_only_listing_cannot_be_split_off(listing, owner):
    with pytest.raises(CannotLink, match="only listing"):
        split_off(listing=listing, actor=owner)


def test_a_listing_is_never_linked_across_organisations(listing, owner, stranger):
    theirs = make_race(stranger.memberships.get().organisation)
    with pytest.raises(CannotLink):
        link_listing(listing=listing, race=theirs, actor=owner)


def test_the_form_offers_only_races_of_this_organisation_and_says_what_is_wrong(
    manager, sign_in, listing, other, stranger
):
    theirs = make_race(stranger.memberships.get().organisation, "Theirs")
    browser = sign_in(manager)
    address = url("race-link", listing.organisation, listing.race_id)
    assert "Theirs" not in browser.get(address).content.decode()
    response = browser.post(address, {"listing": listing.pk, "race": theirs.pk})
    assert response.status_code == 422
    assert Race.objects.filter(pk=listing.race_id).exists()


def test_a_race_of_the_same_name_and_start_is_chosen_already(manager, sign_in, listing, other):
    browser, address = sign_in(manager), url("race-link", listing.organisation, listing.race_id)
    assert f'<option value="{other.race_id}" selected>' in browser.get(address).content.decode()
    Race.objects.filter(pk=other.race_id).update(name="Another 10K")
    assert f'<option value="{other.race_id}" selected>' not in browser.get(address).content.decode()


@pytest.mark.postgresql
def test_the_licence_is_set_and_taken_away_by_a_manager_and_noted(manager, sign_in, listing):
    browser = sign_in(manager)
    address = url("race-licence", listing.organisation, listing.race_id)
    assert browser.post(address, {"capacity": "150"}).status_code == 303
    assert "Room for 147 more" in show(browser, listing.race)
    browser.post(address, {"capacity": "-1"})
    listing.race.refresh_from_db()
    assert listing.race.licence_capacity == 150
    browser.post(address, {"capacity": ""})
    listing.race.refresh_from_db()
    assert listing.race.licence_capacity is None
    assert [r.detail["after"] for r in AuditRecord.objects.filter(action="race.licence_changed")] == [None, 150]


def test_linking_asks_for_the_other_races_once_however_many_listings_there_are(
    manager, sign_in, listing, other, owner, django_assert_max_num_queries
):
    link_listing(listing=other, race=listing.race, actor=owner)
    make_listing(make_connection(listing.organisation, label="Third"), listing.race)
    browser, address = sign_in(manager), url("race-link", listing.organisation, listing.race_id)
    browser.get(address)
    with django_assert_max_num_queries(8):
        browser.get(address)


def test_a_licence_that_is_no_number_stays_to_be_mended(manager, sign_in, listing):
    answer = sign_in(manager).post(
        url("race-licence", listing.organisation, listing.race_id), {"capacity": "about 300"}
    )
    assert answer.status_code == 422
    assert 'value="about 300"' in answer.text
    assert "This has to be a whole number" in answer.text


@pytest.mark.parametrize("name", ["race-licence", "race-link", "race-split"])
def test_an_editor_may_neither_link_nor_set_limits(editor, sign_in, listing, name):
    pk = listing.pk if name == "race-split" else listing.race_id
    assert sign_in(editor).post(url(name, listing.organisation, pk)).status_code == 403


@pytest.mark.postgresql
def test_places_that_a_count_cannot_know_of_yet_are_taken_all_the_same(viewer, sign_in, listing):
    """One was in it when it was told, one has been sent since, one has not left yet, and one is not to be."""
    for values in (
        {},
        {"first_seen": SEEN + timedelta(minutes=1)},
        {"external_id": None},
        {"external_id": None, "status": "withdrawn"},
    ):
        Entry.objects.filter(pk=make_entry(listing).pk).update(**values)
    page = show(sign_in(viewer), listing.race)
    assert "Room for 155 more" in page
    assert "it says 3, 2 more since" in page
    assert "eventrac says 3, we hold 3, 2 of them since" in page


@pytest.mark.parametrize(("provider", "resource"), [("eventrac", "races"), ("ticketing", "events")])
def test_a_count_is_as_old_as_the_last_look_at_it(viewer, sign_in, organisation, provider, resource):
    """Platforms do not date their counts, and one that has not moved is not stored again."""
    listing = make_listing(make_connection(organisation, provider), sold=150, capacity=160, as_of=None)
    for key, minutes in ((resource, 7), ("entries", 90)):
        at = timezone.now() - timedelta(minutes=minutes)
        SyncState.objects.create(connection=listing.connection, resource=key, last_success_at=at)
    races, race = f"/o/{organisation.slug}/races/", listing.race_id
    ways = (
        f"{races}{race}/",
        f"{races}?columns=name,sold,age",
        f"/o/{organisation.slug}/sync/completeness/?race={race}",
    )
    browser = sign_in(viewer)
    assert all("7 min</time>" in browser.get(way).text for way in ways)


def test_the_number_of_queries_does_not_grow_with_entries(viewer, sign_in, listing, django_assert_max_num_queries):
    browser = sign_in(viewer)
    make_entry(listing)
    with django_assert_max_num_queries(30) as few:
        show(browser, listing.race)
    for _ in range(5):
        make_entry(listing)
    with django_assert_max_num_queries(len(few)):
        show(browser, listing.race)


def test_a_listing_is_called_what_the_list_calls_it_and_the_providers_word_stands_below(viewer, sign_in, listing):
    listing.status, listing.status_text = "open", "Scheduled, 3 reserved"
    listing.save()
    browser = sign_in(viewer)
    word = "<span>Open</span>"
    assert word in browser.get(reverse("events:race-list", args=[listing.organisation.slug])).content.decode()
    page = show(browser, listing.race)
    assert word in page
    assert "eventrac says: Scheduled, 3 reserved" in page


def test_where_the_portal_knows_no_state_the_providers_word_stands_alone(viewer, sign_in, other):
    other.status_text = "on hold"
    other.save()
    browser = sign_in(viewer)
    for page in (
        show(browser, other.race),
        browser.get(reverse("events:race-list", args=[other.organisation.slug])).content.decode(),
    ):
        assert "On hold" in page
        assert "status not told" not in page
