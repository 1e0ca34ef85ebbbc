"""The form that adds an entry asks what the race asks, says how full it is, and loses nothing typed."""

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from organiser_portal.connections.models import Connection
from organiser_portal.events.models import Listing, Question
from tests.factories import make_connection, make_listing, make_race
from tests.participants.adding import asking_listing, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock"), pytest.mark.portable]


@pytest.fixture
def connection(organisation) -> Connection:
    return make_connection(organisation)


@pytest.fixture
def listing(connection) -> Listing:
    return asking_listing(connection)


def test_the_form_asks_what_the_race_asks(sign_in, editor, listing):
    page = sign_in(editor).get("/o/fellgate/entries/add/", {"race": listing.race_id}).content.decode()
    assert "Predicted finish time" in page
    assert "Start pen" in page
    assert "Finisher hoodie" in page
    assert "UK Athletics number" in page
    assert "150 of its 160 places are taken." in page
    assert "Only here" in page


@pytest.mark.postgresql
def test_how_old_what_it_asks_is_is_looked_up_once(sign_in, editor, listing):
    Listing.objects.update(as_of=None)  # it says nothing of it: as old as the last look at all of them
    client = sign_in(editor)
    with CaptureQueriesContext(database) as queries:
        page = client.get("/o/fellgate/entries/add/", {"race": listing.race_id}).text
    assert page.count("as of") == 2
    assert sum("last_success_at" in query["sql"] for query in queries) == 2, "once here, once for how full it is"


def test_how_full_the_race_is_stands_beside_the_form(sign_in, editor, listing):
    client = sign_in(editor)
    page = client.get(f"/o/fellgate/entries/add/?race={listing.race_id}").text
    assert "Room for 10 more" in page
    assert "eventrac says 150 of 160." in page
    assert "Room for" not in client.get("/o/fellgate/entries/add/").text


def test_before_a_race_is_chosen_the_form_asks_for_it(sign_in, editor, listing):
    page = sign_in(editor).get("/o/fellgate/entries/add/").content.decode()
    assert "Choose the race first" in page
    assert "Predicted finish time" not in page


def test_a_channel_that_cannot_take_the_entry_is_named_with_the_reason(sign_in, editor, organisation, listing):
    make_listing(make_connection(organisation, "letsdothis"), listing.race)
    Listing.objects.filter(pk=listing.pk).update(accepts_entries=False, closed_because="It is full.")
    page = sign_in(editor).get("/o/fellgate/entries/add/", {"race": listing.race_id}).content.decode()
    assert "eventrac is not offered: It is full." in page
    assert "Let&#x27;s Do This does not take entries through its API" in page
    assert f'id="destination-{listing.pk}"' not in page


def test_the_bill_follows_the_worked_rule(sign_in, editor, listing):
    form = {**typed(listing, ""), "orders.61001": "2"}
    page = sign_in(editor).post("/o/fellgate/entries/add/place/", form, headers={"HX-Request": "true"})
    bill = page.context["bill"]
    assert [(line.text, line.minor) for line in bill.lines] == [
        ("Hexley 10K, affiliated", 2450),
        ("eventrac's fee, paid by the entrant", 133),
        ("2 × Finisher hoodie, Hoodie S, with post", 2 * (2950 + 295) + 395),
    ]
    assert "£94.68" in page.content.decode()


def test_another_race_brings_its_own_questions_and_loses_nothing_typed(sign_in, editor, connection, listing):
    other = make_listing(connection, make_race(connection.organisation, "Half"), external_id="30552")
    Question.objects.create(listing=other, external_id="8801", label="Coach from the station?")
    form = {**typed(listing, ""), "race": str(other.race_id)}
    page = sign_in(editor).post("/o/fellgate/entries/add/place/", form)
    text = page.content.decode()
    assert page.status_code == 200
    assert "Coach from the station?" in text
    assert "Predicted finish time" not in text
    assert 'value="Ní Dhomhnaill"' in text
    assert "is required" not in text, "nothing is checked yet"


def test_what_was_typed_for_one_channel_is_there_again_after_looking_at_another(sign_in, editor, listing):
    client = sign_in(editor)
    here = client.post("/o/fellgate/entries/add/place/", {**typed(listing, ""), "destination": "here"})
    assert '<input type="hidden" name="orders.61001" value="1">' in here.content.decode()


def test_a_fragment_holds_the_form_alone(sign_in, editor, listing):
    page = (
        sign_in(editor)
        .post("/o/fellgate/entries/add/place/", typed(listing, ""), headers={"HX-Request": "true"})
        .content.decode()
    )
    assert "<html" not in page
    assert 'id="entry-place"' in page


def test_a_race_of_another_organisation_is_not_shown(sign_in, editor, stranger, listing):
    elsewhere = make_race(stranger.memberships.get().organisation, "Secret Mile")
    page = sign_in(editor).get("/o/fellgate/entries/add/", {"race": elsewhere.pk})
    assert page.context["place"].race is None
    assert "Secret Mile" not in page.content.decode()
