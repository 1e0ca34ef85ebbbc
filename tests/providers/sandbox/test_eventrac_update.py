import pytest

from providers.sandbox import Sandbox
from providers.sandbox.eventrac.objects import Participant, Product, Variation
from tests.providers.sandbox.conftest import ev_client


@pytest.fixture
def stored(bare: Sandbox) -> Participant:
    state = bare.eventrac.state
    race = state.add_race(state.add_event(20417, "Festival"), "10K")
    race.products = [Product(title="Shirt", variations=[Variation(id=61, title="M", stock=1, amount=1200)])]
    values = {
        "external_reference": "ref-1", "email": "mina@mail.example", "first_name": "Mina", "address_city": "Poole",
        "orders": [{"sku_id": 61, "quantity": 1}], "metadata": {"a": "1"},
    }  # fmt: skip
    return state.store(race, values, bare.eventrac.demo_key)


def put(sandbox: Sandbox, body: object, reference: str = "ref-1"):
    return ev_client(sandbox).put(f"/participants/{reference}", json=body)


def test_an_update_is_merged_and_blank_parts_come_back_empty(bare: Sandbox, stored: Participant):
    answer = put(bare, {"participant": {"first_name": "Minna", "metadata": {"b": "2"}}}).json()
    assert (answer["id"], answer["first_name"], answer["address_city"]) == (stored.id, "Minna", "Poole")
    assert answer["address_state"] == answer["address_2"] == ""
    assert "external_reference" not in answer
    assert stored.metadata == {"b": "2"}


def test_empty_text_clears_and_null_is_ignored(bare: Sandbox, stored: Participant):
    put(bare, {"participant": {"first_name": None, "address_city": "", "dob": None}})
    assert stored.given == {"first_name": "Mina", "address_city": ""}


def test_an_email_cannot_be_cleared(bare: Sandbox, stored: Participant):
    reply = put(bare, {"participant": {"email": ""}})
    assert reply.json()["data"] == {"email": {"_empty": "This field cannot be left empty"}}
    assert stored.email == "mina@mail.example"


def test_reference_and_race_cannot_be_changed_but_may_be_repeated(bare: Sandbox, stored: Participant):
    refused = put(bare, {"participant": {"external_reference": "other", "race_id": 1}})
    assert refused.json()["data"].keys() == {"external_reference", "race_id"}
    same = {"external_reference": "ref-1", "race_id": stored.race.id}
    assert put(bare, {"participant": same}).status_code == 200


def test_a_flat_body_is_taken_only_when_the_switch_allows(bare: Sandbox, stored: Participant):
    assert put(bare, {"first_name": "Flat"}).status_code == 400
    bare.eventrac.switches.flat_put = True
    assert put(bare, {"first_name": "Flat"}).json()["first_name"] == "Flat"


def test_what_one_holds_already_counts_as_stock(bare: Sandbox, stored: Participant):
    variation = stored.race.products[0].variations[0]
    variation.stock = 0
    assert put(bare, {"participant": {"orders": [{"sku_id": 61, "quantity": 1}]}}).status_code == 200
    assert variation.stock == 0
    assert put(bare, {"participant": {"orders": [{"sku_id": 61, "quantity": 2}]}}).status_code == 422
    assert put(bare, {"participant": {"orders": []}}).status_code == 200
    assert variation.stock == 1


def test_an_unknown_reference_is_404(bare: Sandbox, stored: Participant):
    assert put(bare, {"participant": {}}, "nobody").status_code == 404
    assert stored.given["first_name"] == "Mina"
