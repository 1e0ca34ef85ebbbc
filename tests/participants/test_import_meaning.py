"""What the columns of a file mean: headings, dates, names, and who is who."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organiser_portal.participants.imports.dates import DateProof, Order, Proof, parse_date
from organiser_portal.participants.imports.headings import ALIASES, GROUPS, key_of, match, plain
from organiser_portal.participants.imports.identity import Known, Sure, find
from organiser_portal.participants.imports.values import split_name

OFFERED = [target for group in GROUPS.values() for target in group]
TODAY = date(2027, 5, 14)
BORN = date(1989, 3, 14)


@pytest.mark.parametrize(
    ("headings", "wanted"),
    [
        (
            "Bib,Lastname,Firstname,DateOfBirth,Gender,Nation,Contest,Club,ZIP,CellPhone",
            "bib,last_name,first_name,birth_date,gender,nationality,race,club,postcode,phone",
        ),
        (
            "External ID,Reg Choice,First Name,Last Name,Sex,DOB",
            "external_id,race,first_name,last_name,gender,birth_date",
        ),
        ("first_name,last_name,bib,birth date,Team Name,Race Type", "first_name,last_name,bib,birth_date,club,race"),
        ("Name,Bib number,Club,Class,Phone number", "full_name,bib,club,,phone"),
        ("ID,First Name,Last Name,Email,Status,Check Ins,Product ID", ",first_name,last_name,email,,,"),
        ("FNAME,Surname,E-Mail Address,Bib #,T-shirt", "first_name,last_name,email,bib,"),
        (
            "external_reference,first_name,last_name,email,dob,address_1,address_zip_code,contact_number,emergency_name",
            "reference,first_name,last_name,email,birth_date,address_1,postcode,phone,emergency_name",
        ),
        ("Medical conditions or allergies…,Emergency Phone", "medical,emergency_phone"),
    ],
)
def test_headings_of_the_tools_people_use_are_known(headings, wanted):
    assert list(match(headings.split(","), offered=OFFERED).values()) == wanted.split(",")


@given(alias=st.sampled_from([each for known in ALIASES.values() for each in known]), gap=st.sampled_from(" ._-#:"))
def test_capitals_gaps_and_accents_do_not_matter(alias, gap):
    odd = gap.join(alias.upper()).replace("E", "É") + gap
    assert plain(odd) == alias
    assert match([odd], offered=OFFERED)[odd] == match([alias], offered=OFFERED)[alias]


def test_what_was_chosen_before_wins_and_a_field_is_given_once():
    headings = ["First Name", "Surname", "Club", "Team"]
    assert match(headings, offered=OFFERED)["Team"] == ""
    before = {"first name": "first_name", "SURNAME": "last_name", "Club": "", "Team": "club"}
    assert match(headings, before, offered=OFFERED)["Team"] == "club"
    assert match(headings, before, offered=OFFERED)["Club"] == ""
    assert key_of(headings) == key_of(["team", "CLUB", "surname", "First_name"])


def test_a_full_name_beside_its_parts_is_left_out():
    assert match(["Name", "First name", "Last name"], offered=OFFERED)["Name"] == ""


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["14/03/1989", "02/11/1975"], Order.DAY_FIRST),
        (["03/14/1989", "02/11/1975"], Order.MONTH_FIRST),
        (["03/04/1989", "02/11/1975"], Order.EITHER),
        (["14/03/1989", "03/14/1989"], Order.MIXED),
        (["03/03/1989", "1989-03-14", "14 March 1989"], None),
    ],
)
def test_the_order_of_dates_is_decided_over_all_rows(values, order):
    seen = DateProof()
    for value in values:
        seen.look(value)
    proof = Proof.of({"day": seen.day, "month": seen.month, "either": seen.either})
    assert proof.order == order
    assert bool(proof.sentence) == (order is not None)


@pytest.mark.parametrize(
    "text",
    [
        "14/03/1989", "14.3.89", "14-03-1989", "1989-03-14", "1989/3/14", "19890314", "14 March 1989", "14 Mar 89",
        "14th March, 1989", "March 14, 1989", "1989-03-14 00:00:00", "32581",
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(text):
    assert parse_date(text, month_first=False, today=TODAY) == BORN


@given(st.dates(date(1928, 1, 1), TODAY), st.booleans())
def test_any_day_comes_back(day, month_first):
    parts = (day.month, day.day) if month_first else (day.day, day.month)
    for text in (f"{parts[0]}/{parts[1]}/{day.year}", f"{parts[0]:02}.{parts[1]:02}.{day.year % 100:02}"):
        assert parse_date(text, month_first=month_first, today=TODAY) == day


@pytest.mark.parametrize("year", ["1928", "1989", "2027"])
def test_a_year_alone_is_no_day_of_a_spreadsheet(year):
    with pytest.raises(ValueError, match=year):
        parse_date(year, month_first=False, today=TODAY)


@given(st.text(max_size=12))
def test_what_is_no_day_is_refused_and_nothing_else_happens(text):
    try:
        parse_date(text, month_first=False, today=TODAY)
    except (ValueError, OverflowError):
        return


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        ("Siobhán Breathnach", ("Siobhán", "Breathnach")),
        ("Breathnach, Siobhán", ("Siobhán", "Breathnach")),
        ("Mary Ann Evans", ("Mary Ann", "Evans")),
        ("Cher", ("", "Cher")),
    ],
)
def test_a_full_name_is_taken_apart(whole, parts):
    assert split_name(whole) == parts


def someone(key: int = 1, birth_date: date | None = BORN, email: str = "", *, live: bool = True) -> Known:
    return Known(key=key, birth_date=birth_date, email=email, live=live)


@pytest.mark.parametrize(
    ("said", "namesakes", "sure"),
    [
        ((BORN, ""), [], Sure.NOBODY),
        ((BORN, ""), [someone()], Sure.ONE),
        ((BORN, ""), [someone(), someone(2)], Sure.SEVERAL),
        ((BORN, "b@x"), [someone(), someone(2, email="b@x")], Sure.ONE),
        ((BORN, ""), [someone(birth_date=date(1975, 1, 1))], Sure.NOBODY),
        ((None, "a@x"), [someone(email="a@x")], Sure.ONE),
        ((None, "a@x"), [someone(email="b@x")], Sure.NOBODY),
        ((None, ""), [someone()], Sure.PERHAPS),
        ((BORN, ""), [someone(birth_date=None, email="a@x")], Sure.PERHAPS),
        ((None, ""), [someone(), someone(2)], Sure.SEVERAL),
        ((BORN, ""), [someone(live=False), someone(2)], Sure.ONE),
    ],
)
def test_the_same_person_is_one_and_where_nobody_can_tell_nobody_is_doubled(said, namesakes, sure):
    assert find(*said, namesakes).sure is sure


def test_one_who_holds_a_place_comes_before_one_who_does_not():
    found = find(BORN, "", [someone(1, live=False), someone(2)])
    assert found.one == someone(2)
