"""Where eventrac's documentation contradicts itself: one test for each entry of our list, E1 to E24, in its order."""

import json

import httpx
import pytest

from providers.errors import NotFound, Refused
from providers.eventrac.client import Eventrac
from providers.eventrac.mapping import receive
from providers.port import Received
from providers.records import Kind, RaceRecord
from tests.providers.eventrac.conftest import ORGANISER, Build, event, ids, jsend, knowing, race, sent
from tests.providers.eventrac.people import PATH, REFERENCE, add, edit, full_add, saved, several
from tests.providers.wire import Routes

ADD = "POST /races/30551/participants"


def read(eventrac: Eventrac, told: dict[str, object]) -> RaceRecord:
    item = receive(Kind.RACE, json.dumps(told).encode())
    assert isinstance(item, Received)
    record = eventrac.decode(item)[0]
    assert isinstance(record, RaceRecord)
    return record


@pytest.mark.parametrize("wrap", [lambda name, data: data, lambda name, data: jsend({name: data})])
def test_e1_bare_and_wrapped_bodies_are_both_accepted_everywhere(eventrac: Eventrac, far: Routes, wrap) -> None:
    far.on(f"GET {ORGANISER}", wrap("events", [event(1)]))
    far.on("GET /events/1/races", wrap("races", [race(11)]))
    far.on("GET /events/2", wrap("event", event(2)))
    far.on("GET /races/12", wrap("race", race(12)))
    far.on(ADD, wrap("participant", saved(add())))
    far.on(f"PUT {PATH}", wrap("participant", saved(add())))
    far.on(f"GET {PATH}", wrap("participant", saved(add())))
    assert ids(eventrac.pull("events", known=knowing(events=["1", "2"]))) == ["1", "2"]
    assert ids(eventrac.pull("races", known=knowing(races=["11", "12"]))) == ["11", "12"]
    found = [eventrac.push(add()), eventrac.push(edit("phone")), eventrac.look_up(REFERENCE)]
    assert [receipt.external_id for receipt in found if receipt] == ["512077"] * 3


def test_e2_a_list_of_races_may_lie_under_data(eventrac: Eventrac, far: Routes) -> None:
    far.on(f"GET {ORGANISER}", [event(1)])
    far.on("GET /events/1/races", {"data": [race(11)]})
    assert ids(eventrac.pull("races", known=knowing())) == ["11"]


@pytest.mark.parametrize("word", ["error", "fail"])
def test_e3_error_and_fail_are_the_same(eventrac: Eventrac, far: Routes, word: str) -> None:
    body = {"status": word, "message": "no", "code": 422, "data": {"email": {"email": "odd"}}, "links": [1]}
    far.on(ADD, httpx.Response(422, json=body))
    with pytest.raises(Refused) as caught:
        eventrac.push(add())
    assert list(caught.value.field_errors) == ["email"]


def test_e4_the_bulk_path_of_the_request_line_comes_first_and_the_other_is_a_way_out(build: Build, far: Routes) -> None:
    changes = several(2)
    far.on("POST /participants", {"hasErrors": False, "participants": [saved(each) for each in changes]})
    eventrac = build()
    eventrac.push_many(changes)
    eventrac.push_many(changes)
    assert far.asked() == ["POST /races/participants", "POST /participants", "POST /participants"]


def test_e5_an_entry_is_read_at_the_path_of_the_request_line(eventrac: Eventrac, far: Routes) -> None:
    eventrac.look_up(REFERENCE)
    assert far.asked() == [f"GET /participants/{REFERENCE}"]


def test_e6_the_misspelt_path_is_never_asked(eventrac: Eventrac, far: Routes) -> None:
    eventrac.look_up(REFERENCE)
    eventrac.push_many([*several(2), edit("phone")])
    assert not any("partcipants" in each for each in far.asked())


