"""Which question asks for which person field, and what is proposed to the organiser."""

import json

import pytest

from providers.letsdothis.names import proposed_field
from providers.records import PersonQuestion
from tests.providers.letsdothis.samples import PARTICIPANT
from tests.providers.letsdothis.world import Remote, client


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("First name", "first_name"),
        ("FIRSTNAME *", "first_name"),
        ("Participant's first name", "first_name"),
        ("Forename(s)", "first_name"),
        ("Surname", "last_name"),
        ("Family Name:", "last_name"),
        ("E-Mail", "email"),
        ("Your email address", "email"),
        ("DOB", "birth_date"),
        ("D.O.B.", "birth_date"),
        ("Date of birth (dd/mm/yyyy)", "birth_date"),
        ("Sex", "gender"),
        ("Gender identity", "gender"),
        ("Mobile", "phone"),
        ("Cell phone", "phone"),
        ("Téléphone", "phone"),
        ("Telephone", "phone"),
        ("Running club", "club"),
        ("Zip", "postcode"),
        ("Postcode/Zip", "postcode"),
        ("Town/City", "city"),
        ("County", "region"),
        ("State / Province", "region"),
        ("Country of residence", "country"),
        ("Nationality", "nationality"),
        ("Address line 1", "address_1"),
        ("Address Line 2", "address_2"),
        ("Emergency contact", "emergency_name"),
        ("Emergency Contact Name", "emergency_name"),
        ("Emergency contact number", "emergency_phone"),
        ("Next of kin's mobile", "emergency_phone"),
        ("ICE name", "emergency_name"),
        ("Emergency contact name and number", "emergency_name"),
        ("Do you have any medical conditions?", "medical"),
        ("Allergies", "medical"),
        ("T-shirt size", ""),
        ("Shirt", ""),
        ("Emergency contact relationship", ""),
        ("Emergency contact email", ""),
        ("Confirm email address", ""),
        ("Parent / guardian email", ""),
        ("Team captain phone", ""),
        ("I have a medical certificate", ""),
        ("Team name", ""),
        ("How did you hear of us?", ""),
        ("", ""),
        ("???", ""),
    ],
)
def test_a_question_is_known_by_its_label(label: str, name: str):
    assert proposed_field("f1", label) == name


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("first-name", "first_name"),
        ("firstName", "first_name"),
        ("last_name", "last_name"),
        ("emailAddress", "email"),
        ("date-of-birth", "birth_date"),
        ("emergencyContactNumber", "emergency_phone"),
        ("tshirtSize", ""),
    ],
)
def test_a_slug_is_read_where_the_label_says_nothing(key: str, name: str):
    assert proposed_field(key, "Please answer") == name


def test_accents_and_case_do_not_matter():
    assert proposed_field("x", "FÍRST nàme") == "first_name"


def payload(*fields: dict[str, object]) -> bytes:
    return json.dumps({"id": "x", "fields": list(fields)}).encode()


def test_questions_are_collected_with_how_often_they_came_the_commonest_first():
    name = {"slug": "first-name", "label": "First name", "value": "A"}
    shirt = {"slug": "shirt", "label": "Shirt size", "value": "M"}
    renamed = {"slug": "shirt", "label": "T-shirt", "value": "M"}
    payloads = [payload(name, shirt), payload(name, shirt), payload(name, renamed), payload(name), b"{", b"[]", b""]
    with client(Remote()) as provider:
        assert provider.person_questions(payloads) == [
            PersonQuestion(key="first-name", label="First name", example_count=4),
            PersonQuestion(key="shirt", label="Shirt size", example_count=3),
        ]


def test_a_mapping_is_proposed_by_name_and_leaves_the_rest_alone():
    with client(Remote()) as provider:
        questions = provider.person_questions([json.dumps(PARTICIPANT).encode()])
        assert provider.propose_mapping(questions) == {
            "first-name": "first_name",
            "last-name": "last_name",
            "email": "email",
        }
