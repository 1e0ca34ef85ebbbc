"""The main job, as a race director does it: by hand, in a browser, against providers that answer over HTTP."""

import csv
import io
import re

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Demo, Open

pytestmark = pytest.mark.journey

SLOW = 20_000  # milliseconds: a worker has to pick it up, send it, and the page has to look again


def choose_race(page: Page, name: str) -> None:
    races = page.get_by_label("Race", exact=True)
    wanted = next(
        text for text in races.locator("option").all_inner_texts() if text.startswith(name) and "eventrac" in text
    )
    races.select_option(label=wanted)
    expect(page.get_by_text("What this race asks")).to_be_visible()


def fill_person(page: Page, first: str, last: str, email: str) -> None:
    page.get_by_label("First name").fill(first)
    page.get_by_label("Last name").fill(last)
    page.get_by_label(re.compile("^E-mail")).fill(email)
    page.get_by_label(re.compile("^Predicted finish")).fill("52")


def test_a_runner_is_found_by_any_fragment_while_typing(synced: Demo, open_page: Open) -> None:
    page = open_page("/o/fellgate/entries/")
    before = page.locator("#entry-table tbody tr").count()
    page.get_by_role("searchbox").last.press_sequentially("kowalczyk", delay=20)
    expect(page.locator("#entry-table")).not_to_contain_text("Adeyemi")
    found = page.locator("#entry-table tbody tr")
    assert 0 < found.count() < before
    assert all("Kowalczyk" in row for row in found.all_inner_texts())
    assert "kowalczyk" in page.url


def test_what_is_filtered_is_what_is_downloaded(synced: Demo, open_page: Open) -> None:
    page = open_page("/o/fellgate/entries/?q=adeyemi&sort=-name&columns=bib&columns=name&columns=race")
    names = [row.split("\t") for row in page.locator("#entry-table tbody tr").all_inner_texts()]
    page.locator("summary", has_text="Download").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV", exact=True).click()
    with open(download.value.path(), encoding="utf-8", newline="") as file:
        text = file.read()
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["Bib", "First name", "Last name", "Race"]
    assert len(rows) - 1 == len(names)
    assert {row[2] for row in rows[1:]} == {"Adeyemi"}
    assert "\r\n" in text


def test_an_entry_is_added_and_arrives_at_the_provider_once(synced: Demo, open_page: Open) -> None:
    page = open_page("/o/fellgate/entries/add/")
    expect(page.locator("label[for=id_email]")).to_contain_text("optional")
    choose_race(page, "Hexley 10K")
    expect(page.locator("label[for=id_email]")).not_to_contain_text("optional")  # where it goes now needs one
    fill_person(page, "Zoë", "Nídhomhnaill", "zoe@mail.example")
    page.get_by_role("button", name="Save the entry").click()
    expect(page.locator("#entry-stands").get_by_text("as number")).to_be_visible(timeout=SLOW)
    expect(page.locator("#entry-source")).not_to_contain_text("Not yet at")
    calls = httpx.get(f"{synced.sandbox}/_control/log", params={"method": "POST"}).json()
    added = [call for call in calls if "zoe@mail.example" in str(call)]
    assert [call["status"] for call in added] == [200]


def test_a_refused_entry_says_why_on_its_field_and_is_mended(synced: Demo, open_page: Open) -> None:
    page = open_page("/o/fellgate/entries/add/")
    choose_race(page, "Hexley 10K")
    fill_person(page, "Niamh", "Byrne", "niamh@mail.example")
    page.get_by_label(re.compile("^Bib")).fill("0417")
    page.get_by_role("button", name="Save the entry").click()
    expect(page.locator("#entry-stands").get_by_text("as number")).to_be_visible(timeout=SLOW)
    page.get_by_role("link", name="Edit").click()
    page.get_by_label(re.compile("^E-mail")).fill("niamh@mail")
    page.get_by_role("button", name=re.compile("^Save")).click()
    # Either the portal or the provider objects; both say it beside the field and keep what was typed.
    expect(page.get_by_label(re.compile("^E-mail"))).to_have_value("niamh@mail", timeout=SLOW)
    expect(page.locator(".invalid-feedback, .field-error, [aria-invalid=true]").first).to_be_visible()
    page.get_by_label(re.compile("^E-mail")).fill("niamh.byrne@mail.example")
    page.get_by_role("button", name=re.compile("^Save")).click()
    expect(page.get_by_text("niamh.byrne@mail.example").first).to_be_visible(timeout=SLOW)


def test_an_entry_that_cannot_be_edited_there_is_corrected_here(synced: Demo, open_page: Open) -> None:
    page = open_page("/o/fellgate/entries/?q=kowalczyk")
    page.locator("#entry-table a.person").first.click()
    page.get_by_role("link", name="Edit").click()
    expect(page.get_by_text("your change is kept here").first).to_be_visible()
    page.get_by_label(re.compile("^Town")).fill("Corbury")
    page.get_by_role("button", name=re.compile("^Save")).click()
    expect(page.get_by_text("Corbury").first).to_be_visible()
    expect(page.locator(".ours").first).to_be_visible()


def test_a_wrong_key_is_told_from_a_wrong_organiser(synced: Demo, open_page: Open) -> None:
    page = open_page("/o/fellgate/connections/1/edit/")
    page.get_by_label("Organiser ID").fill("999999")
    page.get_by_role("button", name=re.compile("^Save")).click()
    expect(page.get_by_text(re.compile("organiser ID", re.IGNORECASE)).first).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("Needs attention").first).to_be_visible(timeout=SLOW)
    page.goto(f"{synced.url}/o/fellgate/connections/1/edit/")
    page.get_by_label("Organiser ID").fill("20417")
    page.get_by_role("button", name=re.compile("^Save")).click()
    expect(page.get_by_text("Working").first).to_be_visible(timeout=SLOW)


def test_the_list_works_without_scripts(synced: Demo, open_page: Open) -> None:
    page = open_page("/o/fellgate/entries/", script=False)
    page.get_by_role("searchbox").last.fill("adeyemi")
    page.get_by_role("searchbox").last.press("Enter")
    assert "q=adeyemi" in page.url
    assert all("Adeyemi" in row for row in page.locator("#entry-table tbody tr").all_inner_texts())
    page.goto(f"{synced.url}/o/fellgate/entries/")
    page.get_by_role("link", name="Next").click()
    assert page.locator("#entry-table tbody tr").count() == 50
