"""The counts beside saved views: right, capped, cheap, and of what one may see."""

import pytest
from django.core.cache import cache
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from organiser_portal.console import view_counts
from organiser_portal.organisations.models import Organisation, User
from organiser_portal.saved_views.listings import LISTINGS, OF_ONE
from tests.factories import make_connection, make_entry, make_listing

URL = "/o/fellgate/counts/entries/"


@pytest.fixture(autouse=True)
def _nothing_is_known():
    cache.clear()


@pytest.fixture
def client(organisation: Organisation, editor: User, sign_in):
    listing = make_listing(make_connection(organisation))
    for number in range(3):
        make_entry(listing, "Aled", f"Rhys {number}", wave="A" if number else "B")
    client = sign_in(editor)
    client.post("/o/fellgate/views/keep/entries/", {"name": "Wave A", "query": "q=rhys 1", "shared": "on"})
    client.post("/o/fellgate/views/keep/entries/", {"name": "Mine", "query": "q=rhys"})
    return client


def figures(page: str) -> list[str]:
    return [part.split("<")[0] for part in page.split('minute">')[1:]]


def test_each_view_says_how_many_it_holds_and_the_tabs_keep_it(client):
    assert sorted(figures(client.get(URL).text)) == ["1", "3"]
    assert sorted(figures(client.get("/o/fellgate/entries/").text)) == ["1", "3"]


def test_a_view_of_ones_own_is_counted_for_nobody_else(client, viewer, sign_in):
    assert figures(sign_in(viewer).get(URL).text) == ["1"]


def test_counting_ends_at_a_limit_and_says_so(client, monkeypatch):
    monkeypatch.setattr(view_counts, "MOST", 2)
    assert sorted(figures(client.get(URL).text)) == ["1", "2+"]


def test_what_was_just_counted_is_not_counted_again(client):
    client.get(URL)
    with CaptureQueriesContext(database) as asked:
        client.get(URL)
    assert not [query for query in asked if "participants_entry" in query["sql"]]


def test_when_there_is_no_time_left_the_rest_waits(client, monkeypatch):
    monkeypatch.setattr(view_counts, "PATIENCE", 0)
    assert figures(client.get(URL).text) == []


def test_every_list_that_views_are_kept_of_can_be_counted():
    assert set(view_counts.FOUND) == {*LISTINGS, *OF_ONE}


def test_how_long_the_audit_trail_is_is_told_to_managers_alone(organisation, editor, manager, sign_in):
    client = sign_in(manager)
    client.post("/o/fellgate/views/keep/audit/", {"name": "Portal", "query": "who=portal", "shared": "on"})
    assert figures(client.get("/o/fellgate/counts/audit/").text) == ["0"]
    assert sign_in(editor).get("/o/fellgate/counts/audit/").status_code == 403


@pytest.mark.parametrize(("kind", "provider"), [("admissions", "ticketing"), ("rejected", "letsdothis")])
def test_what_is_of_one_thing_is_counted_in_it_alone(organisation, editor, sign_in, kind, provider):
    listing = make_listing(make_connection(organisation, provider))
    pk = listing.event_listing_id if kind == "admissions" else listing.connection_id
    client = sign_in(editor)
    client.post(f"/o/fellgate/views/keep/{kind}-{pk}/", {"name": "Mine", "query": "q=a"})
    assert figures(client.get(f"/o/fellgate/counts/{kind}-{pk}/").text) == ["0"]
    client.post(f"/o/fellgate/views/keep/{kind}-{pk + 999}/", {"name": "Mine", "query": "q=a"})
    assert client.get(f"/o/fellgate/counts/{kind}-{pk + 999}/").status_code == 404