def test_e7_an_update_is_wrapped(eventrac: Eventrac, far: Routes) -> None:
    far.on(f"PUT {PATH}", saved(add()))
    eventrac.push(edit("phone"))
    assert list(sent(far)) == ["participant"]


def test_e8_an_update_names_its_reference_again(eventrac: Eventrac, far: Routes) -> None:
    far.on(f"PUT {PATH}", saved(add()))
    eventrac.push(edit("phone"))
    assert sent(far)["participant"]["external_reference"] == REFERENCE
    assert "race_id" not in sent(far)["participant"]


@pytest.mark.parametrize("status", [403, 404])
def test_e9_403_and_404_mean_the_same_for_an_entry(eventrac: Eventrac, far: Routes, status: int) -> None:
    far.on(f"PUT {PATH}", httpx.Response(status))
    far.on(f"GET {PATH}", httpx.Response(status))
    assert eventrac.look_up(REFERENCE) is None
    with pytest.raises(NotFound):
        eventrac.push(edit("phone"))


def test_e10_an_answer_about_somebody_else_is_not_taken_for_a_failure(eventrac: Eventrac, far: Routes) -> None:
    far.on(ADD, saved(add(), first_name="Somebody", last_name="Else", dob="1970-01-01T00:00:00+00:00", address_1=None))
    receipt = eventrac.push(add())
    assert receipt.external_id == "512077"
    assert receipt.person is None


def test_e11_every_item_of_a_bulk_add_has_race_address_and_reference(eventrac: Eventrac, far: Routes) -> None:
    far.on("POST /races/participants", {"hasErrors": False, "participants": []})
    eventrac.push_many(several(2))
    for item in sent(far, 0)["participants"]:
        assert {"race_id", "email", "external_reference"} <= set(item)


def test_e12_an_answer_need_not_repeat_the_reference(eventrac: Eventrac, far: Routes) -> None:
    far.on(ADD, saved(add()))
    assert eventrac.push(add()).reference == REFERENCE


@pytest.mark.parametrize("name", ["products", "product"])
def test_e13_products_come_under_two_names(eventrac: Eventrac, name: str) -> None:
    hoodie = {"title": "Hoodie", "variations": [{"id": 61001, "title": "S", "inventory_remain": 12}]}
    [product] = read(eventrac, race(**{name: [hoodie]})).products
    assert product.title == "Hoodie"
    assert [(sku.external_id, sku.stock) for sku in product.skus] == [("61001", 12)]


def test_e13_or_not_at_all(eventrac: Eventrac) -> None:
    assert read(eventrac, race()).products == ()


def test_a_product_has_no_id_and_is_known_by_its_variations_else_by_its_title(eventrac: Eventrac) -> None:
    def key(title: str, *variations: int) -> str:
        told = {"title": title, "variations": [{"id": each} for each in variations]}
        return read(eventrac, race(products=[told])).products[0].key

    assert key("Hoodie", 1, 2) == key("Renamed", 2, 1)
    assert key("Hoodie", 1, 2) != key("Hoodie", 1, 3)
    assert key("Cap") == key("Cap") != key("Mug")


def test_e14_ids_are_strings_whatever_they_come_as(eventrac: Eventrac, far: Routes) -> None:
    pen = {"id": 7702, "label": "Pen", "input_type": "select", "select_options": [{"id": 88102, "label": "Middle"}]}
    [as_int] = read(eventrac, race(form_additions=[pen])).questions
    [as_text] = read(eventrac, race(form_additions=[pen | {"id": "7702"}])).questions
    assert as_int == as_text
    far.on(ADD, saved(add()))
    eventrac.push(full_add())
    assert sent(far)["form_additions"][1] == {"id": "7702", "value": "88102"}


def test_e15_affiliations_are_a_list_on_a_race_and_a_map_on_an_entry(eventrac: Eventrac, far: Routes) -> None:
    assert read(eventrac, race(affiliations=["uk-athletics"])).affiliations == ("uk-athletics",)
    far.on(ADD, saved(add(), affiliations=[]))
    eventrac.push(full_add())
    assert sent(far)["affiliations"] == {"uk-athletics": "3141592"}


