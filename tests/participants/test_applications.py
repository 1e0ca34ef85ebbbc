"""Requests for places: browsed, filtered, and led on to the entry they became."""

from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.urls import reverse

from organiser_portal.organisations.models import AuditRecord, Membership
from tests.factories import make_application, make_connection, make_entry, make_listing

FAR_AHEAD = datetime(2999, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_words_kept():
    cache.clear()


@pytest.fixture
def listing(organisation):
    return make_listing(make_connection(organisation, "letsdothis"))


@pytest.fixture
def browser(viewer, sign_in):
    return sign_in(viewer)


def ask(browser, organisation, **query):
    url = reverse("participants:application-list", args=[organisation.slug])
    return browser.get(url, query, headers={"HX-Request": "true"})


def show(browser, application):
    return browser.get(reverse("participants:application-detail", args=[application.organisation.slug, application.pk]))


def names(response):
    return [line.row["first_name"] for line in response.context["lines"]]


@pytest.mark.parametrize(
    "query, expected",
    [
        ({}, ["Won", "Lost"]),
        ({"approval": "APPROVED"}, ["Won"]),
        ({"resolution": "BALLOT_LOST"}, ["Lost"]),
        ({"q": "lost"}, ["Lost"]),
        ({"source": "letsdothis"}, ["Won", "Lost"]),
        ({"sort": "name"}, ["Lost", "Won"]),
    ],
)
def test_applications_are_filtered_by_what_was_decided(browser, organisation, listing, query, expected):
    make_application(listing, "Lost", "A", approval="REJECTED", resolution="BALLOT_LOST")
    make_application(listing, "Won", "B", approval="APPROVED")
    assert names(ask(browser, organisation, **query)) == expected


def test_a_word_no_application_uses_is_a_mistake_and_shows_nothing(browser, organisation, listing):
    make_application(listing)
    response = ask(browser, organisation, approval="PERHAPS")
    assert names(response) == []
    assert "makes no sense" in response.content.decode()


def test_an_application_leads_to_the_entry_it_became(browser, organisation, listing):
    won = make_application(listing, external_id="app1")
    lost = make_application(listing, external_id="app2")
    entry = make_entry(listing, application_external_id="app1")
    elsewhere = make_listing(make_connection(organisation, "letsdothis"))
    make_entry(elsewhere, application_external_id="app2")
    address = reverse("participants:entry-detail", args=[organisation.slug, entry.pk])
    assert address in ask(browser, organisation).content.decode()
    assert address in show(browser, won).content.decode()
    assert "no entry that we can see" in show(browser, lost).content.decode()


def test_the_page_shows_every_answer_but_the_sensitive_ones(browser, listing, viewer):
    application = make_application(
        listing,
        medical="Asthma",
        answers=[
            {"question_id": "1", "label": "Why do you run?", "value": "For the cake"},
            {"question_id": "2", "label": "Medical conditions", "value": "Bee stings"},
        ],
    )
    page = show(browser, application).content.decode()
    assert "For the cake" in page
    assert "Asthma" not in page
    assert "Bee stings" not in page
    assert "Only those with the permission" in page
    Membership.objects.filter(user=viewer).update(sensitive_until=FAR_AHEAD)
    page = show(browser, application).content.decode()
    assert "Asthma" in page
    assert "Bee stings" in page
    assert AuditRecord.objects.filter(action="application.sensitive_seen", actor=viewer).count() == 1


def test_the_number_of_queries_does_not_grow_with_rows(browser, organisation, listing, django_assert_max_num_queries):
    for number in range(2):
        make_application(listing, external_id=f"a{number}")
    with django_assert_max_num_queries(40) as few:
        ask(browser, organisation)
    for number in range(30):
        make_application(listing, external_id=f"b{number}")
    with django_assert_max_num_queries(len(few)):
        ask(browser, organisation)


def test_a_stranger_gets_404(stranger, sign_in, listing):
    application = make_application(listing)
    browser = sign_in(stranger)
    assert show(browser, application).status_code == 404
    theirs = reverse("participants:application-detail", args=["elsewhere", application.pk])
    assert browser.get(theirs).status_code == 404
