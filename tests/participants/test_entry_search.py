"""Anybody is found: by a fragment, by a number, by where they run and whose place they have."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from organiser_portal.participants.models import Entry
from organiser_portal.partners.models import EntryTie, Partner
from tests.factories import make_connection, make_entry, make_listing, make_race, synced
from tests.participants.listed import ask, names


@pytest.fixture
def listing(organisation):
    return make_listing(make_connection(organisation))


@pytest.fixture
def browser(viewer, sign_in):
    return sign_in(viewer)


def test_a_search_as_long_as_a_page_is_a_mistake_and_costs_nothing(browser, organisation, listing):
    make_entry(listing)
    response = ask(browser, organisation, q="a " * 2_000)
    assert names(response) == []
    assert "makes no sense" in response.content.decode()


@pytest.mark.parametrize(
    "text",
    ["breath", "SIOBHÁN", "siobhan", "s b", "br siob", "847", "mail.example", "s.b", "OKAFOR"],
)
def test_any_fragment_finds_a_person_and_every_word_has_to_match(browser, organisation, listing, text):
    make_entry(listing, "Siobhán", "Breathnach-Okafor", email="s.breathnach@mail.example", bib="0847")
    make_entry(listing, "Tom", "Bell", email="tom@post.example", bib="12")
    assert names(ask(browser, organisation, q=text)) == ["Siobhán Breathnach-Okafor"]


@pytest.mark.parametrize("text", ["o'brien", "O’Brien", "o'brien-ryan", "O‘Brien–Ryan"])
@pytest.mark.parametrize("held", ["O’Brien-Ryan", "O'Brien‑Ryan", "O´Brien\u200b-Ryan"])
def test_it_does_not_matter_which_apostrophe_or_dash_somebody_s_keyboard_has(
    browser, organisation, listing, text, held
):
    make_entry(listing, "Síle", held)
    assert names(ask(browser, organisation, q=text)) == [f"Síle {held}"]


def test_names_that_were_held_before_are_found_so_too(browser, organisation, listing):
    make_entry(listing, "Síle", "O’Brien")
    Entry.objects.update(sort_name="o’brien sile", search_text=" sile o’brien")
    write_anew = import_module("organiser_portal.participants.migrations.0014_names_as_typed").write_anew
    write_anew(apps, connection.schema_editor())
    assert names(ask(browser, organisation, q="o'brien")) == ["Síle O’Brien"]
    assert Entry.objects.get().sort_name == "o'brien sile"


def test_words_that_do_not_all_match_find_nobody_and_the_page_says_how_to_go_on(browser, organisation, listing):
    make_entry(listing, "Siobhán", "Breathnach")
    response = ask(browser, organisation, q="siobhan bell")
    assert names(response) == []
    assert "Clear search and filters" in response.content.decode()


def test_three_letters_are_found_anywhere_and_fewer_only_where_a_word_begins(browser, organisation, listing):
    make_entry(listing, "Siobhán", "Breathnach")
    assert names(ask(browser, organisation, q="eat"))
    assert names(ask(browser, organisation, q="br"))
    assert not names(ask(browser, organisation, q="ea"))


@pytest.mark.parametrize(
    "number",
    [lambda e: e.reference, lambda e: e.reference[:20], lambda e: e.external_id, lambda e: "bk0077a"],
    ids=["reference", "its beginning", "provider's number", "booking"],
)
def test_a_number_of_ours_or_of_a_provider_finds_its_entry(browser, organisation, listing, number):
    entry = make_entry(listing, reference="0" * 16 + "ada" * 5 + "f", external_id="512077", booking_id="BK0077A")
    make_entry(listing, "Tom", "Bell")
    assert names(ask(browser, organisation, q=number(entry))) == ["Siobhán Breathnach"]
    assert names(ask(browser, organisation, q=f"{number(entry)} siobhan")) == ["Siobhán Breathnach"]


@pytest.mark.parametrize("text", ["ada", "fada", "51207", "0077"])
def test_a_fragment_of_such_a_number_finds_nobody(browser, organisation, listing, text):
    make_entry(listing, reference="0" * 16 + "ada" * 5 + "f", external_id="512077", booking_id="BK0077A")
    assert names(ask(browser, organisation, q=text)) == []


def test_a_number_of_another_organisation_finds_nobody(browser, organisation, listing, stranger):
    theirs = make_entry(make_listing(make_connection(stranger.memberships.get().organisation)), external_id="512077")
    assert names(ask(browser, organisation, q="512077")) == []
    assert names(ask(browser, organisation, q=theirs.reference)) == []


def test_percent_and_underscore_are_letters_like_any_other(browser, organisation, listing):
    make_entry(listing, "Tom", "Bell", email="tom_b@post.example")
    make_entry(listing, "Ann", "Ash", email="tomxb@post.example")
    assert names(ask(browser, organisation, q="tom_b")) == ["Tom Bell"]


def test_a_race_that_several_platforms_list_is_asked_for_at_one_or_at_all(browser, organisation, listing):
    start = timezone.now() + timedelta(days=9)
    races = [make_race(organisation, "Saltwick 5", starts_at=start) for _ in range(2)]
    for race, provider, first in zip(races, ("letsdothis", "ticketing"), ("Ann", "Bob"), strict=True):
        make_entry(make_listing(make_connection(organisation, provider), race), first, "Alike")
    menu = browser.get(
        f"/o/{organisation.slug}/entries/?menu=filters",
        headers={"HX-Request": "true", "HX-Target": "entry-filter-fields"},
    ).text
    assert "No platform tells us who has paid" in menu
    both = f"{races[0].pk}.{races[1].pk}"
    assert f'<option value="{both}">Saltwick 5, both platforms</option>' in menu
    assert f'<option value="{races[1].pk}">Saltwick 5, TickeTing</option>' in menu
    page = ask(browser, organisation, race=both)
    assert names(page) == ["Ann Alike", "Bob Alike"]
    assert "Race: Saltwick 5 <" in page.text
    assert names(ask(browser, organisation, race=str(races[1].pk))) == ["Bob Alike"]
    assert "not here any more" in ask(browser, organisation, race=f"{both}.999999").text


def test_places_of_charities_are_asked_for_by_what_partners_are(browser, organisation, listing):
    charity = Partner.objects.create(name="Wren Trust", kind="charity", **synced(listing.connection, "p1"))
    club = Partner.objects.create(name="Striders", kind="corporate", **synced(listing.connection, "p2"))
    EntryTie.objects.create(entry=make_entry(listing, "Ann", "Tied", partner_group="Team"), partner=charity)
    EntryTie.objects.create(entry=make_entry(listing, "Bob", "Other", partner_group="Charity places"), partner=club)
    make_entry(listing, "Cat", "Given", own_partner="Wren Trust")
    make_entry(listing, "Dan", "Own")
    assert names(ask(browser, organisation, place="charity")) == ["Cat Given", "Ann Tied"]
    moved = make_entry(listing, "Eve", "Moved", partner_group="Team", own_partner="Striders")
    EntryTie.objects.create(entry=moved, partner=charity)
    assert names(ask(browser, organisation, place="charity")) == ["Cat Given", "Ann Tied"]


def test_who_is_unpaid_is_everybody_whom_nobody_has_marked_and_who_has_something_to_pay(browser, organisation, listing):
    make_entry(listing, "Ann", "Marked", own_tags="|paid|vip|", price_minor=2600)
    make_entry(listing, "Bob", "Priced", own_tags="|prepaid|", price_minor=2600)
    make_entry(listing, "Cat", "Unknown")
    make_entry(listing, "Dan", "Free", price_minor=0)
    assert names(ask(browser, organisation, payment="unpaid")) == ["Bob Priced", "Cat Unknown"]
    assert names(ask(browser, organisation, payment="paid")) == ["Ann Marked"]
    page = ask(browser, organisation, payment="unpaid").text
    assert "Payment: Unpaid (not marked as paid) <" in page, "it says what it goes by"
    assert "No platform tells us who has paid" in ask(browser, organisation, menu="filters").text


def test_payment_is_a_column(browser, organisation, listing):
    make_entry(listing, "Ann", "Marked", own_tags="|paid|", price_minor=2600)
    make_entry(listing, "Bob", "Priced", price_minor=2600)
    make_entry(listing, "Dan", "Free", price_minor=0)
    rows = ask(browser, organisation, columns="name,payment").text.split("<tbody>")[1].split("</tr>")
    assert ["Marked as paid" in row for row in rows[:3]] == [False, True, False]
    assert ["Nothing to pay" in row for row in rows[:3]] == [True, False, False]


@pytest.mark.parametrize("held", ["Smith-Jones", "Smith Jones", "Smith‑Jones"])
@pytest.mark.parametrize("text", ["smith-jones", "smith jones", "ann smith–jones", "th-jo"])
def test_a_double_name_is_found_with_a_hyphen_or_a_space(browser, organisation, listing, held, text):
    make_entry(listing, "Ann", held)
    make_entry(listing, "Jones", "Smith")
    assert f"Ann {held}" in names(ask(browser, organisation, q=text))
    assert len(names(ask(browser, organisation, q="smith-jones"))) == 1, "not who has both names in another order"


@pytest.mark.parametrize("held", ["Mary-Jo", "Mary Jo"])
@pytest.mark.parametrize("text", ["mary-jo", "mary jo", "mary-j", "bell jo"])
def test_a_short_part_of_a_double_name_counts_where_it_begins(browser, organisation, listing, held, text):
    make_entry(listing, held, "Bell")
    make_entry(listing, "Mary", "Bellejo")
    assert names(ask(browser, organisation, q=text)) == [f"{held} Bell"]


def test_a_hyphen_in_a_bib_or_an_address_parts_nothing(browser, organisation, listing):
    make_entry(listing, "Ann", "Ash", bib="a-12")
    make_entry(listing, "Abe", "Bell", bib="12")
    assert names(ask(browser, organisation, q="a-12")) == ["Ann Ash"]
