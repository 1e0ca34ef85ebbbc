"""A club's list, imported twice, by hand in a browser; every state of it under axe."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, PHONE, SLOW, TOO_WIDE, Demo, Open, comes_with_time, faults_found_by_axe

pytestmark = pytest.mark.journey

IMPORTS = "/o/fellgate/entries/imports/"
CLUB = (
    "Forename;Surname;D.O.B.;Sex;E-mail address;Running club\r\n"
    "Zoë;Ffoulkes;14/03/1989;F;zoe.ffoulkes@mail.example;Fellgate Harriers\r\n"
    "Tomos;Llywarch;02/11/1975;M;tomos.llywarch@mail.example;Fellgate Harriers\r\n"
    "Ned;Nodate;31/02/1990;M;ned@mail.example;Fellgate Harriers\r\n"
)


@pytest.fixture
def club(tmp_path: Path) -> Path:
    file = tmp_path / "fellgate-harriers.csv"
    file.write_bytes(CLUB.encode("cp1252"))
    return file


def look(page: Page) -> None:
    """Nothing wider than the screen on a phone and on a desk, and nothing to object to."""
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        assert page.evaluate(TOO_WIDE) == []
    assert faults_found_by_axe(page) == []


def upload(page: Page, file: Path) -> None:
    page.locator("#id_file").set_input_files(file)
    page.get_by_role("button", name="Upload and look").click()
    page.wait_for_url("**/columns/")


def test_a_club_s_file_is_imported_twice_and_undone(synced: Demo, open_page: Open, club: Path) -> None:
    page = open_page("/o/fellgate/entries/")
    page.get_by_role("link", name="Import").click()
    expect(page.get_by_role("heading", name="Import entries")).to_be_visible()
    look(page)
    upload(page, club)
    expect(page.get_by_text("3 rows, read as Windows-1252, semicolons.")).to_be_visible()
    expect(page.get_by_label("Surname")).to_have_value("last_name")
    races = page.get_by_label("Race", exact=True)
    name = next(text for text in races.locator("option").all_inner_texts() if re.match("Hexley 10K.*eventrac", text))
    races.select_option(label=name)
    expect(page.get_by_role("radio", name="Only here")).to_be_checked()
    look(page)
    page.get_by_role("button", name="Check all 3 rows").click()
    expect(page.get_by_text("2 new entries kept only here")).to_be_visible(timeout=SLOW)
    look(page)
    page.get_by_role("link", name="Cannot 1").click()
    expect(page.get_by_text("“31/02/1990” is no date, read as day/month/year.")).to_be_visible()
    page.get_by_role("button", name="Create 2").click()
    expect(page.get_by_text("2 created, 0 updated.", exact=True)).to_be_visible(timeout=SLOW)
    look(page)
    first = page.url

    page.goto(f"{synced.url}{IMPORTS}")
    upload(page, club)
    expect(page.get_by_label("Race", exact=True).locator("option:checked")).to_have_text(name)
    page.get_by_role("button", name="Check all 3 rows").click()
    expect(page.get_by_text("Nothing to import")).to_be_visible(timeout=SLOW)
    expect(page.locator("#import").get_by_text("2 already there, 1 cannot be taken")).to_be_visible()

    page.goto(first)
    page.get_by_role("button", name="Undo all of it").click()
    expect(page.get_by_text("2 of 2 are as before.", exact=True)).to_be_visible(timeout=SLOW)
    look(page)
    page.goto(f"{synced.url}/o/fellgate/entries/?q=llywarch")
    expect(page.get_by_text("Nobody matches")).to_be_visible()


def test_a_file_is_imported_without_script(synced: Demo, open_page: Open, tmp_path: Path) -> None:
    file = tmp_path / "one.csv"
    file.write_text("First name,Last name,Email\nGwen,Nosgript,gwen@mail.example\n")
    page = open_page(IMPORTS, script=False)
    upload(page, file)
    page.get_by_label("Race", exact=True).select_option(index=2)
    page.get_by_role("button", name="Show where entries of this race can go").click()
    expect(page.get_by_role("radio", name="Only here")).to_be_checked()
    page.get_by_role("button", name="Check the row").click()
    create = page.get_by_role("button", name="Create 1")
    comes_with_time(page, create)
    create.click()
    comes_with_time(page, page.get_by_text("1 created, 0 updated."))
