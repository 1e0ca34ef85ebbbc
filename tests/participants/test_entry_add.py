"""Staff add an entry: it is kept once, or refused as the provider would, with one promise to tell the provider."""

import pytest

from organiser_portal.connections.models import Connection, OutboundChange, PushState
from organiser_portal.events.models import Listing, Product, Sku
from organiser_portal.participants.models import Entry, Revision
from tests.conftest import NOW
from tests.factories import make_connection
from tests.participants.adding import asking_listing, open_form, save, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock"), pytest.mark.portable]


@pytest.fixture
def connection(organisation) -> Connection:
    return make_connection(organisation)


@pytest.fixture
def listing(connection) -> Listing:
    return asking_listing(connection)


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


@pytest.mark.parametrize("quantity", ["2147483648", "9" * 4_000, "-1"], ids=["large", "endless", "below"])
def test_nobody_orders_more_than_can_be_counted(sign_in, editor, listing, quantity):
    Product.objects.update(max_quantity=None)
    Sku.objects.update(stock=None)
    client = sign_in(editor)
    told = typed(listing, open_form(client, listing))
    assert client.post("/o/fellgate/entries/add/", {**told, "orders.61001": quantity}).status_code == 422
    assert not Entry.objects.exists()


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


@pytest.mark.postgresql
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


@pytest.mark.postgresql
def test_no_more_of_a_product_than_one_entry_may_have(sign_in, editor, listing):
    Sku.objects.filter(external_id="61002").update(stock=5)
    answer = save(sign_in(editor), listing, **{"orders.61001": "2", "orders.61002": "1"})
    assert answer.status_code == 422
    assert "At most 2 of “Finisher hoodie” for one entry." in answer.content.decode()


def test_what_sold_out_while_typing_is_said_and_not_dropped(sign_in, editor, listing):
    answer = save(sign_in(editor), listing, **{"orders.61001": "", "orders.61002": "1"})
    assert answer.status_code == 422
    assert "Sold out." in answer.content.decode()


@pytest.mark.postgresql
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


@pytest.mark.postgresql
def test_a_channel_that_closed_while_typing_takes_nothing(sign_in, editor, listing):
    client = sign_in(editor)
    form = typed(listing, open_form(client, listing))
    Listing.objects.filter(pk=listing.pk).update(closes_at=NOW)
    assert client.post("/o/fellgate/entries/add/", form).status_code == 422
    assert not Entry.objects.exists()


def test_a_viewer_adds_nothing(sign_in, viewer, listing):
    assert sign_in(viewer).get("/o/fellgate/entries/add/").status_code == 403
    assert sign_in(viewer).post("/o/fellgate/entries/add/", typed(listing, "")).status_code == 403


def test_a_stranger_gets_404(sign_in, stranger, listing):
    assert sign_in(stranger).get("/o/fellgate/entries/add/").status_code == 404
