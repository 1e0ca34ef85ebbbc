"""Validation errors on the fields that a person filled in."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.errors import AlreadyThere, FieldError, Refused
from providers.eventrac.refusals import field_errors, placed, refusal
from providers.replies import Reply
from tests.providers.eventrac.people import full_add


def refused(body: object) -> Refused:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    reply = Reply(label="eventrac", host="h", method="POST", path="/x", status=422, raw=raw)
    return placed(refusal(reply), full_add())


def names(errors: object) -> list[str]:
    return list(refused({"status": "error", "message": "no", "code": 422, "data": errors}).field_errors)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("email", "email"),
        ("dob", "birth_date"),
        ("contact_number", "phone"),
        ("address_city", "city"),
        ("address_state", "region"),
        ("address_zip_code", "postcode"),
        ("address_country", "country"),
        ("emergency_number", "emergency_phone"),
        ("external_reference", "reference"),
        ("race_id", "race"),
        ("orders", "orders"),
        ("form_additions", "answers"),
        ("affiliations", "affiliations"),
    ],
)
def test_their_field_is_our_field(theirs: str, ours: str) -> None:
    assert names({theirs: {"_required": "This field is required"}}) == [ours]


@pytest.mark.parametrize(
    ("errors", "ours"),
    [
        ({"orders": {"0": {"sku_id": {"stock": "none left"}}}}, "orders.61001"),
        ({"orders": [{"quantity": {"max": "too many"}}]}, "orders.61001"),
        ({"orders": {"61001": {"stock": "none left"}}}, "orders.61001"),
        ({"form_additions": {"1": {"value": {"inList": "no such option"}}}}, "answers.7702"),
        ({"form_additions": [[], {"value": {"inList": "no such option"}}]}, "answers.7702"),
        ({"form_additions": {"7704": {"_required": "needs an answer"}}}, "answers.7704"),
        ({"form_additions": {"7701": "too long"}}, "answers.7701"),
        ({"affiliations": {"uk-athletics": {"valid": "unknown number"}}}, "affiliations.uk-athletics"),
        ({"affiliations": {"uk-athletics": "unknown number"}}, "affiliations.uk-athletics"),
        ({"affiliations": {"inList": "not accepted here"}}, "affiliations"),
    ],
)
def test_nested_objections_find_the_thing_they_are_about(errors: object, ours: str) -> None:
    assert names(errors) == [ours]


def test_every_rule_of_a_field_is_shown() -> None:
    found = field_errors({"email": {"_required": "needed", "email": "odd"}, "dob": {"date": "no date"}})
    assert found["email"] == [FieldError(rule="_required", text="needed"), FieldError(rule="email", text="odd")]
    assert found["birth_date"] == [FieldError(rule="date", text="no date")]


def test_a_field_with_only_a_text_or_a_list_of_them() -> None:
    found = field_errors({"email": "odd", "dob": ["too young", "too old"]})
    assert [error.text for error in found["birth_date"]] == ["too young", "too old"]
    assert found["email"] == [FieldError(rule="", text="odd")]


def test_a_field_that_is_not_ours_keeps_its_name_in_the_text() -> None:
    assert field_errors({"shoe": {"size": "too big"}}) == {"": [FieldError(rule="size", text="shoe.size: too big")]}


@pytest.mark.parametrize(
    "body", [{"email": {"_required": "x"}}, {"errors": {"email": {"_required": "x"}}}, {"code": 422, "email": ["x"]}]
)
def test_errors_without_an_envelope_are_read_too(body: object) -> None:
    assert list(refused(body).field_errors) == ["email"]


@pytest.mark.parametrize("data", [[], {}, None])
def test_a_refusal_without_reasons_shows_its_message(data: object) -> None:
    error = refused({"status": "error", "message": "Entries are closed", "code": 422, "data": data})
    assert error.field_errors == {"": (FieldError(rule="", text="Entries are closed"),)}


@pytest.mark.parametrize("body", [b"<html>", b"", b"[1]"])
def test_a_refusal_that_cannot_be_read_is_still_one(body: bytes) -> None:
    assert str(refused(body)) == "eventrac did not accept this entry."


def test_only_a_taken_reference_means_already_there() -> None:
    assert isinstance(refused({"status": "fail", "data": {"external_reference": {"unique": "x"}}}), AlreadyThere)
    assert not isinstance(refused({"status": "fail", "data": {"external_reference": {"maxLength": "x"}}}), AlreadyThere)
    assert not isinstance(refused({"status": "fail", "data": {"email": {"unique": "x"}}}), AlreadyThere)


nested = st.recursive(
    st.text(max_size=5) | st.integers() | st.none() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(["email", "orders", "form_additions", "affiliations", "x"]), nested, max_size=3))
def test_no_shape_of_errors_is_fatal(errors: dict[str, object]) -> None:
    refused({"status": "error", "message": "no", "code": 422, "data": errors})