def test_e16_null_and_empty_and_absent_are_the_same(eventrac: Eventrac) -> None:
    names = ("description", "url", "category", "closing_date", "capacity")
    absent = read(eventrac, race())
    for nothing in (None, ""):
        empty = read(eventrac, race(**dict.fromkeys(names, nothing)))
        assert (empty.description, empty.url, empty.sport) == (absent.description, absent.url, absent.sport)
        assert (empty.closes_at, empty.capacity) == (None, None)


@pytest.mark.parametrize("status", [404, 405, 501])
def test_e17_the_call_for_one_event_may_not_exist(eventrac: Eventrac, far: Routes, status: int) -> None:
    far.on(f"GET {ORGANISER}", [event(1)])
    far.on("GET /events/2", httpx.Response(status))
    assert ids(eventrac.pull("events", known=knowing(events=["1", "2"]))) == ["1"]


def test_e18_what_only_the_samples_show_may_be_missing(eventrac: Eventrac) -> None:
    record = read(eventrac, race(price={"amount": 1800, "currency": "GBP"}))
    assert (record.affiliated_price, record.fee, record.sport) == (None, None, "")


def test_e19_an_entry_under_our_reference_in_another_race_is_not_this_one(eventrac: Eventrac, far: Routes) -> None:
    changes = several(2)
    far.on("POST /races/participants", {"hasErrors": False, "participants": []})
    for change in changes:
        far.on(f"GET /participants/{change.reference}", {"id": 5, "race_id": 40000})
    assert [type(each).__name__ for each in eventrac.push_many(changes)] == ["OutcomeUnknown"] * 2


def test_e20_a_birthday_goes_out_as_a_date_and_comes_back_as_midnight(eventrac: Eventrac, far: Routes) -> None:
    far.on(ADD, saved(add()))
    far.on(f"GET {PATH}", saved(add()))
    eventrac.push(add())
    assert sent(far)["dob"] == "1988-02-29"
    receipt = eventrac.look_up(REFERENCE)
    assert receipt is not None
    assert receipt.person is not None
    assert receipt.person.birth_date == add().person.birth_date


def test_e21_dates_that_cannot_be_true_are_shown_as_they_are(eventrac: Eventrac) -> None:
    odd = race(closing_date="2026-05-12T22:59:00+00:00", created="2028-01-01T00:00:00+00:00")
    record = read(eventrac, odd)
    assert record.closes_at is not None
    assert record.starts_at is not None
    assert record.closes_at < record.starts_at


def test_e22_a_picture_on_a_development_host_breaks_nothing(eventrac: Eventrac) -> None:
    for address in ("http://eventrac.local/a.png", "javascript:alert(1)", 7, None):
        item = receive(Kind.EVENT, json.dumps(event(img_url=address)).encode())
        assert isinstance(item, Received)
        assert eventrac.decode(item)[0].external_id == "9101"


def test_e23_the_text_of_an_error_is_not_what_decides(eventrac: Eventrac, far: Routes) -> None:
    far.on(ADD, httpx.Response(404, json={"status": "error", "message": "We could not find that kitten", "code": 404}))
    with pytest.raises(NotFound) as caught:
        eventrac.push(add())
    assert "kitten" not in str(caught.value)


@pytest.mark.parametrize(("payer", "entrant_pays"), [("participant", True), ("organiser", False), (None, False)])
def test_e24_the_fee_is_the_entrants_only_if_it_says_so(eventrac: Eventrac, payer: object, entrant_pays: bool) -> None:
    price = {"amount": 1800, "currency": "GBP", "booking_fee": 83, "booking_fee_paid_by": payer}
    assert read(eventrac, race(price=price)).fee_paid_by_entrant is entrant_pays
