"""Objects whose shape the reference folds away, in every spelling that is likely."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.letsdothis import folded
from providers.records import EntryStatus, Money


def written(fields: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.Encoder(decimal_format="number").encode(fields))


@pytest.mark.parametrize("key", ["slug", "key", "name", "id"])
@pytest.mark.parametrize("label", ["label", "title", "question"])
@pytest.mark.parametrize("value", ["value", "answer", "response"])
def test_a_form_answer_is_read_by_any_of_its_names(key: str, label: str, value: str):
    form = folded.filled_form(written([{key: "shirt", label: "Shirt size", value: "M"}]))
    assert (form.questions, form.values) == ((("shirt", "Shirt size"),), ["M"])


def test_the_slug_comes_before_the_id_and_the_label_stands_in_for_both():
    form = folded.filled_form(written([{"id": "f1", "slug": "s", "value": 1}, {"label": "Only a label", "value": 2}]))
    assert form.questions == (("s", "s"), ("Only a label", "Only a label"))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("  M ", "M"),
        (["M", "L"], "M, L"),
        ([{"label": "Medium"}, None], "Medium"),
        ({"id": "size-m", "label": "Medium"}, "Medium"),
        ({"hours": 3, "minutes": 20}, "hours: 3; minutes: 20"),
        (True, "Yes"),
        (False, "No"),
        (0, "0"),
        (Decimal("21.10"), "21.10"),
        (None, ""),
        ([], ""),
    ],
)
def test_an_answer_is_shown_as_a_person_reads_it(value: Any, shown: str):
    (found,) = folded.filled_form(written([{"slug": "s", "value": value}])).values
    assert folded.display(found) == shown


def test_answers_may_come_as_a_map():
    form = folded.filled_form(written({"club": "Striders", "shirt": ["M"]}))
    assert (form.questions, form.values) == ((("club", "club"), ("shirt", "shirt")), ["Striders", ["M"]])


SPELLINGS = ["id", "slug", "key", "name", "label", "title", "question", "value", "answer", "response"]
SAID = st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.sampled_from([1.0, "", " ", "\x00", [], {}])
QUESTIONS = st.dictionaries(st.sampled_from(SPELLINGS), SAID | st.lists(SAID, max_size=2), max_size=6)


@given(st.lists(QUESTIONS, max_size=5))
def test_a_form_is_read_alike_whether_or_not_something_odd_stands_in_it(questions: list[dict[str, Any]]):
    assert folded.filled_form(written(questions)) == folded.filled_form(written([*questions, "odd"]))


@pytest.mark.parametrize("fields", [None, [], "text", 3, [None, 3, "x", {}, {"value": 1}]])
def test_fields_of_another_shape_are_no_answers(fields: Any):
    assert folded.filled_form(written(fields)) == folded.Filled((), [])


@pytest.mark.parametrize(
    ("booker", "name", "email", "phone"),
    [
        ({"firstName": "Ana", "lastName": "Reyes", "emailAddress": "A@x"}, "Ana Reyes", "A@x", ""),
        ({"firstName": "Ana", "email": "a@x", "phoneNumber": "1"}, "Ana", "a@x", "1"),
        ({"name": "Ana Maria Reyes", "phone": 2}, "Ana Maria Reyes", "", "2"),
        ("Ana Reyes", "Ana Reyes", "", ""),
        ({"id": "u77"}, "", "", ""),
        (None, "", "", ""),
        ([1], "", "", ""),
    ],
)
def test_a_booker_in_every_shape(booker: Any, name: str, email: str, phone: str):
    found = folded.contact(booker)
    assert (found.name, found.email, found.phone) == (name, email, phone)


@pytest.mark.parametrize(
    ("waves", "shown"),
    [
        ([{"id": "w3", "name": "Blue 2"}], "Blue 2"),
        ([{"title": "Blue"}, {"label": "Red"}], "Blue, Red"),
        ([{"id": "w3", "startTime": "2027-06-06T08:20:00Z"}], "w3"),
        (["Blue"], "Blue"),
        ("Blue", "Blue"),
        ({"name": "Blue"}, "Blue"),
        ([{}, None], ""),
    ],
)
def test_waves_in_every_shape(waves: Any, shown: str):
    assert folded.wave(waves) == shown


def test_tags_are_strings_or_objects():
    assert folded.tags(["club", {"name": "vip"}, {"label": "late"}, {}, 7, "club"]) == ("club", "vip", "late", "7")


def test_codes_are_every_string_in_the_map():
    used = {"discountCode": "SAVE", "accessCode": None, "more": [{"code": "X1"}, "SAVE"], "count": 2}
    assert folded.codes(used) == ("SAVE", "X1")


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ({"city": "Ely", "country": "GB", "latitude": 52.4, "lng": 0.3}, "Ely, GB"),
        ({"name": "Market Square", "city": "Ely"}, "Market Square, Ely"),
        ({"label": "Ely", "city": "Ely"}, "Ely"),
        ("Ely", "Ely"),
        ({}, ""),
        ([], ""),
    ],
)
def test_a_location_in_every_shape(place: Any, shown: str):
    assert folded.location(place) == shown


@pytest.mark.parametrize(
    ("distances", "shown"),
    [
        ([{"value": 10, "unit": "km"}], "10 km"),
        ([{"length": Decimal("1.5"), "unit": "km"}, {"distance": 40, "unit": "km"}, "10k"], "1.5 km, 40 km, 10k"),
        (21, "21"),
        ("Half", "Half"),
        ([{"unit": "km"}, None], ""),
    ],
)
def test_distances_in_every_shape(distances: Any, shown: str):
    assert folded.distances(distances) == shown


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("CANCELLED", EntryStatus.CANCELLED),
        ("Canceled by runner", EntryStatus.CANCELLED),
        ("TRANSFERRED_OUT", EntryStatus.TRANSFERRED),
        ("deferral", EntryStatus.DEFERRED),
        ("REFUNDED", EntryStatus.REFUNDED),
        ("withdrawn", EntryStatus.WITHDRAWN),
        ("WITHDREW", EntryStatus.WITHDRAWN),
        ("CONFIRMED", EntryStatus.LIVE),
        ("SOMETHING_NEW", EntryStatus.LIVE),
    ],
)
@pytest.mark.parametrize("key", ["status", "type", "state"])
def test_a_status_word_is_told_by_what_it_contains_and_kept(word: str, status: EntryStatus, key: str):
    assert folded.status([{key: word, "reason": "cancel my refund"}]) == (status, word)


@pytest.mark.parametrize("when", ["date", "createdAt", "timestamp"])
def test_the_newest_status_counts_wherever_it_stands(when: str):
    details = [
        {"status": "CANCELLED", when: "2027-03-01T00:00:00Z"},
        {"status": "CONFIRMED", when: "2027-01-01T00:00:00+01:00"},
    ]
    assert folded.status(details)[0] is EntryStatus.CANCELLED
    assert folded.status(details[::-1])[0] is EntryStatus.CANCELLED


def test_without_times_the_last_status_counts():
    assert folded.status(["CONFIRMED", "TRANSFERRED"])[0] is EntryStatus.TRANSFERRED
    assert folded.status({"state": "DEFERRED"})[0] is EntryStatus.DEFERRED


@pytest.mark.parametrize("details", [None, [], {}, 3, [None, {}, []], [{"date": "2027-01-01T00:00:00Z"}]])
def test_no_status_is_a_live_entry(details: Any):
    assert folded.status(details)[0] is EntryStatus.LIVE


@pytest.mark.parametrize(
    ("price", "unit", "money"),
    [
        ({"amount": 4200, "currency": "GBP"}, "unknown", Money(minor=None, currency="GBP", unknown_unit=Decimal(4200))),
        ({"amount": 4200, "currency": "GBP"}, "minor", Money(minor=4200, currency="GBP")),
        ({"amount": 42, "currency": "gbp"}, "major", Money(minor=4200, currency="GBP")),
        ({"amount": Decimal("42.50"), "currency": "GBP"}, "unknown", Money(minor=4250, currency="GBP")),
        ({"amount": Decimal("42.00"), "currency": "GBP"}, "minor", Money(minor=4200, currency="GBP")),
        ({"value": "42.00", "currency": "USD"}, "unknown", Money(minor=4200, currency="USD")),
        ({"price": "42"}, "unknown", Money(minor=None, currency="", unknown_unit=Decimal(42))),
        ({"amount": 4200, "currency": "JPY"}, "major", Money(minor=4200, currency="JPY")),
        ({"amount": 0, "currency": "GBP"}, "minor", Money(minor=0, currency="GBP")),
        (42, "major", Money(minor=4200, currency="")),
        ({"amount": 1, "currency": "pounds"}, "minor", Money(minor=1, currency="")),
    ],
)
def test_a_price_is_read_in_the_unit_the_connection_says_and_decimals_settle_it(price: Any, unit: str, money: Money):
    assert folded.money(price, unit) == money


@pytest.mark.parametrize(
    "price", [None, {}, [], "free", True, {"amount": None}, {"amount": True}, {"amount": "1e9"}, {"amount": 10**18}]
)
def test_what_is_no_price_is_none(price: Any):
    assert folded.money(price, "minor") is None
