"""Everyone over all platforms: filtered, sorted, in pages."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organiser_portal.organisations.models import AuditRecord, Membership
from organiser_portal.participants.models import Conflict, Entry
from tests.factories import SEEN, entry_of, make_connection, make_entry, make_listing
from tests.participants.entries import refused
from tests.participants.listed import ask, names

FAR_AHEAD = datetime(2999, 1, 1, tzinfo=UTC)


@pytest.fixture
def listing(organisation):
    return make_listing(make_connection(organisation))


@pytest.fixture
def browser(viewer, sign_in):
    return sign_in(viewer)


def test_entries_of_every_platform_stand_in_one_table_by_surname(browser, organisation, listing):
    other = make_listing(make_connection(organisation, "letsdothis"), race=listing.race)
    make_entry(listing, "Linnea", "Åkerström")
    make_entry(other, "Zoë", "Abbot")
    response = ask(browser, organisation)
    assert names(response) == ["Zoë Abbot", "Linnea Åkerström"]
    assert 'aria-label="eventrac"' in response.content.decode()
    assert 'aria-label="Let&#x27;s Do This"' in response.content.decode()


def test_entries_of_another_organisation_are_never_shown(browser, organisation, listing, stranger):
    elsewhere = stranger.memberships.get().organisation
    make_entry(make_listing(make_connection(elsewhere)), "Stan", "Stranger")
    make_entry(listing, "Aled", "ap Rhys")
    assert names(ask(browser, organisation)) == ["Aled ap Rhys"]


def test_a_race_of_another_organisation_is_no_filter_but_a_mistake(browser, organisation, listing, stranger):
    theirs = make_listing(make_connection(stranger.memberships.get().organisation))
    make_entry(listing)
    response = ask(browser, organisation, race=theirs.race_id)
    assert names(response) == []
    assert "makes no sense" in response.content.decode()


@pytest.mark.parametrize(
    "query, expected",
    [
        ({"status": "live"}, ["Ann Live"]),
        ({"status": "cancelled"}, ["Bob Cancelled"]),
        ({"status": "gone"}, ["Cat Gone"]),
        ({"change": "rejected"}, ["Bob Cancelled"]),
        ({"change": "attention"}, ["Bob Cancelled"]),
        ({"change": "waiting"}, ["Cat Gone"]),
        ({"ticket": "early"}, ["Ann Live"]),
        ({"partner": "hospice"}, ["Bob Cancelled", "Cat Gone"]),
        ({"entered_from": "2027-05-10"}, ["Ann Live"]),
        ({"entered_to": "2027-05-09"}, ["Bob Cancelled", "Cat Gone"]),
        ({"status": "live", "partner": "hospice"}, []),
    ],
)
def test_filters_narrow_the_list(browser, organisation, listing, query, expected):
    make_entry(listing, "Ann", "Live", ticket_title="10K Early bird", entered_at=SEEN)
    before = SEEN - timedelta(days=9)
    make_entry(
        listing,
        "Bob",
        "Cancelled",
        status="cancelled",
        push_state="rejected",
        partner_name="Hospice",
        entered_at=before,
    )
    make_entry(listing, "Cat", "Gone", gone_at=SEEN, push_state="queued", partner_group="Hospice B", entered_at=before)
    assert names(ask(browser, organisation, **query)) == expected


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_beyond_reason_is_still_a_day(browser, organisation, listing, day):
    make_entry(listing)
    assert ask(browser, organisation, entered_from=day).status_code == 200
    assert ask(browser, organisation, entered_to=day).status_code == 200


def test_a_source_is_a_provider_or_one_of_its_connections_or_nobody(browser, organisation, listing):
    second = make_listing(make_connection(organisation, label="Trail races"), race=listing.race)
    make_entry(listing, "Ann", "First")
    make_entry(second, "Bob", "Second")
    entry = make_entry(listing, "Cat", "Here")
    Entry.objects.filter(pk=entry.pk).update(connection=None, external_id=None)
    assert names(ask(browser, organisation, source="eventrac")) == ["Ann First", "Bob Second"]
    assert names(ask(browser, organisation, source=second.connection_id)) == ["Bob Second"]
    assert names(ask(browser, organisation, source="here")) == ["Cat Here"]


def test_filters_at_work_are_chips_that_can_be_taken_out_one_by_one(browser, organisation, listing):
    make_entry(listing)
    page = ask(browser, organisation, race=listing.race_id, status="live", sort="-entered").content.decode()
    assert "Race: Hexley 10K" in page
    assert f'href="?race={listing.race_id}&amp;sort=-entered" aria-label="Remove filter Status: Holds a place"' in page


def test_without_any_connection_the_page_says_so(browser, organisation):
    assert "No platform is connected yet" in ask(browser, organisation).content.decode()


def test_with_a_connection_and_no_entries_the_page_says_so(browser, organisation, listing):
    assert "No entries yet" in ask(browser, organisation).content.decode()


def test_the_heading_one_sorts_by_says_so_and_turns_round(browser, organisation, listing):
    for last in ("Bell", "Ash"):
        make_entry(listing, "Tom", last)
    response = ask(browser, organisation, sort="-name")
    assert names(response) == ["Tom Bell", "Tom Ash"]
    assert 'aria-sort="descending"' in response.content.decode()


def test_bibs_sort_as_numbers_and_ours_goes_before_theirs(browser, organisation, listing):
    for name, bib, theirs in [("A", "100", "1"), ("B", "", "20"), ("C", "3", ""), ("D", "", "")]:
        make_entry(listing, name, name, bib=bib, provider_bib=theirs)
    assert names(ask(browser, organisation, sort="bib")) == ["C C", "B B", "A A", "D D"]


def test_columns_are_chosen_in_the_address(browser, organisation, listing):
    make_entry(listing, club="Hexley Striders")
    response = ask(browser, organisation, columns="club,bib")
    assert [column.key for column in response.context["selection"].view.chosen] == ["name", "club", "bib"]
    assert "Hexley Striders" in response.content.decode()


def test_pages_lead_through_everyone_once_and_back(browser, organisation, listing):
    Entry.objects.bulk_create(entry_of(listing, f"P{number:03}", "Same") for number in range(120))
    seen, query = [], {}
    while True:
        page = ask(browser, organisation, **query).context["page"]
        seen += [row["id"] for row in page.rows]
        if not page.next:
            break
        query = {"after": page.next}
    assert len(seen) == len(set(seen)) == 120
    assert str(page) == "101–120 of 120"
    assert str(ask(browser, organisation, before=page.previous).context["page"]) == "51–100 of 120"


def test_the_number_of_queries_does_not_grow_with_rows(browser, organisation, listing, django_assert_max_num_queries):
    Entry.objects.bulk_create(entry_of(listing, f"P{number}", "Few") for number in range(3))
    with django_assert_max_num_queries(40) as few:
        ask(browser, organisation, fragment=False)
    Entry.objects.bulk_create(entry_of(listing, f"P{number}", "More") for number in range(200))
    with django_assert_max_num_queries(len(few) + 1):  # one more: there is a second page, so they are counted
        ask(browser, organisation, fragment=False)


def test_the_filters_come_when_their_menu_is_opened(browser, organisation, listing):
    make_entry(listing)
    page = ask(browser, organisation, race=listing.race_id).content.decode()
    assert "<option" not in page
    assert f'<input type="hidden" name="race" value="{listing.race_id}">' in page
    menu = ask(browser, organisation, race=listing.race_id, menu="filters").content.decode()
    assert menu.strip().startswith('<div class="row g-2" id="entry-filter-fields">')
    assert f'<option value="{listing.race_id}" selected>Hexley 10K</option>' in menu


def test_the_columns_come_when_their_menu_is_opened_and_are_kept_until_then(browser, organisation, listing):
    make_entry(listing)
    page = ask(browser, organisation, columns="name,club").content.decode()
    assert "data-orderly" not in page
    assert '<input type="hidden" name="columns" value="club">' in page
    menu = ask(browser, organisation, columns="name,club", menu="columns").content.decode()
    assert menu.strip().startswith('<div id="entry-column-fields">')
    assert 'name="columns" value="club" checked' in menu
    assert "data-orderly" in ask(browser, organisation, fragment=False).content.decode()


def test_without_script_the_menu_is_a_link_to_the_page_with_it_open(browser, organisation, listing):
    page = ask(browser, organisation, fragment=False, status="live").content.decode()
    assert 'href="?status=live&amp;menu=filters"' in page
    opened = ask(browser, organisation, fragment=False, status="live", menu="filters").content.decode()
    assert '<details class="menu menu-wide menu-wider" open>' in opened
    assert '<option value="live" selected>' in opened
    assert "menu=filters" not in opened


def test_a_kept_address_of_a_race_that_is_gone_says_so_and_offers_the_others(browser, organisation, listing):
    page = ask(browser, organisation, race=10**9).content.decode()
    assert "The race that was asked for is not here any more." in page
    assert f'<option value="{listing.race_id}">Hexley 10K</option>' in page


def test_typing_changes_the_address_in_place_and_a_filter_is_a_step_back(browser, organisation, listing):
    url = reverse("participants:entry-list", args=[organisation.slug])
    typed = browser.get(url, {"q": "s"}, headers={"HX-Request": "true", "HX-Trigger-Name": "q"})
    assert typed["HX-Replace-Url"] == f"{url}?q=s"
    assert "HX-Push-Url" not in typed
    assert ask(browser, organisation, status="live")["HX-Push-Url"] == f"{url}?status=live"


def test_a_page_deep_in_the_list_takes_no_more_than_eight_queries(browser, organisation, listing):
    Entry.objects.bulk_create(entry_of(listing, f"P{number:03}", "Same") for number in range(170))
    second = ask(browser, organisation, after=ask(browser, organisation).context["page"].next).context["page"]
    for query in ({}, {"after": second.next}, {"before": second.next}, {"sort": "-entered", "after": second.next}):
        with CaptureQueriesContext(connection) as queries:
            ask(browser, organisation, **query)
        assert len(queries) <= 8


def test_htmx_gets_the_fragment_with_a_tidy_address_to_show(browser, organisation, listing):
    make_entry(listing)
    response = ask(browser, organisation, q="sio", race="", status="", columns=["name", "bib"])
    page = response.content.decode()
    assert page.strip().startswith('<div id="entry-table">')
    assert response["HX-Push-Url"] == f"/o/{organisation.slug}/entries/?q=sio&columns=name,bib"


def test_sensitive_columns_are_not_there_for_those_without_the_permission(browser, organisation, listing):
    make_entry(listing, medical="Peanut allergy", emergency_name="Mo Bell")
    page = ask(browser, organisation, columns="name,medical,emergency_name").content.decode()
    assert "Peanut" not in page
    assert "Mo Bell" not in page


def test_each_look_at_a_sensitive_column_is_logged_without_a_name(browser, viewer, organisation, listing):
    Membership.objects.filter(user=viewer).update(sensitive_until=FAR_AHEAD)
    make_entry(listing, medical="Peanut allergy")
    page = ask(browser, organisation, columns="name,medical", q="siobhan").content.decode()
    assert "Peanut allergy" in page
    record = AuditRecord.objects.get(action="entries.sensitive_seen")
    assert record.detail == {"columns": ["medical"], "filters": ["q"], "rows": 1}


def test_a_stranger_gets_404(stranger, sign_in, organisation):
    assert ask(sign_in(stranger), organisation).status_code == 404


def test_what_waits_for_somebody_is_said_above_the_list_with_the_way_to_it(browser, organisation, listing, editor):
    assert "waiting for somebody" not in ask(browser, organisation, fragment=False).text
    late = refused(listing, editor, {"email": ["The provided value is invalid"]})
    make_entry(listing, "Ann", "Fine")
    page = ask(browser, organisation, fragment=False).text
    assert 'href="?change=attention"' in page
    assert "1 refused or waiting for somebody</a>" in page
    assert "changed on both sides" not in page
    assert names(ask(browser, organisation, change="attention")) == [late.full_name]
    Conflict.objects.create(organisation=organisation, entry=late, field="city", differs="other")
    assert "1 changed on both sides</a>" in ask(browser, organisation, fragment=False).text


def test_a_list_of_nobody_offers_nothing_to_do_with_it(browser, organisation, listing):
    hidden, shown = '<div class="tools d-none">', '<div class="tools">'
    assert hidden in ask(browser, organisation).text
    make_entry(listing)
    assert shown in ask(browser, organisation).text
    nobody = ask(browser, organisation, q="qqqqqq", columns="name,bib").text
    assert shown in nobody, "another question can be asked"
    assert '<details class="menu d-none d-lg-block">' not in nobody
    assert 'name="columns" value="bib"' in nobody, "the columns that were chosen are there again with the rows"
