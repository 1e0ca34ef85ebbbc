"""Staff add an entry: the race's own form, and one promise to tell the provider."""

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from organiser_portal.connections.models import Connection, OutboundChange, PushState
from organiser_portal.events.models import Listing, Product, Question, Sku
from organiser_portal.participants.models import Entry, Revision
from tests.conftest import NOW
from tests.factories import make_connection, make_listing, make_race

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def connection(organisation) -> Connection:
    return make_connection(organisation)


@pytest.fixture
def listing(connection) -> Listing:
    listing = make_listing(
        connection,
        external_id="30551",
        capacity=160,
        sold=150,
        price_minor=2650,
        affiliated_price_minor=2450,
        fee_minor=133,
        fee_paid_by_entrant=True,
        currency="GBP",
        affiliations=["uk-athletics"],
    )
    Question.objects.create(
        listing=listing, external_id="7701", label="Predicted finish time", mandatory=True, input_type="text"
    )
    pens = [{"id": "88101", "label": "Front"}, {"id": "88102", "label": "Middle"}]
    Question.objects.create(listing=listing, external_id="7702", label="Start pen", input_type="select", options=pens)
    hoodie = Product.objects.create(listing=listing, key="hoodie", title="Finisher hoodie", max_quantity=2)
    sold = {
        "price_minor": 2950,
        "shipping_minor": 395,
        "fee_minor": 295,
        "fee_paid_by_entrant": True,
        "currency": "GBP",
    }
    Sku.objects.create(product=hoodie, external_id="61001", title="Hoodie S", stock=12, **sold)
    Sku.objects.create(product=hoodie, external_id="61002", title="Hoodie M", stock=0, **sold)
    return listing


def typed(listing: Listing, token: str, **values: str) -> dict[str, str]:
    return {
        "token": token,
        "race": str(listing.race_id),
        "destination": str(listing.pk),
        "first_name": "Zoë",
        "last_name": "Ní Dhomhnaill",
        "email": "zoe@mail.example",
        "birth_date": "1992-02-29",
        "gender": "f",
        "emergency_name": "Micheál Ó Ceallaigh",
        "emergency_phone": "07700 900222",
        "answers.7701": "0:54",
        "answers.7702": "88102",
        "affiliations.uk-athletics": "3141592",
        "orders.61001": "1",
        **values,
    }


def open_form(client, listing: Listing) -> str:
    """The hidden token of a form that has just been shown."""
    page = client.get("/o/fellgate/entries/add/", {"race": listing.race_id})
    assert page.status_code == 200
    return page.context["form"]["token"].value()


def save(client, listing: Listing, **values: str):
    return client.post("/o/fellgate/entries/add/", typed(listing, open_form(client, listing), **values))


def test_the_form_asks_what_the_race_asks(sign_in, editor, listing):
    page = sign_in(editor).get("/o/fellgate/entries/add/", {"race": listing.race_id}).content.decode()
    assert "Predicted finish time" in page
    assert "Start pen" in page
    assert "Finisher hoodie" in page
    assert "UK Athletics number" in page
    assert "150 of its 160 places are taken." in page
    assert "Only here" in page


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


def test_saving_keeps_the_entry_and_the_promise_to_tell_the_provider(sign_in, editor, listing):
    answer = save(sign_in(editor), listing)
    entry = Entry.objects.get()
    assert answer.status_code == 303
    assert answer["Location"] == f"/o/fellgate/entries/{entry.pk}/"
    assert (entry.first_name, entry.origin, entry.push_state) == ("Zoë", "staff", PushState.QUEUED)
    assert entry.external_id is None
    assert entry.created_by == editor
    change = OutboundChange.objects.get()
    assert (change.action, change.state, change.due_at) == ("add_entry", PushState.QUEUED, NOW)
    assert (change.reference, change.race_external_id, change.entry_id) == (entry.reference, "30551", entry.pk)
    assert change.values["person"]["birth_date"] == "1992-02-29"
    assert change.values["orders"] == [{"sku_id": "61001", "quantity": 1}]
    assert change.values["affiliations"] == {"uk-athletics": "3141592"}
    assert change.values["metadata"] == {"portal_entry": entry.reference[:8]}


def test_a_select_is_sent_as_its_option_and_kept_as_its_words(sign_in, editor, listing):
    save(sign_in(editor), listing)
    pen = OutboundChange.objects.get().values["answers"][1]
    assert pen == {"question_id": "7702", "label": "Start pen", "value": "88102"}
    assert Entry.objects.get().answers[1]["value"] == "Middle"


@pytest.mark.parametrize(
    "other", [{"bib": "7"}, {"answers.7701": "0:55"}, {"orders.61001": "2"}, {"destination": "here"}], ids=str
)
def test_a_form_that_was_saved_and_comes_again_otherwise_says_so(sign_in, editor, listing, other):
    client = sign_in(editor)
    told = typed(listing, open_form(client, listing))
    client.post("/o/fellgate/entries/add/", told)
    again = client.post("/o/fellgate/entries/add/", {**told, **other})
    assert again.status_code == 422
    assert "already saved Zoë Ní Dhomhnaill" in again.content.decode()
    assert Entry.objects.count() == 1


