"""The form that adds an entry, filled in as staff would."""

from typing import Any

from django.test import Client

from organiser_portal.connections.models import Connection
from organiser_portal.events.models import Listing, Product, Question, Sku
from tests.factories import make_listing


def asking_listing(connection: Connection) -> Listing:
    """A race that asks for all that a race can ask: answers, a start pen, an affiliation, and sells a hoodie."""
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


def open_form(client: Client, listing: Listing) -> str:
    """The hidden token of a form that has just been shown."""
    page = client.get("/o/fellgate/entries/add/", {"race": listing.race_id})
    assert page.status_code == 200
    return page.context["form"]["token"].value()


def save(client: Client, listing: Listing, **values: str) -> Any:
    return client.post("/o/fellgate/entries/add/", typed(listing, open_form(client, listing), **values))
