"""Stories of an organiser's day, by hand, in a browser, against providers that answer over HTTP.

The five of them that matter most are gone through at a desk by night and on a phone by day, where `test_every_page` has
it the other way round; at each turn axe looks at what is on the screen, and it has to fit.
"""

import csv
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from providers.sandbox import DEMO_KEYS, DEMO_SETTINGS
from tests.journeys.conftest import SLOW, Demo, Open, look_at
from tests.journeys.elsewhere import fails, happens, posted, works_again

pytestmark = pytest.mark.journey

HOME, ENTRIES = "/o/fellgate/", "/o/fellgate/entries/"


@pytest.fixture(params=["desk", "phone"])
def look(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def open_as(open_page: Open, path: str, look: str) -> Page:
    return open_page(path, phone=look == "phone", dark=look == "desk")


def sell(demo: Demo, race_id: int, count: int) -> None:
    """So many places of a race go through other channels; fewer than none come back."""
    happens(demo, "eventrac", "sell", count=count, race_id=race_id)


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


def test_1_anybody_is_found_by_any_fragment_in_one_list(synced: Demo, open_page: Open, look: str) -> None:
    page = open_as(open_page, ENTRIES, look)
    rows = page.locator("#entry-table tbody tr")
    expect(rows).to_have_count(50)
    page.get_by_role("searchbox").last.press_sequentially("walcz")
    expect(rows.filter(has_text="Kowalczyk").nth(1)).to_be_visible()
    expect(rows.filter(has_not_text="Kowalczyk")).to_have_count(0)
    expect(page).to_have_url(re.compile("walcz"))
    expect(rows.filter(has_not=page.locator(".mark:visible"))).to_have_count(0)  # each says which platform it is from
    look_at(page)
    person = rows.first.locator("a.person")
    name = person.inner_text()
    person.click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()  # beside the list, or on a phone instead of it
    look_at(page)

    page.goto(f"{synced.url}/o/fellgate/races/")
    page.locator("[data-palette]:visible").click()
    page.locator("#palette-q").fill(name)
    expect(page.locator("#palette [role=option]").first).to_contain_text(name)
    look_at(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def test_2_one_knows_how_old_it_is_and_what_cannot_be_seen(synced: Demo, open_page: Open, look: str) -> None:
    page = open_as(open_page, HOME, look)
    strip = page.get_by_role("list", name=re.compile("^How old each source is"))
    expect(strip.get_by_role("listitem")).to_have_count(4)
    expect(strip.get_by_role("listitem").filter(has_text="eventrac")).to_contain_text(
        re.compile(r"Says \d+ entered, we can see \d+")
    )
    expect(strip.get_by_role("listitem").filter(has_text="Let's Do This")).to_contain_text(
        re.compile(r"just now|\d+ (s|min)")
    )
    look_at(page)
    page.goto(f"{synced.url}{ENTRIES}")
    line = page.locator("#freshness-line")
    expect(line).to_contain_text(re.compile(r"eventrac says \d+ entered, we can see \d+"))
    expect(line).not_to_contain_text("Trackier")  # it has no entries
    strip_of_list = page.get_by_role("group", name="How old each source is")
    strip_of_list.get_by_role("link", name=re.compile("^eventrac")).click()
    expect(page.get_by_text("eventrac cannot list participants").first).to_be_visible()
    look_at(page)


def test_5_an_entry_goes_through_once_the_provider_is_back(
    synced: Demo, open_page: Open, look: str, mended_afterwards: None
) -> None:
    email, before = f"zoe.{look}@mail.example", len(posted(synced))
    page = open_as(open_page, "/o/fellgate/entries/add/", look)
    expect(page.locator("label[for=id_email]")).to_contain_text("optional")
    choose_race(page, "Hexley 10K")
    expect(page.locator("label[for=id_email]")).not_to_contain_text("optional")  # where it goes now needs one
    fill_person(page, "Zoë", "Nídhomhnaill", email)
    look_at(page)
    fails(synced, "eventrac:status=503,method=POST,times=forever")
    page.get_by_role("button", name="Save the entry").click()
    expect(page.locator("#entry-stands")).to_contain_text("No answer came from eventrac", timeout=SLOW)
    expect(page.locator("#entry-source")).to_contain_text("Perhaps at eventrac")
    look_at(page)
    works_again(synced)
    entry = page.url
    page.goto(f"{synced.url}/o/fellgate/sync/outbound/")
    look_at(page)
    with page.expect_response(lambda answer: answer.request.method == "POST"):  # going on would take it back
        page.get_by_role("row").filter(has_text="Nídhomhnaill").first.get_by_role(
            "button", name=re.compile("^Try now")
        ).click()
    page.goto(entry)
    expect(page.locator("#entry-stands").get_by_text("as number")).to_be_visible(timeout=SLOW)
    answers = [call["status"] for call in posted(synced)[before:] if email in str(call)]
    assert set(answers) == {200, 503}
    assert answers.count(200) == 1, "it was added once"


def test_5_a_refusal_says_exactly_why_and_is_mended(synced: Demo, open_page: Open, look: str, open_race: int) -> None:
    page = open_as(open_page, "/o/fellgate/entries/add/", look)
    choose_race(page, "Hexley 10K")
    fill_person(page, "Niamh", "Byrne", f"niamh.{look}@mail.example")
    page.get_by_label(re.compile("^Bib")).fill("0417")
    expect(page.locator("label[for=id_email]")).not_to_contain_text("optional")  # where it goes now needs one
    sell(synced, open_race, 9_999)  # not sooner: once the portal has heard of it, nothing is sent there
    page.get_by_role("button", name="Save the entry").click()
    expect(page.locator("#entry-stands").get_by_text("This race is full")).to_be_visible(timeout=SLOW)
    look_at(page)
    sell(synced, open_race, -3)
    page.get_by_role("link", name="Fix it").click()
    expect(page.get_by_text("This race is full").first).to_be_visible()
    expect(page.get_by_label("First name")).to_have_value("Niamh")
    look_at(page)
    page.get_by_role("button", name=re.compile("^Save")).click()
    expect(page.locator("#entry-stands").get_by_text("as number")).to_be_visible(timeout=SLOW)


@pytest.fixture
def open_race(synced: Demo, open_page: Open) -> Iterator[int]:
    """eventrac's number of the Hexley 10K; whatever was sold of it, afterwards there is room again."""
    page = open_page("/o/fellgate/races/?q=Hexley+10K&provider=eventrac")
    page.locator("#race-table a.name").first.click()
    expect(page.locator("main")).to_contain_text(re.compile(r"eventrac, race \d+"))
    said = re.search(r"eventrac, race (\d+)", page.locator("main").inner_text())
    assert said is not None
    race_id = int(said[1])
    yield race_id
    sell(synced, race_id, -20)


def test_7_a_view_is_kept_for_the_team_and_the_file_is_what_one_sees(synced: Demo, open_page: Open, look: str) -> None:
    name = f"Adeyemis, {look}"
    page = open_as(open_page, f"{ENTRIES}?q=adeyemi&sort=-name&columns=bib&columns=name&columns=race", look)
    page.locator("#views-menu-entries").click()
    look_at(page)
    page.locator("#keep-name").fill(name)
    page.get_by_label("Share it with the team").check()
    page.get_by_role("button", name="Save view").click()
    tab = page.get_by_role("navigation", name="Saved views").get_by_role("link", name=name)
    expect(tab).to_have_attribute("aria-current", "page")
    page.wait_for_load_state()  # the list stands below the tabs
    shown = page.locator("#entry-table tbody a.person").all_inner_texts()
    page.locator("#entry-download-menu").click()
    look_at(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV", exact=True).click()
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["Bib", "First name", "Last name", "Race"]
    assert [" ".join(row[1:3]) for row in rows[1:]] == shown
    other = open_as(open_page, tab.get_attribute("href") or "", look)
    expect(other.locator("#entry-table tbody a.person")).to_have_text(shown)
    other.locator("#views-menu-entries").click()
    other.get_by_role("button", name="Remove").click()


def test_10_a_key_is_tested_changed_and_never_shown(synced: Demo, open_page: Open, look: str, whole_key: None) -> None:
    page = open_as(open_page, "/o/fellgate/connections/1/edit/", look)
    expect(page.get_by_label("API key")).to_have_value("")
    page.get_by_label("API key").fill("wrong-key-of-nobody")
    look_at(page)
    save_and_test(page)
    expect(page.get_by_text("Needs attention").first).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("eventrac does not accept the key").first).to_be_visible()
    assert "wrong-key-of-nobody" not in page.content()
    look_at(page)
    page.goto(f"{synced.url}/o/fellgate/connections/1/edit/")
    page.get_by_label("API key").fill(DEMO_KEYS["eventrac"])
    page.get_by_label("Organiser ID").fill("999999")
    save_and_test(page)
    expect(page.get_by_text(re.compile("organiser ID", re.IGNORECASE)).first).to_be_visible(timeout=SLOW)
    page.goto(f"{synced.url}/o/fellgate/connections/1/edit/")
    page.get_by_label("Organiser ID").fill(DEMO_SETTINGS["eventrac"]["organiser_id"])
    save_and_test(page)
    expect(page.get_by_text("Working").first).to_be_visible(timeout=SLOW)
    expect(page.get_by_text(re.compile("Set, last changed"))).to_be_visible()
    assert DEMO_KEYS["eventrac"] not in page.content()
    look_at(page)


def save_and_test(page: Page) -> None:
    page.get_by_role("button", name="Save and test").click()
    page.wait_for_url(re.compile(r"/connections/1/$"))


@pytest.fixture
def whole_key(synced: Demo, open_page: Open) -> Iterator[None]:
    """Whatever becomes of the story, the others find a connection that works."""
    yield
    page = open_page("/o/fellgate/connections/1/")
    if not page.get_by_text("Working").count():
        page.goto(f"{synced.url}/o/fellgate/connections/1/edit/")
        page.get_by_label("API key").fill(DEMO_KEYS["eventrac"])
        page.get_by_label("Organiser ID").fill(DEMO_SETTINGS["eventrac"]["organiser_id"])
        save_and_test(page)


def test_an_entry_that_cannot_be_edited_there_is_corrected_here(synced: Demo, open_page: Open) -> None:
    page = open_page(f"{ENTRIES}?q=kowalczyk")
    page.locator("#entry-table a.person").first.click()
    panel = page.locator("#panel")
    panel.get_by_role("link", name="Edit").click()
    expect(panel.get_by_text("your change is kept here").first).to_be_visible()
    panel.get_by_label(re.compile("^Town")).fill("Corbury")
    panel.get_by_role("button", name=re.compile("^Save")).click()
    expect(panel.get_by_text("Corbury").first).to_be_visible()
    expect(panel.locator(".ours").first).to_be_visible()


def test_the_list_works_without_scripts(synced: Demo, open_page: Open) -> None:
    page = open_page(ENTRIES, script=False)
    page.get_by_role("searchbox").last.fill("adeyemi")
    page.get_by_role("searchbox").last.press("Enter")
    expect(page).to_have_url(re.compile("q=adeyemi"))
    rows = page.locator("#entry-table tbody tr")
    expect(rows.filter(has_text="Adeyemi").first).to_be_visible()
    expect(rows.filter(has_not_text="Adeyemi")).to_have_count(0)
    page.goto(f"{synced.url}{ENTRIES}")
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url(re.compile("after="))
    expect(rows).to_have_count(50)