def test_the_same_form_sent_twice_is_one_entry(sign_in, editor, listing):
    client = sign_in(editor)
    form = typed(listing, open_form(client, listing))
    first, second = (client.post("/o/fellgate/entries/add/", form) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Entry.objects.count() == OutboundChange.objects.count() == 1


def test_a_used_form_does_not_swallow_the_next_person(sign_in, editor, listing):
    client = sign_in(editor)
    form = typed(listing, open_form(client, listing))
    client.post("/o/fellgate/entries/add/", form)
    again = client.post("/o/fellgate/entries/add/", {**form, "first_name": "Aoife"})
    assert again.status_code == 422
    assert "already saved Zoë Ní Dhomhnaill" in again.content.decode()
    fresh = again.context["form"]["token"].value()
    assert client.post("/o/fellgate/entries/add/", {**form, "first_name": "Aoife", "token": fresh}).status_code == 303
    assert Entry.objects.count() == 2


def test_a_token_of_somebody_else_is_no_token(sign_in, editor, owner, listing):
    token = open_form(sign_in(owner), listing)
    answer = sign_in(editor).post("/o/fellgate/entries/add/", typed(listing, token))
    assert answer.status_code == 422
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("email", "zoe@mail,example", "This is not an e-mail address."),
        ("email", "", "This cannot be left empty."),
        ("birth_date", "2030-01-01", "This day is still to come."),
        ("birth_date", "1802-01-01", "This is more than 120 years ago."),
        ("gender", "x", "This cannot be chosen, or not any more."),
        ("answers.7701", "", "This cannot be left empty."),
        ("answers.7702", "99999", "This cannot be chosen, or not any more."),
        ("orders.61001", "13", "Only 2 to be had."),
        ("destination", "here-and-there", "This channel takes no entries any more. Choose again."),
        ("race", "999999", "Choose one of your races."),
    ],
)
def test_what_the_provider_would_refuse_is_refused_here(sign_in, editor, listing, field, value, sentence):
    answer = save(sign_in(editor), listing, **{field: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert not Entry.objects.exists()
    assert 'value="Ní Dhomhnaill"' in page, "nothing typed is lost"


def test_no_more_of_a_product_than_one_entry_may_have(sign_in, editor, listing):
    Sku.objects.filter(external_id="61002").update(stock=5)
    answer = save(sign_in(editor), listing, **{"orders.61001": "2", "orders.61002": "1"})
    assert answer.status_code == 422
    assert "At most 2 of “Finisher hoodie” for one entry." in answer.content.decode()


def test_what_sold_out_while_typing_is_said_and_not_dropped(sign_in, editor, listing):
    answer = save(sign_in(editor), listing, **{"orders.61001": "", "orders.61002": "1"})
    assert answer.status_code == 422
    assert "Sold out." in answer.content.decode()


def test_an_entry_only_here_is_told_to_nobody(sign_in, editor, listing):
    save(sign_in(editor), listing, destination="here", email="", **{"answers.7701": ""})
    entry = Entry.objects.get()
    assert (entry.connection, entry.listing, entry.push_state) == (None, None, "")
    assert entry.answers == [{"question_id": "7702", "label": "Start pen", "value": "Middle", "option_id": "88102"}]
    assert not OutboundChange.objects.exists()


def test_the_first_revision_says_who_added_it(sign_in, editor, listing):
    save(sign_in(editor), listing)
    revision = Revision.objects.get()
    assert (revision.by, revision.source, revision.at) == (editor, "staff", NOW)


def test_a_channel_that_cannot_take_the_entry_is_named_with_the_reason(sign_in, editor, organisation, listing):
    make_listing(make_connection(organisation, "letsdothis"), listing.race)
    Listing.objects.filter(pk=listing.pk).update(accepts_entries=False, closed_because="It is full.")
    page = sign_in(editor).get("/o/fellgate/entries/add/", {"race": listing.race_id}).content.decode()
    assert "eventrac is not offered: It is full." in page
    assert "Let&#x27;s Do This does not take entries through its API" in page
    assert f'id="destination-{listing.pk}"' not in page


def test_a_channel_that_closed_while_typing_takes_nothing(sign_in, editor, listing):
    client = sign_in(editor)
    form = typed(listing, open_form(client, listing))
    Listing.objects.filter(pk=listing.pk).update(closes_at=NOW)
    assert client.post("/o/fellgate/entries/add/", form).status_code == 422
    assert not Entry.objects.exists()


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


def test_a_viewer_adds_nothing(sign_in, viewer, listing):
    assert sign_in(viewer).get("/o/fellgate/entries/add/").status_code == 403
    assert sign_in(viewer).post("/o/fellgate/entries/add/", typed(listing, "")).status_code == 403


def test_a_stranger_gets_404(sign_in, stranger, listing):
    assert sign_in(stranger).get("/o/fellgate/entries/add/").status_code == 404
