from datetime import timedelta

import pytest

from providers.sandbox import Sandbox
from providers.sandbox.eventrac.objects import Product, Race, Variation
from tests.providers.sandbox.conftest import NOON, ev_client, new_runner


@pytest.fixture
def race(bare: Sandbox) -> Race:
    """Takes uk-athletics; asks for a finish time (mandatory) and a pen; sells two shirts."""
    state = bare.eventrac.state
    made = state.add_race(state.add_event(20417, "Festival"), "10K", capacity=3, affiliations=["uk-athletics"])
    made.questions = [
        state.question("Finish time", mandatory=True),
        state.question("Pen", options=("Front", "Back")),
    ]
    shirt = Variation(id=61, title="M", stock=2, amount=1200)
    made.products = [Product(title="Shirt", variations=[shirt], max_quantity=2)]
    return made


def runner(race: Race, **more: object) -> dict[str, object]:
    return new_runner(form_additions=[{"id": str(race.questions[0].id), "value": "82"}], **more)


def add(sandbox: Sandbox, race: Race, body: object):
    return ev_client(sandbox).post(f"/races/{race.id}/participants", json=body)


def test_a_success_takes_a_place_and_lowers_the_stock(bare: Sandbox, race: Race):
    reply = add(bare, race, runner(race, orders=[{"sku_id": 61, "quantity": 2}]))
    assert reply.status_code == 200
    assert reply.json()["orders"] == [{"sku_id": 61, "quantity": 2}]
    shape = ev_client(bare).get(f"/races/{race.id}").json()
    assert shape["participant_count"] == 1
    assert shape["products"][0]["variations"][0]["inventory_remain"] == 0


def test_ids_sent_as_strings_come_back_as_ints_and_text_answers_stay_text(bare: Sandbox, race: Race):
    time, pen = race.questions
    body = new_runner(
        form_additions=[{"id": str(time.id), "value": "82"}, {"id": str(pen.id), "value": str(pen.options[0][0])}]
    )
    answers = add(bare, race, body).json()["form_additions"]
    assert answers == [{"id": time.id, "value": "82"}, {"id": pen.id, "value": pen.options[0][0]}]


def test_what_was_not_given_is_null_but_the_second_address_line(bare: Sandbox, race: Race):
    answer = add(bare, race, runner(race, dob="1988-02-29")).json()
    assert answer["address_2"] == ""
    assert answer["address_city"] is None
    assert answer["dob"] == "1988-02-29T00:00:00+00:00"
    assert answer["profile_image"] is None
    assert answer["affiliations"] == {}
    assert not answer.keys() & {"external_reference", "metadata"}


def test_every_failing_field_is_named_at_once(bare: Sandbox, race: Race):
    body = {
        "email": "nonsense", "dob": "29/02/1988", "gender": "F", "first_name": 7,
        "affiliations": {"british-cycling": "1"},
        "form_additions": [{"id": "1", "value": "x"}, {"id": race.questions[1].id, "value": "9"}],
        "orders": [{"sku_id": 1, "quantity": 1}, {"sku_id": 61, "quantity": 3}, {"sku_id": 61, "quantity": 0}],
    }  # fmt: skip
    reply = add(bare, race, body)
    assert reply.status_code == 422
    answer = reply.json()
    assert (answer["status"], answer["code"]) == ("error", 422)
    assert answer["data"] == {
        "external_reference": {"_required": "This field is required"},
        "email": {"email": "The provided value is invalid"},
        "dob": {"date": "The provided value is invalid"},
        "gender": {"inList": "The provided value is invalid"},
        "first_name": {"scalar": "The provided value is invalid"},
        "affiliations": {"british-cycling": {"inList": "The provided value is invalid"}},
        "form_additions": {
            "0": {"id": {"inList": "The provided value is invalid"}},
            "1": {"value": {"inList": "The provided value is invalid"}},
            str(race.questions[0].id): {"_required": "This field is required"},
        },
        "orders": {
            "0": {"sku_id": {"inList": "The provided value is invalid"}},
            "1": {"quantity": {"lessThanOrEqual": "The provided value is invalid"}},
            "2": {"quantity": {"naturalNumber": "The provided value is invalid"}},
        },
    }
    assert race.participant_count == 0


def test_more_than_the_stock_is_refused_over_all_lines(bare: Sandbox, race: Race):
    lines = [{"sku_id": 61, "quantity": 1}, {"sku_id": 61, "quantity": 2}]
    errors = add(bare, race, runner(race, orders=lines)).json()["data"]
    assert errors == {"orders": {"1": {"quantity": {"stock": "There are not enough left"}}}}


def test_a_reference_is_unique_in_its_race_only(bare: Sandbox, race: Race):
    assert add(bare, race, runner(race)).status_code == 200
    again = add(bare, race, runner(race))
    assert again.json()["data"] == {"external_reference": {"unique": "The provided value is invalid"}}
    second = bare.eventrac.state.add_race(race.event, "5K")
    assert add(bare, second, new_runner()).status_code == 200


def test_an_ambiguous_reference_means_the_participant_created_last(bare: Sandbox, race: Race):
    second = bare.eventrac.state.add_race(race.event, "5K")
    add(bare, second, new_runner())
    add(bare, race, runner(race))
    assert ev_client(bare).get("/participants/ref-1").json()["race_id"] == race.id


@pytest.mark.parametrize("why", ["open", "capacity", "team_race"])
def test_a_race_that_cannot_be_entered_says_why(bare: Sandbox, race: Race, why: str):
    if why == "open":
        bare.clock.set(race.closes_at + timedelta(minutes=1))
    elif why == "capacity":
        bare.eventrac.sell(3, race.id)
    else:
        race.team = (3, 6)
    assert list(add(bare, race, runner(race)).json()["data"]["race_id"]) == [why]


def test_a_read_gives_the_reference_and_no_contact_data(bare: Sandbox, race: Race):
    add(bare, race, runner(race, external_reference="a/b c", contact_number="1", dob="2001-09-03"))
    shape = ev_client(bare).get("/participants/a%2Fb%20c").json()
    assert shape.keys() == {"id", "race_id", "first_name", "last_name", "dob", "external_reference", "gender"}
    assert shape["external_reference"] == "a/b c"


def test_metadata_is_stored_and_never_returned(bare: Sandbox, race: Race):
    reply = add(bare, race, runner(race, metadata={"portal": "1"}))
    assert "metadata" not in reply.text
    assert bare.eventrac.stored("ref-1")[0]["metadata"] == {"portal": "1"}


def test_the_reference_can_be_returned_as_it_once_was(bare: Sandbox, race: Race):
    bare.eventrac.switches.return_reference = True
    assert add(bare, race, runner(race)).json()["external_reference"] == "ref-1"


def test_the_clock_of_the_sandbox_decides(bare: Sandbox, race: Race):
    assert race.closes_at > NOON
    bare.clock.advance(-86400)
    assert add(bare, race, runner(race)).status_code == 200
