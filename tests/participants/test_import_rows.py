"""Rows of a file: which race and whom each means, and why one cannot be taken."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from organiser_portal.events.models import Listing, Race
from organiser_portal.organisations.models import Membership, Organisation, User
from organiser_portal.participants.models import Entry
from tests.factories import make_connection, make_entry, make_listing, make_race
from tests.participants.importing import CLUB, HEXLEY, IMPORTS, check, columns_of, commit, piles, reasons, upload


@pytest.fixture
def race(organisation: Organisation) -> Race:
    return make_race(organisation)


@pytest.fixture
def browser(manager: User, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(manager)


@pytest.fixture
def listing(organisation: Organisation) -> Listing:
    return make_listing(make_connection(organisation, "eventrac"), closes_at=None)


def test_a_column_can_name_the_race(browser, organisation):
    ten, half = make_race(organisation, "Hexley 10K"), make_race(organisation, "Hexley Half")
    text = "Race,First name,Last name\nhexley half,Aled,Rhys\nHEXLEY 10K,Nia,Prys\nNo such race,Jo,Marlow\n,A,B\n"
    imported = upload(browser, text)
    assert columns_of(browser, imported)["race"] == "column"
    imported = commit(browser, check(browser, imported))
    assert {entry.last_name: entry.race for entry in Entry.objects.all()} == {"Rhys": half, "Prys": ten}
    assert reasons(imported) == ["No race is called “No such race”.", "It names no race."]


def test_every_row_that_cannot_be_taken_says_why(browser, race):
    text = (
        "First name,Last name,Email,DOB,Sex,Club\n"
        "Aled,Rhys,no address,,,\n"
        "Aled,Rhys,,31/02/1975,,\n"
        "Aled,Rhys,,14/03/2031,,\n"
        "Aled,Rhys,,,perhaps,\n"
        "=1+1,Rhys,,,,\n"
        "Aled,,aled@mail.example,,,\n"
        "Aled,Rhys,,,,Hexley, Fell and Gate\n"
        "Nia,Prys,nia@mail.example,,,\n"
        "nia,PRYS,NIA@mail.example,,,Hexley\n"
        "Nia,Prys,,,,\n"
    )
    imported = check(browser, upload(browser, text), race=race.pk)
    assert piles(imported) == (1, 0, 0, 9)
    wanted = [
        "E-mail “no address”", "“31/02/1975” is no date, read as day/month/year", "still to come", "Gender “perhaps”",
        "holds a formula", "A new entry needs: Last name", "7 values for 6 headings", "The same person as in row 9",
        "Row 9 has this name too",
    ]  # fmt: skip
    for sentence, reason in zip(wanted, reasons(imported), strict=True):
        assert sentence in reason


def test_two_who_could_be_meant_are_left_to_a_person(browser, race, listing):
    for _ in range(2):
        make_entry(listing, "Aled", "Rhys", birth_date=date(1975, 11, 2))
    make_entry(listing, "Nia", "Prys", birth_date=date(1999, 9, 9), status="withdrawn", club="")
    text = (
        HEXLEY.replace("Date of birth\n", "Date of birth,Club\n")
        .replace("1975\n", "1975,H\n")
        .replace("1999\n", "1999,H\n")
    )
    imported = check(browser, upload(browser, text.replace("aled@mail.example", "")), race=listing.race_id)
    assert reasons(imported) == [
        "More than one entry of this name in the race could be meant.",
        "Is in this race as withdrawn: settle that on the entry first.",
    ]


def test_our_own_download_is_already_there(browser, race, manager, sign_in):
    text = 'First name,Last name,Email,Phone,Sex,Notes\nAled,Rhys,a@mail.example,+44 7700 900123,M,"\'=later"\n'
    commit(browser, check(browser, upload(browser, text), race=race.pk))
    columns = "&columns=".join(["reference", "bib", "name", "email", "phone", "gender", "race", "notes"])
    download = browser.get(f"/o/fellgate/entries/export/?columns={columns}")
    again = check(browser, upload(browser, b"".join(download.streaming_content)))
    assert piles(again) == (0, 0, 1, 0)


def test_an_entry_is_found_by_our_reference_whatever_its_name_became(browser, race):
    commit(browser, check(browser, upload(browser, CLUB), race=race.pk))
    entry = Entry.objects.get(last_name="ap Rhys")
    text = f"Reference,First name,Last name\n{entry.reference},Aled,Prys\n"
    imported = commit(browser, check(browser, upload(browser, text), race=race.pk))
    entry.refresh_from_db()
    assert (imported.updated, entry.last_name) == (1, "Prys")


def test_what_changed_after_the_check_is_left_alone(browser, race, listing):
    imported = check(browser, upload(browser, HEXLEY), race=listing.race_id)
    make_entry(listing, "Aled", "Rhys", email="aled@mail.example")
    imported = commit(browser, imported)
    assert (imported.created, imported.left) == (1, 1)
    assert Entry.objects.filter(last_name="Rhys").count() == 1


def test_the_result_file_has_every_row_and_no_formula(browser, race):
    imported = check(browser, upload(browser, "First name,Last name\nAled,Rhys\n=HYPERLINK(1),Prys\n"), race=race.pk)
    text = b"".join(browser.get(f"{IMPORTS}{imported.pk}/result/").streaming_content).decode()
    assert text.splitlines()[1:] == [
        "2,Aled Rhys,Hexley 10K,Create,,,",
        '3,\'=HYPERLINK(1) Prys,,Cannot,,"First name holds a formula, not a value.",',
    ]


def test_medical_columns_are_for_those_who_may_see_them(browser, race, manager):
    text = "First name,Last name,Medical\nAled,Rhys,asthma\n"
    imported = upload(browser, text)
    page = browser.get(f"{IMPORTS}{imported.pk}/columns/").text
    assert "asthma" not in page
    assert "Medical and emergency columns are left out" in page
    refused = browser.post(f"{IMPORTS}{imported.pk}/columns/", {**columns_of(browser, imported), "c2": "medical"})
    assert refused.status_code == 422
    Membership.objects.filter(user=manager).update(sensitive_until=timezone.now() + timedelta(days=1))
    assert columns_of(browser, imported)["c2"] == "medical"
    commit(browser, check(browser, imported, race=race.pk))
    assert Entry.objects.get().medical == "asthma"


def test_what_is_missing_on_the_columns_page_is_said_beside_it(browser, listing):
    imported = upload(browser, "Name,Club,Team\nAled Rhys,A,B\n")
    told = {**columns_of(browser, imported), "c0": "", "c2": "club"}
    page = browser.post(f"{IMPORTS}{imported.pk}/columns/", told).text
    assert "Choose the race" in page
    assert "“Club” is matched to this already" in page
    assert "Match the columns of first and last name" in page
    told = {**columns_of(browser, imported), "race": listing.race_id, "destination": listing.pk}
    assert "eventrac needs “E-mail”" in browser.post(f"{IMPORTS}{imported.pk}/columns/", told).text


@pytest.mark.parametrize("written", ["Síle,O'Brien", "Si\u0301le,O’Brien", "SÍLE,O‘BRIEN"])
def test_a_name_is_the_same_however_its_apostrophe_and_its_accent_were_typed(browser, listing, written):
    make_entry(listing, "Síle", "O’Brien", email="sile@mail.example", birth_date=date(1989, 3, 14))
    text = f"First name,Last name,Email,Date of birth\n{written},sile@mail.example,14/03/1989\n"
    imported = check(browser, upload(browser, text), race=listing.race_id)
    assert piles(imported) == (0, 0, 1, 0)


@pytest.mark.parametrize("held", ["Smith-Jones", "Smith Jones", "Smith–Jones"])
@pytest.mark.parametrize("written", ["Smith-Jones", "Smith Jones", "SMITH—JONES"])
def test_a_double_name_is_one_person_with_a_hyphen_or_a_space(browser, listing, held, written):
    make_entry(listing, "Anne-Marie", held, email="anne@mail.example", birth_date=date(1989, 3, 14))
    text = f"First name,Last name,Email,Date of birth\nAnne-Marie,{written},anne@mail.example,14/03/1989\n"
    imported = check(browser, upload(browser, text), race=listing.race_id)
    gains = held == "Smith Jones" and written != "Smith Jones"
    assert piles(imported) == ((0, 1, 0, 0) if gains else (0, 0, 1, 0))


def test_a_double_name_of_a_row_above_is_not_taken_again(browser, race):
    row = "Anne Marie,Smith Jones,anne@mail.example\n"
    text = f"First name,Last name,Email\n{row.replace(' ', '-')}{row}"
    imported = check(browser, upload(browser, text), race=race.pk)
    assert piles(imported) == (1, 0, 0, 1)
    assert reasons(imported) == ["The same person as in row 2."]


def test_a_file_that_has_lost_the_accents_takes_none_away(browser, listing):
    make_entry(listing, "Síle", "Łódź", email="sile@mail.example", birth_date=date(1989, 3, 14), club="Ógra")
    text = "First name,Last name,Email,Date of birth,Club\nSile,Lodz,sile@mail.example,14/03/1989,Hexley\n"
    imported = check(browser, upload(browser, text), race=listing.race_id)
    assert (piles(imported), imported.rows.get().reason) == ((0, 1, 0, 0), "Club")
    mended = text.replace("Sile", "Sìle")
    imported = check(browser, upload(browser, mended), race=listing.race_id)
    assert imported.rows.get().reason == "First name, Club"
