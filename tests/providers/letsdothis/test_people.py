"""Who the entrant is: the form, else the booker, else what lies about."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.letsdothis.people import Ways, read_day, read_gender
from providers.records import Answer, Gender, Person
from tests.providers.letsdothis.samples import PARTICIPANT, answer, application, entry, with_fields

BOOKER = {"firstName": "Ana", "lastName": "Reyes", "emailAddress": "Ana@Mail.example", "phone": "07700 900123"}


def test_a_person_is_read_from_the_form_whatever_the_organiser_called_the_questions():
    record = entry(
        with_fields(
            answer("Forename", " Zoë "),
            answer("Family name", "O'Neill"),
            answer("E-mail address", "Zoe@X.example"),
            answer("DOB", "1990-05-17"),
            answer("Sex", "F"),
            answer("Mobile number", "07700 900456"),
            answer("Running club (if any)", "Striders"),
            answer("Zip / Postcode", "CB7 4EL"),
            answer("Emergency contact name", "Sam"),
            answer("Emergency contact number", "07700 900789"),
            answer("Any medical conditions we should know about?", "Asthma"),
            answer("T-shirt size", ["M"]),
        )
    )
    assert record.person == Person(
        first_name="Zoë",
        last_name="O'Neill",
        email="Zoe@X.example",
        birth_date=date(1990, 5, 17),
        gender=Gender.FEMALE,
        phone="07700 900456",
        club="Striders",
        postcode="CB7 4EL",
        emergency_name="Sam",
        emergency_phone="07700 900789",
        medical="Asthma",
    )
    assert not record.person_is_booker
    assert record.answers == (Answer(question_id="T-shirt size", label="T-shirt size", value="M"),)


def test_a_confirmed_mapping_comes_before_the_names():
    row = with_fields(answer("First name", "Called", "a"), answer("Name on passport", "Official", "b"))
    record = entry(row, ways=Ways(mapping={"b": "first_name"}))
    assert record.person.first_name == "Official"
    assert record.answers == (Answer(question_id="a", label="First name", value="Called"),)


def test_a_question_confirmed_to_be_none_stays_an_answer():
    row = with_fields(answer("First name", "Ada"), answer("Club", "Nightclub", "club"))
    record = entry(row, ways=Ways(mapping={"club": ""}))
    assert record.person.club == ""
    assert record.answers == (Answer(question_id="club", label="Club", value="Nightclub"),)


def test_two_forms_that_ask_for_the_same_both_count():
    ways = Ways(mapping={"given": "first_name", "first": "first_name"})
    assert entry(with_fields(answer("?", "Ada", "given")), ways=ways).person.first_name == "Ada"
    assert entry(with_fields(answer("?", "", "given"), answer("?", "Bo", "first")), ways=ways).person.first_name == "Bo"


def test_a_mapping_to_something_that_is_no_person_field_is_ignored():
    record = entry(with_fields(answer("Shirt", "M", "shirt")), ways=Ways(mapping={"shirt": "shoe_size"}))
    assert record.answers[0].value == "M"


def test_without_a_name_in_the_form_the_details_are_the_bookers_and_flagged():
    record = entry(with_fields(answer("Gender", "male"), booker=BOOKER))
    assert record.person_is_booker
    assert record.person == Person(
        first_name="Ana", last_name="Reyes", email="Ana@Mail.example", phone="07700 900123", gender=Gender.MALE
    )
    assert application(with_fields(booker=BOOKER)).person_is_booker


def test_a_named_entrant_borrows_nothing_from_the_booker():
    record = entry(with_fields(answer("First name", "Tomasz"), booker=BOOKER))
    assert not record.person_is_booker
    assert record.person == Person(first_name="Tomasz")
    assert (record.booker_name, record.booker_email) == ("Ana Reyes", "Ana@Mail.example")


def test_names_at_the_top_level_are_the_last_resort():
    flat = {"firstName": "Flo", "lastName": "Lat", "email": "f@x", "dateOfBirth": "1990-05-17", "teamName": "Striders"}
    assert entry(with_fields(**flat)).person == Person(
        first_name="Flo", last_name="Lat", email="f@x", birth_date=date(1990, 5, 17), club="Striders"
    )
    assert entry(with_fields(booker=BOOKER, **flat)).person.first_name == "Ana"
    assert entry(with_fields(answer("First name", "Zoë"), **flat)).person == Person(first_name="Zoë")


def test_a_full_name_in_one_question_is_split_at_the_last_blank():
    person = entry(with_fields(answer("Full name", "Ana Maria Reyes"), booker=BOOKER)).person
    assert (person.first_name, person.last_name) == ("Ana Maria", "Reyes")


def test_an_address_or_contact_given_as_an_object_is_spread():
    person = entry(
        with_fields(
            answer("First name", "Ada"),
            answer("Address", {"line1": "1 High St", "town": "Ely", "postCode": "CB7", "country": "GB"}),
            answer("Emergency contact", {"name": "Sam", "phoneNumber": 7}),
        )
    ).person
    assert (person.address_1, person.city, person.postcode, person.country) == ("1 High St", "Ely", "CB7", "GB")
    assert (person.emergency_name, person.emergency_phone) == ("Sam", "7")


def test_an_e_mail_is_kept_as_it_came():
    assert entry(PARTICIPANT).person.email == "T.Reyes@Mail.example"


@pytest.mark.parametrize(("label", "value"), [("Date of birth", "in spring"), ("Gender", "rather not say")])
def test_an_answer_that_cannot_be_read_as_its_field_stays_an_answer(label: str, value: str):
    record = entry(with_fields(answer("First name", "Ada"), answer(label, value)))
    assert record.answers == (Answer(question_id=label, label=label, value=value),)


@pytest.mark.parametrize(
    ("word", "gender"),
    [
        *((word, Gender.FEMALE) for word in ("f", "F", "female", "Woman", "women", "Female (cis)", ["Female"])),
        *((word, Gender.MALE) for word in ("m", "MALE", "man", {"label": "Male"})),
        *((word, Gender.NON_BINARY) for word in ("Non-binary", "non binary", "nonBinary", "X", "nb", "genderqueer")),
        *((word, Gender.UNKNOWN) for word in ("", None, "other", "prefer not to say", 3, [], "malefemale")),
    ],
)
def test_gender_words(word: Any, gender: Gender):
    assert read_gender(word) is gender


@pytest.mark.parametrize(
    "written",
    [
        *("1990-05-17", "1990-05-17T00:00:00.000Z", "1990-05-17T23:30:00+01:00", "1990/05/17", "17/05/1990"),
        *("17.05.1990", "17-5-1990", "05/17/1990", {"day": 17, "month": "5", "year": 1990}),
    ],
)
def test_a_birth_date_in_every_clear_shape(written: Any):
    assert read_day(written, day_first=True) == read_day(written, day_first=False) == date(1990, 5, 17)


def test_the_connection_says_which_part_of_an_open_date_is_the_day():
    assert read_day("05/04/1990", day_first=True) == date(1990, 4, 5)
    assert read_day("05/04/1990", day_first=False) == date(1990, 5, 4)


@given(st.dates(min_value=date(1000, 1, 1)), st.sampled_from("/.- "), st.booleans())
def test_any_day_is_read_in_the_order_of_the_connection(day: date, mark: str, day_first: bool):
    parts = (day.day, day.month) if day_first else (day.month, day.day)
    one, other = parts
    assert read_day(f"{one:02}{mark}{other:02}{mark}{day.year}", day_first=day_first) == day
    assert read_day(f"{one}{mark}{other}{mark}{day.year}", day_first=day_first) == day


@pytest.mark.parametrize(
    "written", ["05x04x1990", "05/04/90", "05/04/19900", "05/04/1990x", "5/4/", "//", "٠5/04/1990"]
)
def test_what_only_looks_like_a_date_is_none(written: str):
    assert read_day(written, day_first=True) is None


@pytest.mark.parametrize("written", ["", None, "soon", "31/02/1990", "99/99/1990", 1990, {"day": 1}, [], "1990-13-01"])
def test_what_is_no_date_is_none(written: Any):
    assert read_day(written, day_first=True) is None
