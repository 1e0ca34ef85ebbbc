"""A club's list, imported: matched, tried, committed, once more, undone and forgotten."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from organiser_portal.events.models import Race
from organiser_portal.organisations.models import AuditRecord, Organisation, User
from organiser_portal.participants.erase import erase_traces
from organiser_portal.participants.imports import keeping
from organiser_portal.participants.models import Entry, Import, ImportChunk, ImportRow
from tests.factories import make_connection, make_entry, make_listing, make_race
from tests.participants.importing import CLUB, IMPORTS, check, columns_of, commit, piles, undo, upload

pytestmark = pytest.mark.portable


@pytest.fixture
def race(organisation: Organisation) -> Race:
    return make_race(organisation)


@pytest.fixture
def browser(manager: User, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(manager)


@pytest.mark.postgresql
def test_a_club_s_file_is_matched_by_its_headings_and_changes_nothing_before_one_says_so(browser, race):
    imported = upload(browser, CLUB)
    page = browser.get(f"{IMPORTS}{imported.pk}/columns/").text
    assert "2 rows, read as UTF-8, commas" in page
    assert "14/03/1989 · 02/11/1975" in page
    assert "Read as day/month/year: 1 of them can be nothing else" in page
    imported = check(browser, imported, race=race.pk)
    assert imported.mapping["D.O.B."] == "birth_date"
    assert piles(imported) == (2, 0, 0, 0)
    assert not Entry.objects.exists()
    page = browser.get(f"{IMPORTS}{imported.pk}/").text
    assert "2 new entries kept only here; no provider is told" in page
    assert "Create 2" in page


def test_dates_that_can_be_read_both_ways_are_asked_about_and_the_answer_is_not_called_optional(browser, race):
    imported = upload(browser, "First name,Last name,Date of birth\nAled,Rhys,02/11/1975\n")
    question = browser.get(f"{IMPORTS}{imported.pk}/columns/").text.split("Dates in this file", 1)[1]
    assert "optional" not in question.split("</legend>", 1)[0]
    commit(browser, check(browser, imported, race=race.pk, month_first="1"))
    assert Entry.objects.get().birth_date == date(1975, 2, 11)


@pytest.mark.postgresql
def test_what_is_committed_are_ordinary_entries_of_the_race(browser, race, manager):
    imported = commit(browser, check(browser, upload(browser, CLUB), race=race.pk))
    assert (imported.created, imported.state) == (2, "done")
    entry = Entry.objects.get(last_name="Breathnach")
    assert (entry.race, entry.birth_date, entry.gender) == (race, date(1989, 3, 14), "f")
    assert (entry.origin, entry.connection, entry.created_by) == ("staff", None, manager)
    assert entry.revisions.get().summary == f"Imported, batch {imported.pk}"
    assert AuditRecord.objects.filter(action="entries.import_started").exists()
    assert not ImportChunk.objects.exists()


def test_the_same_file_again_changes_nothing_and_proposes_what_was_chosen(browser, race):
    commit(browser, check(browser, upload(browser, CLUB), race=race.pk))
    again = upload(browser, CLUB)
    assert columns_of(browser, again)["race"] == str(race.pk)
    again = check(browser, again)
    assert piles(again) == (0, 0, 2, 0)
    assert "Nothing to do" in browser.get(f"{IMPORTS}{again.pk}/").text
    commit(browser, again)
    assert Entry.objects.count() == 2


def test_what_differs_is_updated_and_an_empty_cell_empties_nothing(browser, race):
    commit(browser, check(browser, upload(browser, CLUB), race=race.pk))
    text = "First name,Last name,Date of birth,Email,Club\nALED,AP RHYS,1975-11-02,,Hexley AC\n"
    imported = commit(browser, check(browser, upload(browser, text), race=race.pk))
    assert (piles(imported), imported.updated) == ((0, 1, 0, 0), 1)
    entry = Entry.objects.get(last_name="ap Rhys")
    assert (entry.club, entry.email, entry.first_name) == ("Hexley AC", "aled@mail.example", "Aled")
    undo(browser, imported)
    entry.refresh_from_db()
    assert entry.club == "Fellgate Harriers"


@pytest.mark.postgresql
@pytest.mark.parametrize("field", ["wave", "email"])
def test_a_row_whose_entry_was_changed_since_the_check_is_left_alone(browser, race, field):
    entry = make_entry(
        make_listing(make_connection(race.organisation), race=race), "Ann", "Ash", email="ann@mail.example"
    )
    file = "First name,Last name,Email,Wave\nAnn,Ash,ann@mail.example,B\n"
    imported = check(browser, upload(browser, file), race=race.pk)
    assert piles(imported) == (0, 1, 0, 0)
    Entry.objects.update(**{field: "c@mail.example"})
    imported = commit(browser, imported)
    assert (imported.updated, imported.left) == (0, 1)
    assert imported.rows.get().reason == "Somebody has added or changed it meanwhile."
    entry.refresh_from_db()
    assert getattr(entry, field) == "c@mail.example"


def test_undo_takes_away_what_was_created_unless_somebody_worked_on_it(browser, race):
    imported = commit(browser, check(browser, upload(browser, CLUB), race=race.pk))
    worked_on = Entry.objects.get(last_name="ap Rhys")
    browser.post(f"/o/fellgate/entries/{worked_on.pk}/notes/", {"notes": "rang"})
    imported = undo(browser, imported)
    assert (imported.undone, imported.kept) == (1, 1)
    assert list(Entry.objects.all()) == [worked_on]
    assert "1 of 2 are as before. 1 stays as imported" in browser.get(f"{IMPORTS}{imported.pk}/").text


@pytest.mark.postgresql
def test_a_file_that_cannot_be_read_is_not_kept(browser):
    response = browser.post(IMPORTS, {"file": SimpleUploadedFile("club.xls", b"\xd0\xcf\x11\xe0" * 4)})
    assert response.status_code == 422
    assert "an old .xls file" in response.text
    assert not Import.objects.exists()


@pytest.mark.postgresql
def test_a_file_is_forgotten_at_once_or_after_a_week(browser, race):
    browser.post(f"{IMPORTS}{upload(browser, CLUB).pk}/drop/")
    assert not ImportChunk.objects.exists()
    done = commit(browser, check(browser, upload(browser, CLUB), race=race.pk))
    waiting = upload(browser, CLUB)
    keeping.forget(timezone.now())
    assert Import.objects.filter(pk=waiting.pk).exists()
    keeping.forget(timezone.now() + timedelta(days=8))
    assert list(Import.objects.all()) == [done]
    assert not ImportRow.objects.exclude(name="", email="", birth_date=None).exists()
    assert browser.get(f"{IMPORTS}{done.pk}/").status_code == 200


def test_a_download_of_what_came_of_it_is_in_the_audit_trail(browser, manager, race):
    imported = check(browser, upload(browser, CLUB), race=race.pk)
    file = b"".join(browser.get(f"{IMPORTS}{imported.pk}/result/").streaming_content).decode()
    assert "Siobhán Breathnach" in file
    record = AuditRecord.objects.get(action="entries.import_downloaded")
    assert (record.actor, record.subject, record.detail["batch"]) == (manager, "2 rows", imported.pk)
    assert (
        f"downloaded what came of the import of 2 rows, batch {imported.pk}" in browser.get("/o/fellgate/audit/").text
    )


def test_a_person_whom_a_provider_erases_is_erased_from_the_import_too(browser, organisation):
    listing = make_listing(make_connection(organisation, "letsdothis"))
    entry = make_entry(listing, "Aled", "Rhys", email="aled@mail.example", club="Fellgate Harriers")
    text = "First name,Last name,Email,Club\nAled,Rhys,aled@mail.example,Hexley AC\n"
    imported = commit(browser, check(browser, upload(browser, text), race=listing.race_id))
    erase_traces(entry.connection, [entry.external_id])
    row = imported.rows.get()
    assert (row.name, row.email, row.sort_name, row.before, row.after) == ("", "", "", {}, {})


def test_the_list_offers_it_to_those_who_may(browser, editor, sign_in):
    assert IMPORTS in browser.get("/o/fellgate/entries/").text
    assert IMPORTS not in sign_in(editor).get("/o/fellgate/entries/").text
